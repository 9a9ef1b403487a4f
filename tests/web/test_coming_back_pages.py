"""The page of coming back and the words on a customer's page, as a researcher meets them."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest

from app.core.database import make_engine
from app.core.settings import Settings
from app.main import make_job_services
from app.purchases.returning import tasks
from app.web.charts.returning.bands import Measured, band_chart
from tests.purchases.build import make_shop, row, text_of
from tests.purchases.returning import shops
from tests.support.database import copy_sqlite
from tests.web.purchase_shop import Shop, open_shop

PAGE = "/purchases/coming-back"
START = date(2024, 1, 1)
PEOPLE = re.compile(r'<a href="(/purchases/people-of\?p_return=[^"]+)">([0-9,]+)<')


@pytest.fixture(scope="module")
def stocked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop whose regression settles."""
    home = tmp_path_factory.mktemp("returning")
    copy_sqlite(sqlite_template, home)
    rows = [
        row(order=f"o{n}", customer=f"c{who:04}", day=str(START + timedelta(days=day)), price=round(amount))
        for n, (who, day, amount) in enumerate(shops.made(9, customers=3000).orders)
    ]
    settings = Settings(home=home)
    engine = make_engine(settings)
    make_shop(settings, engine).take(text_of(*rows))
    engine.dispose()
    with open_shop(settings) as opened:
        yield opened


def counted(shop: Shop) -> Shop:
    tasks.run_returns(make_job_services(shop.services.settings))
    return shop


def test_without_orders_the_page_says_what_belongs_there(settings: Settings) -> None:
    with open_shop(settings) as shop:
        assert "まだ注文がありません" in shop.page(PAGE)


def test_a_count_that_broke_off_says_so_and_can_be_asked_for_again(
    stocked: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise MemoryError

    for file in stocked.services.orders.orders_dir.glob("returns-*"):
        file.unlink()
    with monkeypatch.context() as patch:
        patch.setattr("app.purchases.returning.kept.count", broken)
        with pytest.raises(MemoryError):
            counted(stocked)
    for _ in range(2):
        page = stocked.page(PAGE)
        assert "集計できませんでした" in page
        assert "もう一度集計する" in page
    stocked.post(PAGE, {})
    assert "集計できませんでした" not in stocked.page(PAGE)
    assert PEOPLE.search(stocked.page(PAGE))


def test_every_class_and_band_opens_its_people_and_they_add_up(stocked: Shop) -> None:
    page = counted(stocked).page(PAGE)
    links = re.findall(r'<a href="(/purchases/people-of\?[^"]+)">([0-9,]+)<', page)
    found = {unescape(query): int(n.replace(",", "")) for query, n in links}
    bands = {query: n for query, n in found.items() if "customer_class" not in query}
    assert len(bands) == 5
    for band, people in bands.items():
        cells = {q: n for q, n in found.items() if "customer_class" in q and band.partition("?")[2] in q.split("&")}
        assert sum(cells.values()) == people
        for query, n in list(cells.items())[:2]:
            assert f"<b>{n:,}人</b>" in stocked.page(query)


def test_what_nobody_counted_yet_is_counted_when_the_page_is_asked_for(stocked: Shop) -> None:
    for file in stocked.services.orders.orders_dir.glob("returns-*"):
        file.unlink()
    person = next(iter(re.findall(r'href="(/purchases/customers/[a-z2-7]{16})"', stocked.page("/purchases/customers"))))
    assert "再購入する見込み" not in stocked.page(person)
    assert "数えています" in stocked.page(PAGE)
    assert "数えています" not in stocked.page(PAGE)
    assert "再購入する見込み" in stocked.page(person)


def test_numbers_open_as_many_people_as_they_say(stocked: Shop) -> None:
    page = counted(stocked).page(PAGE)
    found = PEOPLE.findall(page)
    assert len(found) >= 3
    for address, number in found:
        assert f"<b>{number}人</b>" in stocked.page(unescape(address)).replace(" ", "")
    assert sum(int(number.replace(",", "")) for _, number in found) == 3000


def test_the_past_is_said_in_words(stocked: Shop) -> None:
    page = counted(stocked).page(PAGE)
    assert re.search(r"100組のうち\d\d組で、再購入した方の見込みのほうが高く", page)
    assert re.search(r"見込みが最も高い50人のうち、\d+人が再購入", page)
    assert "リッジ・ロジスティック回帰" in page
    assert 'role="img"' in page


def test_a_customer_has_the_reasons_beside_the_class(stocked: Shop) -> None:
    address = unescape(PEOPLE.findall(counted(stocked).page(PAGE))[0][0])
    person = next(iter(re.findall(r'href="(/purchases/customers/[a-z2-7]{16})"', stocked.page(address))))
    page = stocked.page(person)
    assert re.search(r"90日以内に再購入する見込み \d+%", page)
    assert re.search(r"同じような方の\d+%が90日以内に再購入", page)


def test_columns_stand_for_who_came_back_and_lines_for_what_was_expected() -> None:
    bands = [Measured(0, 10, 200, 0.05, 0.1), Measured(10, 25, 0, None, None), Measured(25, 50, 9, 0.4, 1.0)]
    drawn = band_chart(bands)
    first, last = drawn.columns
    assert [middle for middle, _ in drawn.empty] == [round((first.middle + last.middle) / 2, 1)]
    assert first.y == drawn.base_y - first.height
    assert first.height * 10 == pytest.approx(last.height, abs=1)
    assert drawn.base_y - first.line == pytest.approx(first.height / 2, abs=0.2)
    assert (first.few, last.few) == (False, True)
