"""`n1 purchases products` and `n1 purchases events`: what they print, and where they end."""

import json
from pathlib import Path

import pytest

from tests.purchases.build import row, text_of
from tests.support.commands import command_line


@pytest.fixture
def n1(tmp_path: Path):
    with command_line(tmp_path / "home", locale="ja") as run:
        yield lambda *words: run("purchases", *words)


def test_products_and_events_from_the_command_line(n1, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(text_of(row(order="1", code="A", name="美容液")), encoding="utf-8")
    (tmp_path / "products.csv").write_text("商品コード,商品グループ,使用日数\nA,つゆ,30\n", encoding="utf-8")
    assert n1("import", str(tmp_path / "orders.csv"), "--source", "shop", "--yes").returncode == 0
    taken = n1("import", str(tmp_path / "products.csv"), "--source", "shop", "--table", "products", "--yes")
    assert taken.returncode == 0, taken.stderr
    (product,) = json.loads(n1("products", "list", "--json").stdout)
    assert (product["product_code"], product["family"], product["days_per_unit"], product["orders"]) == (
        "A",
        "つゆ",
        30,
        1,
    )
    assert product["amount"] == "1000"
    told = n1("products", "set", "--source", "shop", "--code", "A", "--family", "しずく", "--kind", "trial", "--json")
    assert json.loads(told.stdout)["family"] == "しずく"
    (product,) = json.loads(n1("products", "list", "--json").stdout)
    assert (product["family"], product["kinds"]) == ("しずく", ["trial"])
    assert n1("products", "set", "--source", "shop").returncode == 2
    added = n1("events", "add", "--on", "2026-04-01", "--kind", "price_change", "--note", "8%", "--json")
    event = json.loads(added.stdout)
    assert json.loads(n1("events", "list", "--json").stdout) == [event]
    lonely = n1("events", "add", "--on", "2026-04-01", "--kind", "inquiry", "--customer", "c1")
    assert (lonely.returncode, lonely.stderr.strip()) == (2, "顧客番号の取り込み元を選んでください。")
