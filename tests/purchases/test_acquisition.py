"""What brought an order: read from its column, changed by a later file, empty where rows do not know it."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

import pyarrow.parquet as pq
import pytest

from app.core.database import read_session
from app.purchases.builds import version_in_use
from app.purchases.files.mapping.headers import propose
from app.purchases.files.rows.row_table import brought_by
from app.purchases.repeat import queries as repeat
from tests.purchases.build import HEADERS, Shop, row, text_of

HEADS = (*HEADERS, "流入元")
WORDS = ("", "SNS広告", "検索広告", "チラシ")


def brought(shop: Shop) -> dict[str, str]:
    """Return what the file of orders says brought each customer."""
    with read_session(shop.parts.engine) as session:
        table = pq.read_table(shop.store.orders_path(version_in_use(session)))
    return {one["customer_id"]: one["acquisition_channel"] for one in table.to_pylist() if one["order_number"] == 1}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("検索広告", "検索広告"), ("", ""), ("https://www.Example.com/lp?mail=a@example.com", "www.example.com"),
        ("http://a:b@ads.example:8080/x", "ads.example"), ("広告" * 200, ("広告" * 200)[:255]), ("https://", "https://"),
    ],
)  # fmt: skip
def test_of_a_web_address_only_the_site_is_kept(text: str, kept: str) -> None:
    assert brought_by(text) == kept


@pytest.mark.parametrize(
    "header", ["獲得経路", "流入元", "広告コード", "広告媒体", "参照元", "utm_source", "広告ＵＲＬグループ名"]
)
def test_headers_that_say_it_are_known(header: str) -> None:
    assert propose((*HEADERS, header)).columns["acquisition_channel"] == header


def test_where_an_order_came_in_is_something_else() -> None:
    columns = propose((*HEADERS, "販売経路", "獲得経路")).columns
    assert (columns["channel"], columns["acquisition_channel"]) == ("販売経路", "獲得経路")
    assert "acquisition_channel" not in propose((*HEADERS, "販売経路", "購入経路")).columns


@pytest.mark.parametrize("seed", range(3))
def test_the_first_order_s_word_is_that_of_plain_python(shop: Shop, seed: int) -> None:
    random = Random(seed)
    orders: dict[str, list[tuple[date, list[str]]]] = defaultdict(list)
    rows = []
    for number in range(30):
        day = date(2026, 1, 1) + timedelta(days=random.randrange(40))
        for place in range(random.choice([1, 2, 4])):
            day += timedelta(days=random.choice([1, 30]))
            said = [random.choice(WORDS) for _ in range(random.choice([1, 2]))]
            cancelled = random.random() < 0.2
            if not cancelled:
                orders[f"c{number}"].append((day, said))
            rows += [
                (*row(order=f"{number}-{place}", customer=f"c{number}", day=day.isoformat(), code=code, status="キャンセル" if cancelled else "発送済み"), word)
                for code, word in zip("AB", said, strict=False)
            ]  # fmt: skip
    random.shuffle(rows)
    shop.take(text_of(*rows, headers=HEADS))
    assert brought(shop) == {customer: max(min(mine)[1]) for customer, mine in orders.items()}


def test_a_later_file_changes_it_and_undoing_that_file_gives_it_back(shop: Shop) -> None:
    shop.take(text_of((*row(), "SNS広告"), headers=HEADS))
    later = shop.take(text_of((*row(), "検索広告"), headers=HEADS))
    report = shop.report(later)
    assert (report.taken, report.known, report.changed) == (0, 1, 1)
    assert brought(shop) == {"c1": "検索広告"}
    shop.undo(later)
    assert brought(shop) == {"c1": "SNS広告"}


def test_files_without_the_column_stand_beside_those_with_it(shop: Shop) -> None:
    first = shop.take(text_of(row()))
    assert "acquisition_channel" not in pq.read_schema(shop.store.rows_path(first)).names
    assert brought(shop) == {"c1": ""}
    with read_session(shop.parts.engine) as session:
        found = repeat.read_values(session, shop.store)
    assert found is not None
    assert found.by_acquisition == ()
    second = text_of((*row(order="2", customer="c2"), "チラシ"), headers=HEADS)
    shop.take(second, columns=propose(HEADS).columns)
    assert brought(shop) == {"c1": "", "c2": "チラシ"}
