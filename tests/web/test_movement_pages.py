"""The page of movement and the page of an import say who moved; every number opens as many people."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from app.core.settings import Settings
from app.purchases.movement import queries
from app.purchases.movement.schemas import Arrow
from app.web.charts.flow import HEIGHT, TOP, flow
from app.web.figures.movement import tone
from tests.support.database import copy_sqlite
from tests.web.purchase_shop import Shop, open_shop, order_file, row

PEOPLE = re.compile(r'<a (?:class="cell" )?href="(/purchases/people-of\?[^"]+)">(?:<b>)?([0-9,]+)<')
COUNTED = re.compile(r"<b>([0-9,]+)人</b>")
PAGE = "/purchases/movement"


def bought(number: int, customer: str, day: str) -> str:
    return row(number=number, customer=customer, day=day.replace("-", "/"))


OLD = [
    bought(1, "a", "2025-01-10"),
    bought(2, "b", "2025-11-01"),
    bought(3, "c", "2026-01-05"),
    bought(4, "d", "2025-03-01"),
]
NEW = [*OLD, bought(5, "a", "2026-03-01"), bought(6, "e", "2026-03-20"), bought(7, "c", "2026-03-25")]


@pytest.fixture(scope="module")
def stocked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop of two imports, the second of which moves people."""
    home = tmp_path_factory.mktemp("movement")
    copy_sqlite(sqlite_template, home)
    with open_shop(Settings(home=home)) as shop:
        shop.import_file(order_file(*OLD))
        shop.import_file(order_file(*NEW))
        yield shop


def test_without_orders_the_page_says_what_belongs_there(settings: Settings) -> None:
    with open_shop(settings) as shop:
        assert "まだ注文がありません" in shop.page(PAGE)


def test_before_a_second_import_there_is_nothing_to_compare_with(settings: Settings) -> None:
    with open_shop(settings) as shop:
        shop.import_file(order_file(*OLD))
        assert "比べる前のデータがありません" in shop.page(f"{PAGE}?since=import")
        for path in shop.services.orders.orders_dir.glob("moved-*"):
            path.unlink()  # as a build of an earlier version of the program has none
        assert "比べる前のデータがありません" in shop.page(f"{PAGE}?since=import")
        for path in shop.services.orders.orders_dir.glob("orders-*"):
            path.unlink()
        assert "まだ集計していません" in shop.page(PAGE)


@pytest.mark.parametrize("query", ["", "?from=2025-06-01", "?from=2025-03-01&to=2026-01-31", "?since=import"])
def test_every_number_opens_as_many_people(stocked: Shop, query: str) -> None:
    links = PEOPLE.findall(stocked.page(PAGE + query))
    assert links
    for path, number in links:
        assert int(number) == people_of(stocked, unescape(path)), path


def people_of(shop: Shop, path: str) -> int:
    page = shop.page(path)
    return len(set(re.findall(r'href="(/purchases/customers/[^"?/]+)"', page)))


def test_the_page_says_by_which_rules_and_days(stocked: Shop) -> None:
    page = stocked.page(f"{PAGE}?from=2025-06-01&to=2026-03-01")
    assert "2025年6月1日(日) → 2026年3月1日(日)" in page
    assert "いまと同じ規則としきい値" in page
    assert "今日わかっている内容で数えます" in page
    assert "本店" in page


def test_the_same_day_twice_says_that_nobody_moved(stocked: Shop) -> None:
    page = stocked.page(f"{PAGE}?from=2026-01-31&to=2026-01-31")
    assert "区分が変わった方はいません" in page
    assert not PEOPLE.search(page)


@pytest.mark.parametrize(("query", "told"), [
    ("?from=2020-01-01", "2025-01-10 から 2026-03-25 までの日を選んでください"),
    ("?from=2026-02-01&to=2026-01-01", "前の日が、後の日よりあとになっています"),
    ("?from=yesterday", "2026-11-20"),
])  # fmt: skip
def test_days_that_cannot_be_compared_are_told_beside_the_field(stocked: Shop, query: str, told: str) -> None:
    page = stocked.page(PAGE + query, status=422)
    assert told in page
    assert 'href="#f-from"' in page
    assert 'aria-invalid="true"' in page


def test_a_big_shop_says_that_it_counts_and_the_second_request_brings_the_table(
    stocked: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    page = stocked.page(f"{PAGE}?from=2025-07-07")
    assert "数えています" in page
    assert "from=2025-07-07&amp;now=1" not in page
    part = re.search(r'hx-get="([^"]+)"', page)
    assert part
    assert "区分から区分へ" in stocked.page(unescape(part[1]))
    assert "区分から区分へ" in stocked.page(f"{PAGE}?from=2025-07-07"), "it is remembered"
    assert "区分から区分へ" in stocked.page(f"{PAGE}?from=2025-07-08&now=1")


def test_an_import_says_who_moved_with_it_and_its_undo_who_moved_back(settings: Settings) -> None:
    with open_shop(settings) as shop:
        first = shop.import_file(order_file(*OLD))
        second = shop.import_file(order_file(*NEW))
        assert "この取り込みで動いたお客さま" not in shop.page(first)
        assert "この取り込みで動いたお客さま" in shop.page(second)
        assert f"{PAGE}?since=import" in shop.page(second)
        links = PEOPLE.findall(shop.page(second))
        assert links
        assert all(int(number) == people_of(shop, unescape(path)) for path, number in links)
        assert second in shop.page(PAGE)
        shop.post(f"{second}/undo")
        page = shop.page(second)
        assert "取り消しで戻ったお客さま" in page
        assert "いなくなった方" in page
        assert "取り消し:" in shop.page(f"{PAGE}?since=import")


def test_a_drawing_gives_everybody_room_by_how_many_they_are() -> None:
    arrows = [
        Arrow("loyal", "loyal", 50),
        Arrow("loyal", "lapsed", 10),
        Arrow("lapsed", "loyal", 5),
        Arrow("none", "new", 35),
    ]
    found = flow(arrows, ("loyal", "lapsed", "none"), ("loyal", "lapsed", "new"), tone)
    assert found
    assert [(one.place, one.people) for one in found.nodes] == [("loyal", 60), ("lapsed", 5), ("none", 35)]
    assert [(one.place, one.people, one.change) for one in found.ends] == [
        ("loyal", 55, -5),
        ("lapsed", 10, 5),
        ("new", 35, 35),
    ]
    for side in (found.nodes, found.ends):
        tops = [one.y for one in side]
        assert tops == sorted(tops)
        assert all(one.y + one.height <= after.y for one, after in pairwise(side))
        assert side[-1].y + side[-1].height <= TOP + HEIGHT + 1
    assert {(one.before, one.after): one.tone for one in found.ribbons} == {
        ("loyal", "loyal"): "", ("loyal", "lapsed"): "dn", ("lapsed", "loyal"): "hi", ("none", "new"): "",
    }  # fmt: skip
    assert flow([], ("loyal",), ("loyal",), tone) is None
