"""Money and quantities as shops write them; the fast way over a column must say what the slow way says."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st

from app.purchases.files.values.numbers import COUNTERS, MONEY, money, quantity, read_money, read_quantity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3960", "3960"),
        ("3960.0", "3960"),
        ("3960.00", "3960"),
        ("925.5", "925.5"),
        ("925.9259", "925.9259"),
        ("0", "0"),
        ("-0", "0"),
        ("¥3,960", "3960"),
        ("￥３，９６０", "3960"),
        ("\\3,960", "3960"),
        ("＼3,960", "3960"),
        ("3,960円", "3960"),
        ("3,960 円", "3960"),
        ("3,960 yen", "3960"),
        ("JPY 3,960", "3960"),
        ("3960 JPY", "3960"),
        ("JPY 3960", "3960"),
        (" 3960 ", "3960"),
        ("1,234,567,890", "1234567890"),
        ("(500)", "-500"),
        ("（500）", "-500"),
        ("(¥1,500)", "-1500"),
        ("¥(500)", "-500"),
        ("(500)円", "-500"),
        ("(500円)", "-500"),
        ("▲500", "-500"),
        ("△500", "-500"),
        ("−500", "-500"),
        ("－500", "-500"),
        ("-¥500", "-500"),
        ("¥-500", "-500"),
        ("▲ 1,500円", "-1500"),
        ("500-", "-500"),
        ("500円-", "-500"),
        ("+500", "500"),
        ("999999999999", "999999999999"),
        ("12.50000", "12.5"),
    ],
)
def test_yen_are_read(text: str, expected: str) -> None:
    assert money(text, "JPY") == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "円", "千円", "3千円", "3.960", "¥3.960", "3,960.000", "1,23", "12,34", "1,2345", "0,123", ",123", "1,234,", "1 234", "1_000", "1e5",
        "1E3", "inf", "-inf", "nan", "NaN", "Infinity", "0x10", "1234567890123", "1.23456", "1.2.3", "--5", "-5-", "(-5)", "((5))", "(5", "5)",
        "$500", "500 USD", "€5", "£5", "5元", "500円円", "#N/A", "10²", "①", "٣", "१२", "=1+1", "3960円(税込)", "1" * 100_000, "5\n6",
    ],
)  # fmt: skip
def test_what_is_no_amount_of_yen_is_none(text: str) -> None:
    assert money(text, "JPY") is None


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("$1,234.56", "USD", "1234.56"),
        ("-$5.00", "USD", "-5"),
        ("3.960", "USD", "3.96"),
        ("£2.555", "GBP", "2.555"),
        ("€ 5", "EUR", "5"),
        ("5 €", "EUR", "5"),
        (".5", "USD", "0.5"),
        ("¥5", "CNY", "5"),
        ("¥5", "USD", None),
        ("$5", "EUR", None),
        ("5円", "USD", None),
        ("5 EUR", "USD", None),
        ("1.23456", "USD", None),
        ("1.234,56", "EUR", None),
    ],
)
def test_other_currencies(text: str, currency: str, expected: str | None) -> None:
    assert money(text, currency) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        ("2.0", 2),
        ("2.", 2),
        ("1,000", 1000),
        ("１０", 10),
        ("1個", 1),
        ("２点", 2),
        ("3本", 3),
        ("1 set", 1),
        ("2 Sets", 2),
        ("×2", 2),
        ("x2", 2),
        ("-1", -1),
        ("▲1", -1),
        ("(2)", -2),
        ("-1個", -1),
        ("1.5", None),
        ("2.50", None),
        ("1人", None),
        ("30粒", None),
        ("500ml", None),
        ("1個2個", None),
        ("¥1", None),
        ("1e2", None),
        ("", None),
        ("個", None),
        ("1234567890123", None),
    ],
)
def test_quantities(text: str, expected: int | None) -> None:
    assert quantity(text) == expected


def test_every_counter_is_read() -> None:
    assert {quantity(f"3{word}") for word in COUNTERS} == {3}


def test_columns_with_holes() -> None:
    column = pa.chunked_array([["100", None], ["", "¥1,000", "?"]])
    assert read_money(column, "JPY").to_pylist() == [Decimal(100), None, None, Decimal(1000), None]
    assert read_quantity(column).to_pylist() == [100, None, None, None, None]
    assert read_money(pa.array([], pa.string()), "JPY").type == MONEY


PLAIN = st.from_regex(r"-?[0-9]{1,14}(\.[0-9]{0,6})?", fullmatch=True)
DIRTY = st.text(alphabet="0123456789,.-−▲()¥円$ 個点e０１", max_size=10)
CELLS = st.one_of(st.none(), PLAIN, DIRTY)


@rules(max_examples=300, deadline=None)
@given(cells=st.lists(CELLS, max_size=20), currency=st.sampled_from(["JPY", "USD"]), offset=st.integers(0, 3))
def test_the_fast_way_says_what_the_slow_way_says(cells: list[str | None], currency: str, offset: int) -> None:
    column = pa.array(cells, pa.string()).slice(offset)
    amounts, counts = read_money(column, currency), read_quantity(column)
    assert amounts.to_pylist() == [money(cell or "", currency) for cell in cells[offset:]]
    assert counts.to_pylist() == [quantity(cell or "") for cell in cells[offset:]]
    assert (amounts.type, counts.type) == (MONEY, pa.int64())
