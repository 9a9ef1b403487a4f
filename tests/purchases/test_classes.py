"""The rules that name a customer, cell by cell."""

from datetime import date, timedelta
from decimal import Decimal

import duckdb
import ibis
import pytest

from app.purchases import classes
from app.purchases.classes import CustomerClass, PurchaseType, Segments
from app.purchases.figures import rules
from app.purchases.segments_file import read_segments

LIMITS = {"high_amount": Decimal(7000), "long_days": 90, "lapse_days": 100, "churn_days": 240}
DAY = date(2026, 6, 1)
SCHEMA = {
    "orders": "int64", "first_order_on": "date", "last_order_on": "date", "amount": "decimal(18, 4)",
    "days_since_last": "int64", "cancelled_on": "date", "high_amount": "decimal(18, 4)", "long_days": "int64",
    "lapse_days": "int64", "churn_days": "int64",
}  # fmt: skip
Facts = dict[str, object]


def facts(
    *, orders: int = 3, span: int = 10, amount: int = 1000, since: int = 5, cancelled_after: int | None = None
) -> Facts:
    last = DAY - timedelta(days=since)
    return LIMITS | {
        "orders": orders,
        "first_order_on": last - timedelta(days=span),
        "last_order_on": last,
        "amount": Decimal(amount),
        "days_since_last": since,
        "cancelled_on": None if cancelled_after is None else last + timedelta(days=cancelled_after),
    }


def named(made: Facts) -> tuple[PurchaseType, CustomerClass]:
    """Return the two names of a customer, said by the rules in SQL."""
    columns = ", ".join(f"CAST(${name} AS {kind}) AS {name}" for name, kind in SCHEMA.items())
    row = ibis.table(SCHEMA, name="person")
    row = row.mutate(purchase_type=rules.purchase_type(row))
    asked = ibis.to_sql(row.select("purchase_type", customer_class=rules.customer_class(row)), dialect="duckdb")
    found = duckdb.execute(f"WITH person AS (SELECT {columns}) {asked}", made).fetchone()
    assert found is not None
    return PurchaseType(found[0]), CustomerClass(found[1])


def value_of(expression: object) -> object:
    found = duckdb.execute(ibis.to_sql(expression, dialect="duckdb")).fetchone()
    assert found is not None
    return found[0]


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
    assert named(facts(orders=orders, span=span, amount=amount))[0] is name


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
    assert named(made)[1] is name


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
    assert value_of(rules.elapsed_band(ibis.literal(days))) == band


def test_count_bands() -> None:
    assert [value_of(rules.count_band(ibis.literal(n))) for n in (1, 2, 3, 4, 99)] == ["1", "2", "3", "4+", "4+"]


def test_the_shipped_numbers_are_those_of_the_terms() -> None:
    assert read_segments() == Segments()


@pytest.mark.parametrize(
    ("counts", "value"),
    [
        ([], None),
        ([(5, 1)], 5),
        ([(1, 9), (11, 1)], 2),
        ([(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)], 4.6),
        ([(7, 100)], 7),
    ],
)
def test_the_gap_at_a_share_lies_between_two_gaps_in_proportion(
    counts: list[tuple[int, int]], value: float | None
) -> None:
    found = classes.quantile(counts, 0.9)
    assert found == (None if value is None else pytest.approx(value))
