"""The rules that name a customer, cell by cell."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.purchases import classes
from app.purchases.classes import CustomerClass, Facts, PurchaseType, Segments, Thresholds
from app.purchases.segments_file import read_segments

LIMITS = Thresholds(high_amount=Decimal(7000), long_days=90, lapse_days=100, churn_days=240)
DAY = date(2026, 6, 1)


def facts(
    *, orders: int = 3, span: int = 10, amount: int = 1000, since: int = 5, cancelled_after: int | None = None
) -> Facts:
    last = DAY - timedelta(days=since)
    return Facts(
        orders=orders,
        first_order_on=last - timedelta(days=span),
        last_order_on=last,
        amount=Decimal(amount),
        days_since_last=since,
        cancelled_on=None if cancelled_after is None else last + timedelta(days=cancelled_after),
    )


@pytest.mark.parametrize(
    ("orders", "span", "amount", "name"),
    [
        (1, 0, 1, PurchaseType.FIRST_TIME),
        (1, 0, 99_999, PurchaseType.FIRST_TIME),
        (2, 89, 6999, PurchaseType.BUDDING),
        (2, 89, 7000, PurchaseType.TREND),
        (2, 90, 6999, PurchaseType.REPEAT),
        (2, 90, 7000, PurchaseType.FAN),
    ],
)
def test_every_cell_has_one_name(orders: int, span: int, amount: int, name: PurchaseType) -> None:
    assert classes.purchase_type(facts(orders=orders, span=span, amount=amount), LIMITS) is name


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (facts(since=241), CustomerClass.CHURNED),
        (facts(since=240), CustomerClass.LAPSED),
        (facts(since=101), CustomerClass.LAPSED),
        (facts(since=100), CustomerClass.ACTIVE),
        (facts(orders=1, span=0), CustomerClass.NEW),
        (facts(orders=1, span=0, since=101), CustomerClass.LAPSED),
        (facts(span=200, amount=8000), CustomerClass.LOYAL),
        (facts(span=20, amount=8000), CustomerClass.ACTIVE),
        (facts(cancelled_after=0), CustomerClass.CHURNED),
        (facts(cancelled_after=3), CustomerClass.CHURNED),
        (facts(cancelled_after=-1), CustomerClass.ACTIVE),
    ],
)
def test_the_first_class_that_fits(made: Facts, name: CustomerClass) -> None:
    assert classes.customer_class(made, LIMITS) is name


@pytest.mark.parametrize(
    ("gap", "lapse", "churn"), [(10.0, 60, 240), (130.0, 130, 260), (400.0, 240, 480), (None, 240, 480)]
)
def test_lapse_stays_between_its_bounds_and_churn_above_twice_lapse(gap: float | None, lapse: int, churn: int) -> None:
    limits = classes.thresholds(Segments(), p90_gap=gap, total=Decimal(3000), orders=3)
    assert (limits.lapse_days, limits.churn_days, limits.high_amount) == (lapse, churn, Decimal(7000))


@pytest.mark.parametrize(
    ("days", "band"), [(0, "30"), (30, "30"), (31, "60"), (60, "60"), (90, "90"), (120, "120"), (121, "over")]
)
def test_elapsed_bands(days: int, band: str) -> None:
    assert classes.elapsed_band(days) == band


def test_count_bands() -> None:
    assert [classes.count_band(n) for n in (1, 2, 3, 4, 99)] == ["1", "2", "3", "4+", "4+"]


def test_the_shipped_numbers_are_those_of_the_terms() -> None:
    assert read_segments() == Segments()
