"""One file of each shop goes through the whole import; what must come out was counted by hand, row by row."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.purchases.import_schemas import CheckReport
from app.purchases.models import FileTable
from tests.purchases.build import Shop

HERE = Path(__file__).parent


def expected(shop: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{shop}.toml").read_text("utf-8"))


ORDERS = sorted(path.stem for path in HERE.glob("*.toml") if "account" in expected(path.stem))
COUNTS = ("rows_read", "taken", "customers", "orders", "first_order_on", "last_order_on", "rows_without_customer")


def counted(report: CheckReport, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return of a report what the expectation speaks of, in its words."""
    found: dict[str, Any] = {name: getattr(report, name) for name in COUNTS}
    found["amount"] = report.amount.get("JPY")
    found["customers_by_key"] = {kind: number for kind, number in report.customers_by_key.items() if kind and number}
    found["account"] = {
        line.kind: {"rows": line.rows, "amount": line.amount} for line in report.account if line.rows or line.amount
    }
    return {name: found[name] for name in wanted if name in found}


@pytest.mark.parametrize("name", ORDERS)
def test_a_shop_s_file_comes_in_whole(shop: Shop, name: str) -> None:
    wanted = expected(name)
    public_id, held = shop.check((HERE / wanted["file"]).read_bytes(), source=name)
    assert held == ()
    assert counted(shop.report(public_id), wanted) == {
        key: value for key, value in wanted.items() if key not in {"file", "preset", "encoding"}
    }
    assert shop.run(public_id).mapping["encoding"] == wanted["encoding"]


@pytest.mark.parametrize("name", ORDERS)
def test_every_yen_of_a_shop_s_file_is_in_the_account(shop: Shop, name: str) -> None:
    public_id, _ = shop.check((HERE / expected(name)["file"]).read_bytes(), source=name)
    report = shop.report(public_id)
    assert sum(line.rows for line in report.account) == report.rows_read
    total = sum((line.amount for line in report.account), Decimal(0))
    assert {"JPY": total} == {"JPY": report.file_amount.get("JPY", Decimal(0))}


def test_which_files_are_no_orders() -> None:
    others = {path.stem for path in HERE.glob("*.toml")} - set(ORDERS)
    assert others == {"ec_cube_members", "ecforce_subscriptions"}
    assert FileTable.MEMBERS.value == "members"
