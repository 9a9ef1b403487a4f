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
    assert (event["about"], event["people"]) == ("everybody", 0)
    lonely = n1("events", "add", "--on", "2026-04-01", "--kind", "inquiry", "--customer", "c1")
    assert (lonely.returncode, lonely.stderr.strip()) == (2, "顧客番号の取り込み元を選んでください。")
    unknown = n1("events", "add", "--on", "2026-04-01", "--kind", "inquiry", "--customer", "c9", "--source", "shop")
    assert (unknown.returncode, unknown.stderr.strip()) == (
        2, "この取り込み元に、この番号のお客さまはいません。番号と取り込み元を確かめてください。",
    )  # fmt: skip
    known = n1("events", "add", "--on", "2026-04-02", "--kind", "inquiry", "--customer", "c1", "--source", "shop")
    assert known.stdout.split("\t")[1:] == ["2026-04-02", "inquiry", "shop/c1\n"]


def test_events_of_files_are_listed_without_what_was_noted_of_customers(n1, tmp_path: Path) -> None:
    rows = "2026-02-01,LINE,c1,山田さんへ\n2026-02-01,LINE,c2,鈴木さんへ\n2026-03-01,価格改定,,8%\n2026-04-01,リニューアル,,\n"
    (tmp_path / "events.csv").write_text(f"日付,種類,顧客番号,メモ\n{rows}", encoding="utf-8")
    (tmp_path / "orders.csv").write_text(text_of(row(order="1", code="A", name="美容液")), encoding="utf-8")
    assert n1("import", str(tmp_path / "orders.csv"), "--source", "shop", "--yes").returncode == 0
    checked = n1("import", str(tmp_path / "events.csv"), "--source", "shop", "--table", "events")
    assert "全員 2件、商品を買ったお客さま 0件、お一人ずつ 2件。" in checked.stdout
    assert n1("import", str(tmp_path / "events.csv"), "--source", "shop", "--table", "events", "--yes").returncode == 0
    listed = json.loads(n1("events", "list", "--json").stdout)
    assert [(one["kind"], one["about"], one["people"], one["note"], one["file_name"]) for one in listed] == [
        ("line_sent", "several", 2, "", "events.csv"),
        ("price_change", "everybody", 0, "8%", "events.csv"),
        ("renewal", "everybody", 0, "", "events.csv"),
    ]
    assert n1("events", "list").stdout.splitlines()[0].endswith("2026-02-01\tline_sent\t2人")
