"""What was refunded of an order is taken off it: any files, corrected and taken back, against plain Python."""

import csv
import io
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from app.core.database import read_session
from app.purchases import queries
from app.purchases.models import PurchaseSettings
from tests.purchases import oracle_refunds
from tests.purchases.build import Shop
from tests.purchases.oracle_refunds import Row

COLUMNS = {
    "order_id": "注文番号", "customer_key": "顧客ID", "ordered_at": "注文日", "product_code": "商品コード", "quantity": "数量",
    "unit_price": "単価", "status": "対応状況", "refunded": "返金額",
}  # fmt: skip
NAMES = ("order", "customer", "day", "code", "pieces", "price", "status", "refund")


@dataclass
class Maker:
    """Orders of a few customers, and later exports of some of them with other refunds."""

    seed: int
    rng: Random = field(init=False)
    orders: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)

    def export(self) -> list[Row]:
        """Return a file of new orders, and of old ones as they are now."""
        old = self.rng.sample(sorted(self.orders), min(len(self.orders), self.rng.randint(0, 6)))
        new = [str(1000 + len(self.orders) + n) for n in range(self.rng.randint(2, 8))]
        for order in new:
            self.orders[order] = self._made(order)
        for order in (*old, *new):
            self._refund(self.orders[order])
        rows = [dict(row) for order in (*old, *new) for row in self.orders[order]]
        self.rng.shuffle(rows)
        return rows

    def _made(self, order: str) -> list[Row]:
        rng = self.rng
        cents = rng.random() < 0.3
        status = rng.choice(("発送済み",) * 6 + ("返品", "キャンセル"))
        plain = {"order": order, "customer": f"c{rng.randint(1, 4)}", "day": f"2026-01-{rng.randint(1, 28):02}"}
        rows = [
            plain | {"code": code, "pieces": str(rng.randint(1, 3)), "price": self._price(cents), "status": status}
            for code in rng.sample("ABCDE", rng.randint(1, 4))
        ]
        if status == "発送済み" and rng.random() < 0.3:
            back = dict(rng.choice(rows))
            rows.append(back | {"pieces": str(-rng.randint(1, int(back["pieces"])))})
        return rows

    def _price(self, cents: bool) -> str:
        price = self.rng.choice((0, 1, 980, 1500, 3980, 12000))
        return f"{price}.25" if cents and price else str(price)

    def _refund(self, rows: list[Row]) -> None:
        """Put a refund on each row or on the first alone: none, a part, as much as the goods came to, or more."""
        goods = sum(oracle_refunds.amount(row) for row in rows if int(row["pieces"]) > 0)
        refund = self.rng.choice(
            (Decimal(0), Decimal(0), Decimal(1), goods // 3, goods - 1, goods, goods + 600, Decimal("0.5"))
        )
        text = self.rng.choice(("", "0", "0.00", "-")) if refund <= 0 else str(refund)
        text = f"-{text}" if refund > 0 and self.rng.random() < 0.1 else text
        first_only = self.rng.random() < 0.4
        for place, row in enumerate(sorted(rows, key=lambda row: int(row["pieces"]) < 0)):
            row["refund"] = text if place == 0 or not first_only else ""


def written(rows: list[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS.values())
    writer.writerows([row[name] for name in NAMES] for row in rows)
    return out.getvalue()


def lines_of(shop: Shop) -> list[dict[str, Any]]:
    with read_session(shop.parts.engine) as session:
        settings = session.get(PurchaseSettings, 1)
        version = settings.summary_version if settings else ""
    rows: list[dict[str, Any]] = pq.read_table(shop.store.lines_path(version)).to_pylist()
    return rows


def differs(shop: Shop, files: list[list[Row]]) -> list[str]:
    """Return where people, or the lines of orders, are not what the files say."""
    orders = oracle_refunds.orders_of(files)
    people = {name: (person.orders, person.amount) for name, person in shop.people().items()}
    wrong = [] if people == (said := oracle_refunds.people_of(orders)) else [f"{people} is not {said}"]
    for line in lines_of(shop):
        order = orders.get(line["order_id"])
        if order is None or line["effect"] != "sale":
            continue
        share, gross = line["refunded"] or Decimal(0), order.goods[line["product_code"]]
        if line["amount"] + share != gross or not 0 <= share <= gross:
            wrong.append(f"{line['order_id']} {line['product_code']}: {line['amount']} + {share} is not {gross}")
        if abs(Fraction(share) - order.share(line["product_code"])) >= 1:
            wrong.append(f"{line['order_id']} {line['product_code']}: {share} is not its part of {order.given}")
    return wrong


def told(shop: Shop, public_id: str) -> dict[str, Decimal | int]:
    report = shop.report(public_id)
    money = (report.refunded_amount, report.refunded_other, report.refunded_changed)
    names = ("amount", "other", "changed")
    return {
        "orders": report.orders,
        **{name: one.get("JPY", Decimal(0)) for name, one in zip(names, money, strict=True)},
    }


def said(before: list[list[Row]], rows: list[Row]) -> dict[str, Decimal | int]:
    old, new = oracle_refunds.orders_of(before), oracle_refunds.orders_of([*before, rows])
    known = {row["order"] for file in before for row in file}
    fresh = {name: order for name, order in new.items() if name not in known}
    return {
        "orders": sum(order.counts for order in fresh.values()),
        "amount": sum((order.given for order in fresh.values()), Decimal(0)),
        "other": sum((order.beyond for order in fresh.values()), Decimal(0)),
        "changed": sum((order.given for name, order in new.items() if name in known), Decimal(0))
        - sum((order.given for order in old.values()), Decimal(0)),
    }


@pytest.mark.parametrize("seed", range(2))
def test_refunds_of_any_files_leave_what_plain_python_leaves(shop: Shop, seed: int) -> None:
    maker, files = Maker(seed), list[list[Row]]()
    names = []
    for _ in range(3):
        rows = maker.export()
        names.append(shop.take(written(rows), columns=COLUMNS))
        assert told(shop, names[-1]) == said(files, rows)
        files.append(rows)
        assert differs(shop, files) == []
    again, _ = shop.check(written(files[-1]), columns=COLUMNS)
    report = shop.report(again)
    assert (report.taken, report.changed, told(shop, again)["changed"]) == (0, 0, 0)
    shop.undo(names[1])
    assert differs(shop, [files[0], files[2]]) == []
    shop.undo(names[2])
    assert differs(shop, [files[0]]) == []


def one(
    order: str, refund: str, *, code: str = "A", price: str = "1000", status: str = "発送済み", pieces: str = "1"
) -> Row:
    values = (order, "c1", "2026-01-05", code, pieces, price, status, refund)
    return dict(zip(NAMES, values, strict=True))


def test_a_part_is_taken_off_and_a_wholly_refunded_order_is_none(shop: Shop) -> None:
    rows = [one("1", "500"), one("1", "", code="B", price="2000"), one("2", "1600"), one("3", "")]
    public_id = shop.take(written(rows), columns=COLUMNS)
    report = shop.report(public_id)
    assert (report.orders, report.amount, report.file_amount) == (2, {"JPY": 5000}, {"JPY": 5000})
    assert (report.refunded_rows, report.refunded_amount, report.refunded_other) == (3, {"JPY": 1500}, {"JPY": 600})
    assert (shop.people()["c1"].orders, shop.people()["c1"].amount, shop.people()["c1"].items) == (2, 3500, 3)
    found = {(line["order_id"], line["product_code"]): (line["effect"], line["status"], line["amount"]) for line in lines_of(shop)}  # fmt: skip
    assert found == {
        ("1", "A"): ("sale", "valid", 834), ("1", "B"): ("sale", "valid", 1666), ("2", "A"): ("none", "returned", 1000),
        ("3", "A"): ("sale", "valid", 1000),
    }  # fmt: skip


def test_a_refund_that_grows_later_corrects_the_order(shop: Shop) -> None:
    shop.take(written([one("1", "100"), one("2", "")]), columns=COLUMNS)
    public_id = shop.take(written([one("1", "400")]), columns=COLUMNS)
    report = shop.report(public_id)
    assert (report.taken, report.known, report.changed) == (0, 1, 1)
    assert (report.refunded_amount, report.refunded_changed) == ({}, {"JPY": 300})
    assert shop.people()["c1"].amount == 1600
    shop.undo(public_id)
    assert shop.people()["c1"].amount == 1900


def test_money_for_returned_pieces_is_not_taken_off_twice(shop: Shop) -> None:
    shop.take(written([one("1", "1000", pieces="2"), one("1", "1000", pieces="-1")]), columns=COLUMNS)
    assert (shop.people()["c1"].orders, shop.people()["c1"].amount) == (1, 1000)


def test_a_refund_that_is_no_amount_is_told_and_nothing_is_taken_off(shop: Shop) -> None:
    rows = [one("1", "あとで"), one("2", "-"), one("3", "", status="返品"), one("4", "あとで", price="千円")]
    public_id, held = shop.check(written(rows), columns=COLUMNS)
    report = shop.report(public_id)
    assert len(held) == 1
    assert report.emptied_cells == (("The refund is not an amount: nothing is taken off for it.", 1),)
    assert (report.refunded_rows, report.refunded_amount) == (0, {})


def test_a_piece_sold_and_brought_back_on_one_day_is_known_again(shop: Shop) -> None:
    """What makes a row itself knows no sign, since a later state turns it: such a pair is told apart by its place."""
    rows = written([one("1", ""), one("1", "", pieces="-1"), one("2", "")])
    shop.take(rows, columns=COLUMNS)
    report = shop.report(shop.check(rows, columns=COLUMNS)[0])
    assert (report.known, report.changed, report.exact_repeats) == (3, 0, 0)


def test_a_file_without_refunds_says_nothing_of_them(shop: Shop) -> None:
    shop.take(written([one("1", "")]))
    assert shop.people()["c1"].amount == 1000


def test_the_timeline_says_what_was_taken_back_of_an_order(shop: Shop) -> None:
    rows = [
        one("1", "500"), one("1", "", code="B", price="2000"), one("2", "", pieces="3"), one("2", "", pieces="-1"), one("3", ""),
    ]  # fmt: skip
    shop.take(written(rows), columns=COLUMNS)
    with read_session(shop.parts.engine) as session:
        found = queries.timeline(session, shop.store, source="shop", customer_id="c1").orders
    assert {order.order_id: (order.amount, order.taken_back) for order in found} == {
        "1": (2500, 500), "2": (2000, 1000), "3": (1000, 0),
    }  # fmt: skip
