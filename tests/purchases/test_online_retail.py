"""A real file of a real shop: a committed sample of it, and the whole of it where the reference data lie beside."""

import csv
import gzip
import io
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.settings import Settings
from app.purchases.import_schemas import CheckReport
from tests.purchases import oracle_account
from tests.purchases.accounts import adds_up, of_oracle, of_report, people_differ, people_of
from tests.purchases.build import Shop, reference
from tests.purchases.oracle_account import FEES, Account, Row

SAMPLE = Path(__file__).parent / "data" / "online_retail_sample.csv"
COLUMNS = {
    "order_id": "InvoiceNo", "product_code": "StockCode", "product_name": "Description", "quantity": "Quantity",
    "ordered_at": "InvoiceDate", "unit_price": "UnitPrice", "customer_key": "CustomerID",
}  # fmt: skip
FEE_CODES = frozenset(
    ("M", "D", "S", "B", "C2", "CRUK", "PADS", "DOT", "POST", "BANK CHARGES", "AMAZONFEE", "ADJUST", "ADJUST2")
)
OPTIONS: dict[str, object] = {"currency": "GBP"}
BIGGEST = Decimal("168469.60")


def rows_of(text: Iterable[str]) -> list[Row]:
    return list(oracle_account._numbered(csv.reader(text)))


def oracle_of(rows: list[Row]) -> Account:
    return oracle_account.account(rows, COLUMNS, fee_codes=FEE_CODES)


def fees_as_one(values: dict[str, object]) -> dict[str, object]:
    """Which fee a code stands for is the product's own business: here they are one kind."""
    account: dict[str, tuple[int, Decimal]] = values["account"]  # type: ignore[assignment]  # from accounts.py
    fees = [account[kind] for kind in FEES if kind in account]
    kept = {kind: value for kind, value in account.items() if kind not in FEES}
    kept["fees"] = (sum(rows for rows, _ in fees), sum((yen for _, yen in fees), Decimal(0)))
    return values | {"account": kept}


def differ(found: Account, report: CheckReport, held: tuple[object, ...]) -> list[str]:
    mine = fees_as_one(of_oracle(found))
    theirs = fees_as_one(of_report(report, held))  # type: ignore[arg-type]  # held-back rows
    return [f"{name}: expected {mine[name]}, told {theirs[name]}" for name in mine if mine[name] != theirs[name]]


def test_every_row_and_pound_of_the_sample_is_accounted_for(shop: Shop) -> None:
    data = SAMPLE.read_bytes()
    found = oracle_of(rows_of(io.StringIO(data.decode(), newline="")))
    public_id, held = shop.check(data, options=OPTIONS)
    report = shop.report(public_id)
    assert differ(found, report, held) == []
    assert adds_up(report) == []
    assert report.matched_returns
    assert report.unmatched_returns


def test_an_order_cancelled_twelve_minutes_later_is_no_order(shop: Shop) -> None:
    """80,995 pieces for £168,469.60 at 09:15, all back at 09:27 under a number of their own."""
    data = SAMPLE.read_bytes()
    shop.take(data, options=OPTIONS)
    found = oracle_of(rows_of(io.StringIO(data.decode(), newline="")))
    people = people_of(shop, "shop")
    assert people_differ(found, people) == []
    assert people["16446.0"] == (1, 2, Decimal("2.90"))
    assert "12346.0" not in people
    assert BIGGEST in {line.amount for line in found.lines}


def test_the_return_counts_when_it_comes_in_a_later_file(shop: Shop) -> None:
    text = SAMPLE.read_text("utf-8").splitlines(keepends=True)
    back = [line for line in text if line.startswith("C581484")]
    rest = [line for line in text if not line.startswith("C581484")]
    shop.take("".join(rest), options=OPTIONS)
    assert people_of(shop, "shop")["16446.0"] == (2, 80997, BIGGEST + Decimal("2.90"))
    later = shop.take(text[0] + back[0], options=OPTIONS)
    assert people_of(shop, "shop")["16446.0"] == (1, 2, Decimal("2.90"))
    shop.undo(later)
    assert people_of(shop, "shop")["16446.0"][0] == 2


@pytest.mark.timeout(300)
def test_the_whole_file_adds_up(shop: Shop, settings: Settings) -> None:
    path = reference(Settings(home=settings.home), "online_retail", "online_retail.csv.gz")
    if path is None:
        pytest.skip("N1_REFERENCE_DATA is not set: the full Online Retail file is not here")
    public_id, held = shop.check(path.read_bytes(), options=OPTIONS)
    report = shop.report(public_id)
    assert (report.rows_read, report.rows_without_customer, report.cancel_rows) == (541_909, 135_080, 9_288)
    assert (report.exact_repeats, report.product_codes, report.order_ids) == (5_268, 4_070, 25_900)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        found = oracle_of(rows_of(file))
    assert differ(found, report, held) == []
    assert adds_up(report) == []
