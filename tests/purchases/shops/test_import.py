"""One file of each shop goes through the whole import; what must come out was counted by hand, row by row."""

import csv
import io
import random
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from app.core.database import read_session, write_session
from app.core.i18n import translator
from app.purchases import operations, queries, tasks
from app.purchases.files.mapping import presets
from app.purchases.files.mapping.mapping_file import make_mapping
from app.purchases.files.names import ROWS
from app.purchases.files.opening.row_reader import unique_headers
from app.purchases.import_schemas import CheckReport
from app.purchases.repeat import queries as repeat
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
    found["refunded"] = report.refunded_amount.get("JPY")
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
def test_a_shop_s_columns_may_stand_in_any_order(shop: Shop, name: str) -> None:
    wanted = expected(name)
    text = (HERE / wanted["file"]).read_bytes().decode(wanted["encoding"]).lstrip("\ufeff")
    mark = "\t" if wanted["file"].endswith(".txt") else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    places = list(range(len(rows[0])))
    random.Random(7).shuffle(places)
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows([[row[place] for place in places] for row in rows])
    public_id, held = shop.check(out.getvalue().encode(wanted["encoding"]), source=name)
    assert held == ()
    found = counted(shop.report(public_id), wanted)
    assert found == {key: wanted[key] for key in found}


@pytest.mark.parametrize("name", ["ec_cube_orders", "shopify_orders"])
def test_the_same_file_again_adds_nothing(shop: Shop, name: str) -> None:
    wanted = expected(name)
    data = (HERE / wanted["file"]).read_bytes()
    shop.take(data, source=name)
    public_id, _ = shop.check(data, source=name)
    report = shop.report(public_id)
    assert (report.taken, report.known, report.changed) == (0, wanted["rows_read"], 0)
    assert shop.run(public_id).mapping["preset"] == name, "the mapping is remembered with its export"


@pytest.mark.parametrize("name", ORDERS)
def test_every_yen_of_a_shop_s_file_is_in_the_account(shop: Shop, name: str) -> None:
    public_id, _ = shop.check((HERE / expected(name)["file"]).read_bytes(), source=name)
    report = shop.report(public_id)
    assert sum(line.rows for line in report.account) == report.rows_read
    total = sum((line.amount for line in report.account), Decimal(0))
    assert {"JPY": total} == {"JPY": report.file_amount.get("JPY", Decimal(0))}


def other_table(shop: Shop, name: str, source: str) -> tuple[str, CheckReport]:
    """Bring a file of no orders as far as its report: what it is, is recognised by its headers."""
    public_id = shop.upload((HERE / expected(name)["file"]).read_bytes(), source=source)
    with write_session(shop.parts.engine) as session:
        run = queries.get_import(session, public_id)
        table = operations.inspect(shop.store, run).table
        assert table is not None
        operations.set_table(session, run=run, table=table)
        operations.set_mapping(session, run=run, mapping=operations.inspect(shop.store, run).mapping)
        operations.request_check(session, run=run)
    assert tasks.run_check(shop.parts, public_id) == ()
    return public_id, shop.report(public_id)


@pytest.mark.parametrize("name", ["ec_cube_members", "ecforce_subscriptions"])
def test_files_of_no_orders_find_their_own_way(shop: Shop, name: str) -> None:
    _, report = other_table(shop, name, name)
    assert (report.rows_read, report.taken) == (expected(name)["rows_read"], expected(name)["taken"])


def test_why_and_when_ecforce_s_subscriptions_stopped(shop: Shop) -> None:
    public_id, _ = other_table(shop, "ecforce_subscriptions", "ecforce")
    shop.confirm(public_id)
    tasks.run_import(shop.parts, public_id)
    rows = {row["subscription_id"]: row for row in pq.read_table(shop.store.subscriptions_path(public_id)).to_pylist()}
    assert Counter(row["status"] for row in rows.values()) == {"active": 7, "paused": 2, "cancelled": 6}
    said = {key: (str(row["cancelled_on"]), row["reason"], row["number"]) for key, row in rows.items()}
    assert said["T0002"] == ("2025-09-28", "肌に合わなかった", 1)
    assert said["T0005"] == ("2025-11-02", "余っている,価格", 4)
    assert said["T0010"] == ("2025-12-31", "他社商品に変更😢", 12)
    assert rows["T0004"]["reason"].startswith("在庫が余っている")
    assert (rows["T0001"]["product_code"], str(rows["T0001"]["next_on"])) == ("SRM", "2026-02-28")


def rows_of(shop: Shop, name: str) -> list[dict[str, Any]]:
    """Return the prepared rows of a shop's file by line."""
    public_id, _ = shop.check((HERE / expected(name)["file"]).read_bytes(), source=name)
    table = pq.read_table(shop.store.upload_dir(public_id) / ROWS)
    return sorted(table.to_pylist(), key=lambda row: row["line"])


def test_option_rows_of_base_belong_to_the_goods_above(shop: Shop) -> None:
    rows = rows_of(shop, "base_orders")
    options = [
        (row["product_code"], row["product_name"], row["quantity"], row["amount"])
        for row in rows
        if row["quantity"] == 0
    ]
    assert options == [
        ("81001", "保湿クリーム", 0, 330), ("81003", "美容オイル", 0, 0), ("81001", "保湿クリーム", 0, 330),
        ("81002", "お試しセット", 0, 0), ("81002", "お試しセット", 0, 330),
    ]  # fmt: skip
    assert [row["line"] for row in rows if row["sales_channel"] == "Instagram"] == [11, 12]
    assert {row["line"] for row in rows if row["ship_to_other"]} == {5, 6, 7}


def test_rakuten_s_masked_mail_tells_nobody_phone_and_name_do(shop: Shop) -> None:
    rows = rows_of(shop, "rakuten_rms")
    assert {row["customer_key_kind"] for row in rows} == {"phone"}
    assert {row["sales_channel"] for row in rows} == {"楽天市場"}
    assert [row["kind"] for row in rows if row["line"] in {5, 6, 11}] == ["subscription", "subscription", "single"]
    numbers = [row["subscription_number"] for row in rows if row["subscription_id"] == "200001-20260204-00000001-r"]
    assert numbers == [1, 2, 3]
    assert rows[2]["points_used"] == 500
    assert str(rows[0]["dispatched_on"]) == "2026-01-04"


def test_ec_cube_s_rows_say_what_they_are(shop: Shop) -> None:
    rows = rows_of(shop, "ec_cube_orders")
    assert [row["amount"] for row in rows[:7]] == [1000, 550, 9600, 3000, 0, -500, -300]
    assert [row["line_type"] for row in rows[2:7]] == ["goods", "goods", "shipping", "discount", "points"]
    assert {row["order_id"] for row in rows if row["ship_to_other"]} == {"2026-1003"}
    assert {row["order_id"] for row in rows if row["is_company"]} == {"2026-1003", "2026-1006"}
    assert {row["prefecture"] for row in rows} == {"東京都", "大阪府", "北海道", "福岡県", "神奈川県"}


def test_shopify_s_later_rows_have_their_order_s_cells(shop: Shop) -> None:
    rows = rows_of(shop, "shopify_orders")
    assert all(row["customer_id"] and row["ordered_at"] for row in rows)
    second = [row for row in rows if row["order_id"] == "#1002"]
    assert len({(row["customer_id"], row["ordered_at"], row["coupon"], row["sales_channel"]) for row in second}) == 1
    assert second[0]["coupon"] == "WELCOME"
    assert {row["order_id"] for row in rows if row["status"] == "cancelled"} == {"#1006", "#1007"}
    assert {row["order_id"] for row in rows if row["is_company"]} == {"#1003", "#1004", "#1007"}


def test_a_part_refunded_at_shopify_is_taken_off_the_customer(shop: Shop) -> None:
    """By hand: taku ordered #1003 (13,160, of which 3,200 were refunded); #1004 was refunded whole, #1007 cancelled."""
    shop.take((HERE / "shopify_orders.csv").read_bytes(), source="shopify_orders")
    found = [person for person in shop.people().values() if person.amount == 13_160 - 3_200]
    assert [(person.orders, person.items) for person in found] == [(1, 3)]


def test_what_brought_ecforce_s_customers_is_that_of_their_first_order_that_counts(shop: Shop) -> None:
    """By hand: F0003's first order (検索広告) came back, the next one says 記事広告; nagi's orders say nothing."""
    rows = rows_of(shop, "ecforce_orders")
    assert Counter(row["acquisition_channel"] for row in rows) == {"検索広告": 10, "SNS広告": 2, "記事広告": 1, "": 2}
    shop.take((HERE / "ecforce_orders.csv").read_bytes(), source="ecforce")
    with read_session(shop.parts.engine) as session:
        found = repeat.read_values(session, shop.store)
    assert found is not None
    told = {row.key: (row.people, row.orders) for row in found.by_acquisition}
    assert told == {"検索広告": (1, 6), "SNS広告": (1, 2), "記事広告": (1, 3), "": (1, 1)}


@pytest.mark.parametrize("name", ["stripe_payments", "amazon_all_orders"])
def test_utc_becomes_the_day_in_japan(shop: Shop, name: str) -> None:
    days = [str(row["ordered_on"]) for row in rows_of(shop, name)]
    assert days[:2] == ["2026-01-31", "2026-02-01"]


def test_a_cell_of_several_products_is_one_line_of_the_first(shop: Shop) -> None:
    rows = rows_of(shop, "ecforce_orders")
    assert (rows[1]["product_code"], rows[1]["product_name"], rows[1]["quantity"]) == ("SRM", "美容液", 4)
    assert [row["subscription_number"] for row in rows if row["subscription_id"] == "T0001"] == [1, 2, 3, 4]
    assert {row["kind"] for row in rows if row["subscription_id"]} == {"subscription"}
    assert {row["subscription_id"] for row in rows if row["subscription_cancelled_on"]} == {"T0002"}


def test_a_column_nobody_named_is_said_as_the_screen_says_it(shop: Shop) -> None:
    public_id = shop.upload("番号,日,円\n1,2026-01-01,100\n".encode())
    with write_session(shop.parts.engine) as session:
        run = queries.get_import(session, public_id)
        operations.set_mapping(session, run=run, mapping=make_mapping({"order_id": "番号", "ordered_at": "日"}, {}))
        operations.request_check(session, run=run)
    tasks.run_check(shop.parts, public_id)
    failed = shop.run(public_id)
    said = translator("ja")(failed.error_message, **failed.error_params)
    assert said.startswith("「顧客番号・明細の金額」にあたる列が見つかりません。")


def test_tax_is_added_to_goods_only_where_somebody_says_that_prices_lack_it(shop: Shop) -> None:
    """By hand: 1,100 + 10,560 + 3,240 + 3,520 + 5,280 + 5,280 + 1,100 + 7,040 + 1,080; shipping and fees hold theirs."""
    data = (HERE / "ec_cube_orders.csv").read_bytes()
    proposed = presets.propose(headers_of(data))
    public_id, _ = shop.check(
        data, source="ec", columns=proposed.columns, options={"preset": "ec_cube_orders", "tax": "excluded"}
    )
    account = {line.kind: line.amount for line in shop.report(public_id).account}
    assert (account["sale"], account["shipping"], account["fee"]) == (38200, 3300, 330)


def headers_of(data: bytes) -> tuple[str, ...]:
    return unique_headers(next(csv.reader(io.StringIO(data.decode("cp932")))))
