from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from app.purchases.files.values.numbers import MONEY
from app.purchases.files.values.tax import rate_of, with_tax

TODAY = date(2026, 1, 2)


def taxed(amount: str | None, rate: str | None = "", day: date | None = TODAY, currency: str = "JPY") -> Decimal | None:
    amounts = pa.array([None if amount is None else Decimal(amount)], MONEY)
    found: Decimal | None = with_tax(amounts, pa.array([rate], pa.string()), pa.array([day], pa.date32()), currency)[
        0
    ].as_py()
    return found


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("10", "10"),
        ("10%", "10"),
        ("１０％", "10"),
        ("10.00", "10"),
        ("0.1", "10"),
        ("0.08", "8"),
        ("8", "8"),
        ("軽減8%", "8"),
        ("8%(軽減)", "8"),
        ("8%（軽減税率）", "8"),
        ("標準税率10%", "10"),
        ("10%対象", "10"),
        ("0", "0"),
        ("非課税", "0"),
        ("", None),
        ("40", None),
        ("100", None),
        ("-10", None),
        ("税", None),
        ("10円", None),
    ],
)
def test_the_rate_a_cell_names(text: str, percent: str | None) -> None:
    assert rate_of(text) == (None if percent is None else Decimal(percent))


@pytest.mark.parametrize(
    ("amount", "rate", "expected"),
    [
        ("1000", "10", "1100"),
        ("1000", "8", "1080"),
        ("1005", "10", "1106"),  # 1105.5: half up
        ("-1005", "10", "-1106"),  # a return takes back what the sale brought
        ("1004", "10", "1104"),
        ("925.9259", "8", "1000"),
        ("0", "10", "0"),
        ("1000", "非課税", "1000"),
        ("99999999999999", "10", None),
        (None, "10", None),
    ],
)
def test_tax_is_added_in_whole_yen(amount: str | None, rate: str, expected: str | None) -> None:
    assert taxed(amount, rate) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(1989, 3, 31), 1000),
        (date(1989, 4, 1), 1030),
        (date(1997, 4, 1), 1050),
        (date(2014, 3, 31), 1050),
        (date(2014, 4, 1), 1080),
        (date(2019, 9, 30), 1080),
        (date(2019, 10, 1), 1100),
        (None, 1100),
    ],
)
@pytest.mark.parametrize("rate", ["", "?", None])
def test_without_a_rate_the_day_tells_it(day: date | None, rate: str | None, expected: int) -> None:
    assert taxed("1000", rate, day) == expected


def test_cents_stay_and_no_column_of_rates_is_needed() -> None:
    days = pa.array([0, None], pa.timestamp("us"))
    amounts = pa.array([Decimal("9.99"), Decimal("9.99")], MONEY)
    assert with_tax(amounts, None, days, "USD").to_pylist() == [Decimal("9.99"), Decimal("10.99")]
    assert taxed("9.99", "8", currency="USD") == Decimal("10.79")
    assert with_tax(amounts.slice(0, 0), None, days.slice(0, 0), "JPY").type == MONEY
