"""The pages of coming back: what they say of a small shop, of none, and of one counted by an earlier version."""

import re
from collections.abc import Iterator

import pytest

from app.core.settings import Settings
from tests.purchases.build import Shop as Orders
from tests.support.homes import Homes
from tests.web.purchase_shop import COLUMNS, Shop, open_shop, order_file, row

PAGES = ("/purchases/cohorts", "/purchases/repeat", "/purchases/value")
MONTHS = ("2026/05/03", "2026/06/02", "2026/07/01")


@pytest.fixture
def empty(settings: Settings) -> Iterator[Shop]:
    with open_shop(settings) as opened:
        yield opened


@pytest.fixture
def shop(settings: Settings, homes: Homes) -> Iterator[Shop]:
    homes.fill(settings, fill)
    with open_shop(settings) as opened:
        yield opened


def fill(shop: Orders) -> None:
    """Twelve people began in May: nine ordered in June, three of them in July too; two began in June."""
    orders = [
        row(number=10 * who + place, customer=f"K{who:03}", day=MONTHS[place])
        for who in range(12)
        for place in range(1 + (who < 9) + (who < 3))
    ]
    orders += [row(number=900 + who, customer=f"L{who:03}", day="2026/06/20") for who in range(2)]
    shop.take(order_file(*orders), source="本店", columns=COLUMNS)


def advertised(shop: Orders) -> None:
    """Twelve people came by advertisements on social media, two by a search, of one no word is said."""
    found = [("SNS広告", who) for who in range(12)] + [("検索広告", who) for who in range(2)] + [("", 0)]
    rows = [f"{number},2026/05/03,K{number},美容液,1,3960,{word}\r\n" for number, (word, _) in enumerate(found)]
    head = "注文番号,受注日,顧客番号,商品名,個数,金額,広告URLグループ名\r\n"
    shop.take((head + "".join(rows)).encode(), source="本店")


@pytest.fixture
def advertising(settings: Settings, homes: Homes) -> Iterator[Shop]:
    homes.fill(settings, advertised)
    with open_shop(settings) as opened:
        yield opened


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_cohorts_say_shares_and_open_their_people(shop: Shop) -> None:
    page = shop.page("/purchases/cohorts")
    assert "初回の翌月に注文する方は75%です。" in page
    assert "first_month=2026-05&amp;ordered_in_month=2026-06" in page
    may = text_of(page.split("2026年5月</th>", 1)[1].split("</tr>", 1)[0])
    assert re.findall(r"\d+%", may) == ["75%", "25%"]
    june = page.split('<th scope="row" class="st">2026年6月', 1)[1].split("</tr>", 1)[0]
    assert ">0<" in june
    assert 'class="h0 open"' in june
    assert "途中の月" in page


def test_few_people_have_no_percent(shop: Shop) -> None:
    june = shop.page("/purchases/cohorts").split('<th scope="row" class="st">2026年6月', 1)[1].split("</tr>", 1)[0]
    assert "%" not in june


def test_the_months_shown_can_be_chosen(shop: Shop) -> None:
    assert 'months=12" aria-current' in shop.page("/purchases/cohorts?months=12")
    assert 'months=24" aria-current' in shop.page("/purchases/cohorts?months=nonsense")


def test_steps_count_only_people_who_had_the_time(shop: Shop) -> None:
    page = text_of(shop.page("/purchases/repeat"))
    assert "30 日 12 人" not in page
    row = re.search(r"30日 ([\d.]+) % (\d+) (\d+)", page)
    assert row is not None
    assert row.groups() == ("75.0", "9", "12")
    assert "これまで 64.3 % 9 14" in page
    assert "2回目 9 3 33.3 %" in page


def test_steps_can_be_asked_within_other_days(shop: Shop) -> None:
    assert "step_within=1%3D30" in shop.page("/purchases/repeat?days=30")
    assert "30日以内(日数のたった方のうち)" in shop.page("/purchases/repeat?days=30")
    assert "90日以内(日数のたった方のうち)" in shop.page("/purchases/repeat?days=31")


def test_values_and_later_products(shop: Shop) -> None:
    page = shop.page("/purchases/value")
    assert "初回からの累計購入額(LTV)" in page
    assert "同じ商品をまた購入" in page
    for by in ("channel", "month", "nonsense"):
        assert "累計" in shop.page(f"/purchases/value?by={by}")
    assert "first_month=2026-05" in shop.page("/purchases/value?by=month")


def test_without_a_word_of_what_brought_people_the_page_says_what_would_bring_it(shop: Shop) -> None:
    page = shop.page("/purchases/value?by=acquisition")
    assert "by=acquisition" not in page
    assert 'by=product#lt" aria-current' in page
    assert "獲得経路の列(広告URLグループ名、流入元、utm_sourceなど)がある注文ファイルを取り込むと" in page
    assert shop.page("/purchases/value.csv?by=acquisition").startswith("\ufeff初回の商品,")


def test_a_shop_of_a_single_day_has_values_too(advertising: Shop) -> None:
    assert ">まだ</span>" in advertising.page("/purchases/value")


def test_values_by_what_brought_people_open_their_people(advertising: Shop) -> None:
    page = advertising.page("/purchases/value?by=acquisition")
    assert 'by=acquisition#lt" aria-current="true">獲得経路</a>' in page
    assert "の列(" not in page
    table = page.split('<h2 id="lt">', 1)[1].split("</table>", 1)[0]
    shown = [text_of(part).split()[:2] for part in table.split('<th scope="row">')[1:]]
    assert shown == [["すべてのお客さま", "15"], ["SNS広告", "12"], ["検索広告", "2"], ["記載なし", "1"]]
    query = "acquisition_channel=SNS%E5%BA%83%E5%91%8A"
    assert f'/purchases/people-of?{query}">12</a>' in table
    people = advertising.page(f"/purchases/people-of?{query}")
    assert "獲得経路が" in people
    saved = advertising.page("/purchases/value.csv?by=acquisition")
    assert saved.startswith("\ufeff獲得経路,")
    assert "\r\nSNS広告,JPY,12," in saved


def test_tables_can_be_saved(shop: Shop) -> None:
    cohorts = shop.page("/purchases/cohorts.csv")
    assert cohorts.startswith("\ufeff初回の月,")
    assert "2026-05,12,1,2026-06,9,75.0,1,2026-07-01\r\n" in cohorts
    assert "\r\n1,14,9,64.3,12,75.0," in shop.page("/purchases/repeat.csv")
    assert "2026-05-01,JPY,12," in shop.page("/purchases/value.csv?by=month")
    assert shop.page("/purchases/value.csv").count("\r\n") == 2
    assert re.search(r",9,64\.3,\d{4}-\d\d-\d\d\r\n", shop.page("/purchases/value.csv?by=cross"))


@pytest.mark.parametrize("path", PAGES)
def test_without_orders_there_is_no_file(empty: Shop, path: str) -> None:
    empty.page(f"{path}.csv", status=404)


@pytest.mark.parametrize("path", PAGES)
def test_without_orders_the_page_says_so(empty: Shop, path: str) -> None:
    assert "注文がまだありません" in empty.page(path) or "まだ" in empty.page(path)
    assert "rule" not in empty.page(path)


@pytest.mark.parametrize("path", PAGES)
def test_a_build_of_an_earlier_version_waits(shop: Shop, path: str) -> None:
    for file in shop.services.orders.orders_dir.glob("orders-*.parquet"):
        file.unlink()
    assert "まだ集計していません" in shop.page(path)
