"""What an order is called: the same in the figures and on every page that draws it."""

from datetime import date
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from app.core.database import read_session
from app.purchases import queries
from app.purchases.files.names import ROWS
from app.purchases.schemas import Kind, Order, OrderLine
from app.purchases.timelines import order_kind, plain_product
from tests.purchases.build import HEADERS, Shop, row, text_of

Lines = tuple[tuple[Kind, int], ...]
CASES: list[tuple[Lines, Kind]] = [
    ((("trial", 980),), "trial"),
    ((("trial", 980), ("single", 0)), "trial"),
    ((("trial", 980), ("single", 500)), "single"),
    ((("trial", 980), ("subscription", 300)), "subscription"),
    ((("single", 3000), ("subscription", 0)), "single"),
    ((("subscription", 0), ("single", 0)), "subscription"),
    ((("single", 0), ("trial", 0)), "single"),
]
NAMES: dict[Kind, str] = {"trial": "お試し7日セット", "single": "石けん", "subscription": "【定期便】美容液"}


@pytest.mark.parametrize(("lines", "kind"), CASES)
def test_samples_for_nothing_do_not_name_an_order(lines: Lines, kind: Kind) -> None:
    products = tuple(OrderLine("", NAMES[one], one, 1, Decimal(amount)) for one, amount in lines)
    order = Order(1, "1", date(2026, 1, 5), Decimal(0), "JPY", "", None, products)
    assert order_kind(order) == kind


def test_the_figures_call_an_order_what_the_pages_call_it(shop: Shop) -> None:
    rows = [
        row(
            order=str(place),
            customer=f"c{place}",
            day="2024-01-05",
            code=f"{one}-{amount}",
            name=NAMES[one],
            price=amount,
        )
        for place, (lines, _) in enumerate(CASES)
        for one, amount in lines
    ]
    shop.take(text_of(*rows, row(order="new", customer="new", day="2026-01-05")))
    people = shop.people()
    for place, (_, kind) in enumerate(CASES):
        person = people[f"c{place}"]
        with read_session(shop.parts.engine) as session:
            (order,) = queries.timeline(session, shop.store, source="shop", customer_id=f"c{place}").orders
        assert person.stop_point is not None
        assert (person.first_kind, person.stop_point.kind, order_kind(order)) == (kind, kind, kind)
        assert (person.stop_point.product, person.stop_point.number) == (NAMES[kind], 1)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("【定期便】あまみず 美容液 30mL", "あまみず 美容液 30mL"),
        ("[trial] Serum", "Serum"),
        ("美容液【限定】", "美容液【限定】"),
        ("【定期便】", "【定期便】"),
    ],
)
def test_how_something_was_sold_is_no_part_of_its_name(name: str, plain: str) -> None:
    assert plain_product(name) == plain


def test_a_date_is_no_delivery_count_and_the_import_says_so(shop: Shop) -> None:
    counts = ("3", "第3回", "３回目", "0", "", "20260105", "2026-01-05", "1000", "初回", "3")
    rows = [
        (*row(order=str(place), day="2026-01-05" if place < 9 else "いつか"), said) for place, said in enumerate(counts)
    ]
    public_id, held = shop.check(text_of(*rows, headers=(*HEADERS, "定期回数")))
    table = pq.read_table(shop.store.upload_dir(public_id) / ROWS).sort_by("line")
    assert table["subscription_number"].to_pylist() == [3, 3, 3, 0, None, None, None, None, None]
    assert set(table["kind"].to_pylist()) == {"single", "subscription"}
    assert len(held) == 1
    assert [count for _, count in shop.report(public_id).emptied_cells] == [4]
