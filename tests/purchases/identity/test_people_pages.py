"""The page of customers who may be one person, as people meet it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from sqlmodel import select

from app.accounts.models import AuditEntry
from app.core.database import read_session
from app.core.settings import Settings
from app.main import create_app
from app.purchases.identity.merges import Key
from tests.purchases.build import Shop, make_shop
from tests.purchases.identity.shops import MALL_FILE, SHOP_FILE, guest, pick
from tests.support.browser import WIDTHS, running, watched_page
from tests.web.purchase_shop import Shop as Desk
from tests.web.purchase_shop import open_shop
from tests.web.test_pages_axe import violations

PAGE = "/purchases/people"


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    with open_shop(settings) as opened:
        yield opened


@pytest.fixture
def shop(desk: Desk) -> Shop:
    made = make_shop(desk.settings, desk.services.engine)
    made.take(SHOP_FILE)
    made.take(MALL_FILE, source="楽天市場")
    desk.page(PAGE)  # the first look starts the search
    return made


def ids(page: str) -> list[str]:
    return re.findall(r"data-pair[^>]*", page) and re.findall(r'<li class="pair" id="(\w+)"', page)


def test_without_orders_it_says_what_to_do_and_always_shows_the_rule(desk: Desk) -> None:
    page = desk.page(PAGE)
    assert "まず注文ファイルを取り込んでください" in page
    assert "お客さまの決め方" in page
    assert "電話番号と名前の組み合わせ" in page


def test_without_contact_columns_it_says_that_no_pair_waits(desk: Desk) -> None:
    make_shop(desk.settings, desk.services.engine).take(
        "注文番号,顧客ID,注文日,商品名,数量,単価\n1,a,2026-01-01,A,1,100\n"
    )
    assert "探し直しています" in desk.page(PAGE)
    assert "判断を待つ組はありません" in desk.page(PAGE)


def test_both_sides_stand_beside_each_other_with_masked_contact_data(desk: Desk, shop: Shop) -> None:
    page = desk.page(PAGE)
    assert len(ids(page)) == 3
    assert "メールアドレスが同じ" in page
    assert "電話番号と名前が同じ" in page
    assert "山田 花子" in page
    assert "ha…@shop.example" in page
    assert "hana@shop.example" not in page
    assert "090-7711" not in page
    assert "1001 (shop)が残ります" in page
    assert len(ids(desk.page(f"{PAGE}?reason=mail"))) == 1
    assert len(ids(desk.page(f"{PAGE}?reason=nonsense&after=zzz"))) == 3
    assert ids(desk.page(f"{PAGE}?after=99")) == []


def test_accept_decline_and_take_back(desk: Desk, shop: Shop) -> None:
    first, *_ = ids(desk.page(PAGE))
    desk.post(f"{PAGE}/{first}/merge")
    page = desk.page(PAGE)
    assert "まとめた組" in page
    assert len(ids(page)) == 1
    desk.post(f"{PAGE}/{ids(page)[0]}/decline")
    page = desk.page(PAGE)
    assert "もう候補には出しません" in page
    assert ids(page) == []
    for decision in re.findall(r"decisions/(\w+)/take-back", page):
        desk.post(f"{PAGE}/decisions/{decision}/take-back")
    page = desk.page(PAGE)
    assert "まとめた組" not in page
    assert len(ids(page)) == 3


def test_a_pair_that_is_gone_and_a_decision_that_is_gone_say_so(desk: Desk, shop: Shop) -> None:
    assert "もう判断されています" in desk.post(f"{PAGE}/nobody/merge", status=409)
    assert "もう判断されています" in desk.post(f"{PAGE}/nobody/decline", status=409)
    assert "見つかりません" in desk.post(f"{PAGE}/decisions/nobody/take-back", status=404)
    assert desk.post(f"{PAGE}/nobody/merge", {"keep": "<b>"}, status=422)


def test_two_picked_people_need_a_choice(desk: Desk, shop: Shop) -> None:
    pick(shop, Key("shop", "1001"))
    pick(shop, guest(shop))
    page = desk.page(PAGE)
    assert "どちらの番号を残しますか" in page
    first = ids(desk.page(f"{PAGE}?reason=mail"))[0]
    assert "残す番号を選んでください" in desk.post(f"{PAGE}/{first}/merge", status=422)
    desk.post(f"{PAGE}/{first}/merge", {"keep": "other"})


def test_the_customer_page_says_which_numbers_it_brings_together(desk: Desk, shop: Shop) -> None:
    desk.post(f"{PAGE}/{ids(desk.page(f'{PAGE}?reason=mail'))[0]}/merge")
    ref = shop.store.customer_ref("shop", "1001")
    page = desk.page(f"/purchases/customers/{ref}")
    assert "2つの番号を1人にまとめています" in page
    assert "メールで見分けたゲスト" in page
    assert "3,000" in page
    (decision,) = re.findall(r"decisions/(\w+)/take-back", page)
    desk.post(f"{PAGE}/decisions/{decision}/take-back")
    assert "2つの番号" not in desk.page(f"/purchases/customers/{ref}")
    assert "2つの番号" not in desk.page(f"/purchases/customers/{shop.store.customer_ref('shop', '1002')}")


def test_looking_is_logged_without_names(desk: Desk, shop: Shop) -> None:
    with read_session(shop.parts.engine) as session:
        trail = [(row.action, row.object_id, str(row.detail)) for row in session.scalars(select(AuditEntry))]
    assert ("people.viewed", "", "{}") in trail


@pytest.mark.browser
def test_the_filled_page_is_accessible_and_works_by_keys(desk: Desk, shop: Shop, browser: Browser) -> None:
    token = desk.client.headers["Cookie"].partition("=")[2]
    troubles: list[str] = []
    with running(create_app(services=desk.services)) as base, watched_page(browser, base, token=token) as (page, watch):
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(base + PAGE)
            troubles += violations(page)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        page.locator("[data-pair]").first.focus()
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.id") == page.locator("[data-pair]").nth(1).get_attribute("id")
        page.keyboard.press("k")
        with page.expect_navigation():
            page.keyboard.press("x")
        assert page.locator("[data-pair]").count() == 2
        troubles += watch.troubles
    assert not troubles
