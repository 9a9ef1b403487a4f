"""What the overview says first: who moved, where people stop, whom to ask."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from threading import Event, Thread

import pytest

from app.accounts.schemas import Role
from app.core.database import read_session
from app.core.settings import Settings
from app.web.figures import monday as monday_figures
from app.web.figures.monday import Monday
from tests.support.database import copy_sqlite
from tests.web.purchase_shop import Shop, open_shop, order_file, row

NUMBER = re.compile(r'<b><a href="(/purchases/people-of\?[^"]+)">([0-9,]+)</a>')
HEAD_COUNT = re.compile(r"peoplesum[^>]*>\s*(?:<b>)?([0-9,]+)")
BLOCKS = (">動いたお客さま</h2>", ">離脱点</h2>", ">聞きたい人</h2>")


def year() -> list[str]:
    """Return a year of orders: people who stop after one, who come back, who are late, and one who goes on for long."""
    rows = [
        row(number=100 + n, day=f"2025/{month:02}/05", customer="L1", amount="9000")
        for n, month in enumerate(range(1, 13))
    ]
    rows += [row(number=200 + n, day="2025/01/10", customer=f"S{n}") for n in range(9)]
    rows += [row(number=300 + n, day="2025/10/20", customer=f"N{n}") for n in range(6)]
    rows += [row(number=400 + n, day="2025/11/01", customer="S0") for n in range(1)]
    rows += [row(number=500 + n, day=f"2025/12/{day:02}", customer="T1") for n, day in enumerate((1, 11))]
    return rows


@pytest.fixture(scope="module")
def stocked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop with two imports, the second of which moved people."""
    home = tmp_path_factory.mktemp("monday")
    copy_sqlite(sqlite_template, home)
    with open_shop(Settings(home=home)) as opened:
        opened.import_file(order_file(*year()))
        first = opened.page("/purchases/monday")
        assert "2025年11月" in first
        assert "最後の取り込みではだれも動きませんでした" not in first
        later = (row(number=600, day="2025/12/20", customer="S1"), row(number=601, day="2026/01/31", customer="T1"))
        opened.import_file(order_file(*later))
        yield opened


def test_each_number_opens_as_many_people_as_it_says(stocked: Shop) -> None:
    found = NUMBER.findall(stocked.page("/purchases/monday"))
    assert len(found) > 2
    for address, said in found:
        shown = HEAD_COUNT.search(stocked.page(unescape(address)))
        assert shown is not None
        assert shown[1] == said, address


def test_what_the_last_import_moved_comes_first(stocked: Shop) -> None:
    page = stocked.page("/purchases/monday")
    assert "最後の取り込みで" in page
    assert "%40last" in page
    assert "since=import" in page
    assert "この数字の数え方" in page


def test_a_build_is_counted_once_and_stands_above_the_first_table(stocked: Shop) -> None:
    stocked.page("/purchases?now=1")
    page = stocked.page("/purchases")
    places = [page.index(text) for text in (*BLOCKS, "購入回数と、最後の購入からの日数")]
    assert places == sorted(places)
    assert 'hx-get="/purchases/monday"' not in page


def test_two_first_looks_count_once(stocked: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    at_work = Event()

    def slow(*_: object) -> Monday:
        counts.append(1)
        at_work.wait(0.5)
        return Monday("none")

    monkeypatch.setattr(monday_figures, "_remembered", {})
    monkeypatch.setattr(monday_figures, "_counted", slow)

    def look() -> None:
        with read_session(stocked.services.engine) as session:
            monday_figures.monday(session, stocked.services.orders, count=True)

    looks = [Thread(target=look) for _ in range(3)]
    for one in looks:
        one.start()
    for one in looks:
        one.join()
    assert len(counts) == 1


def test_the_first_look_after_a_build_waits_for_nothing(settings: Settings) -> None:
    with open_shop(settings) as shop:
        shop.import_file(order_file(*year()))
        page = shop.page("/purchases")
        assert 'hx-get="/purchases/monday"' in page
        assert 'href="/purchases?now=1"' in page
        assert "購入回数と、最後の購入からの日数" in page
        assert all(text in shop.page("/purchases?now=1") for text in BLOCKS)


def test_an_import_that_moved_nobody_is_said_so(settings: Settings) -> None:
    with open_shop(settings) as shop:
        shop.import_file(order_file(*year()))
        shop.import_file(order_file(row(number=103, day="2025/04/05", customer="L1", amount="9001")))
        assert "最後の取り込みではだれも動きませんでした" in shop.page("/purchases/monday")


def test_data_of_a_few_days_has_nothing_to_compare(settings: Settings) -> None:
    with open_shop(settings) as shop:
        shop.import_file(order_file(row(number=1), row(number=2, customer="C2", day="2026/09/11")))
        page = shop.page("/purchases/monday")
        assert "まだくらべる期間がありません" in page
        assert "離れた方はまだいません" in page


def test_without_orders_nothing_stands_above_the_invitation(settings: Settings) -> None:
    with open_shop(settings) as shop:
        assert "まだ注文がありません" in shop.page("/purchases?now=1")
        assert shop.page("/purchases/monday").strip() == ""


def test_a_build_without_orders_kept_says_when_it_is_counted(settings: Settings) -> None:
    with open_shop(settings) as shop:
        shop.import_file(order_file(*year()))
        for file in shop.services.orders.orders_dir.glob("orders-*"):
            file.unlink()
        assert "次の取り込みか基準日の変更のときに集計します" in shop.page("/purchases")


@pytest.mark.parametrize("path", ["/purchases", "/purchases/monday"])
def test_a_planner_does_not_see_customers(settings: Settings, path: str) -> None:
    with open_shop(settings, role=Role.PLANNER) as shop:
        shop.page(path, status=403)
