"""Conditions put together by keyboard: the head-count follows what is typed, then the people are kept under a name."""

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import watched_page
from tests.support.world import World

pytestmark = pytest.mark.browser


def test_the_count_follows_and_the_conditions_are_kept(browser: Browser, live_server: str, live_world: World) -> None:
    with watched_page(browser, live_server, token=live_world.tokens["researcher"]) as (page, watch):
        live_world.speak("ja")
        page.goto(f"{live_server}/purchases/people-of")
        count = page.locator("#rule-count")
        before = count.inner_text()
        page.locator("input[name=customer_class][value=lapsed]").press("Space")
        expect(count).not_to_have_text(before)
        groups = page.locator(".rulegroup > summary")
        groups.nth(1).press("Enter")
        page.locator("input[name=orders_from]").fill("たくさん")
        expect(count).to_contain_text("読み取れません")
        page.locator("input[name=orders_from]").fill("2")
        expect(count).to_contain_text("この条件に合うお客さまは")
        told = count.locator("b").inner_text()
        page.locator("input[name=orders_from]").press("Enter")
        expect(page).to_have_url(f"{live_server}/purchases/people-of?customer_class=lapsed&orders=2-")
        assert page.locator(".peoplesum > b").inner_text() in told
        page.locator("summary", has_text="抽出条件として保存").press("Enter")
        page.locator("#f-name").fill("休眠の二回以上")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("休眠の二回以上")
        assert watch.troubles == []
