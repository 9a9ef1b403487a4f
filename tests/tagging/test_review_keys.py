"""The review in Chromium: single keys decide, can be switched off, and never fire while typing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from app.core.database import make_engine, read_session
from app.tagging.models import Tag, TagState
from tests.support.browser import running, watched_page
from tests.support.world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def review(browser: Browser, demo_world: World, tmp_path: Path) -> Iterator[Page]:
    """The review of the finished interview in a company of the test's own."""
    world = demo_world.copied_to(tmp_path / "company")
    with (
        running(world.app()) as base,
        watched_page(browser, base, token=world.tokens["researcher"]) as (page, watch),
    ):
        page.goto(f"{base}/interviews/{world.ids['finished']}/tags")
        yield page
        assert not watch.troubles


def confirmed(page: Page, number: int) -> None:
    expect(page.locator("#progress b")).to_have_text(str(number))


def test_keys_walk_accept_reject_change_and_add(review: Page) -> None:
    confirmed(review, 0)
    review.keyboard.press("j")
    review.keyboard.press("a")
    confirmed(review, 1)
    expect(review.locator("[data-tag].accepted")).to_have_count(1)
    review.keyboard.press("x")
    confirmed(review, 2)
    expect(review.locator("[data-tag].rejected")).to_have_count(1)
    review.keyboard.press("k")
    review.keyboard.press("8")
    expect(review.locator("[data-tag].changed.st-churn_reason")).to_have_count(1)
    review.keyboard.press("n")
    review.keyboard.press("2")
    expect(review.locator("[data-tag].accepted.st-awareness")).to_have_count(1)
    expect(review.locator("[data-said]")).to_have_text("保存しました。")


def test_keys_can_be_switched_off_and_stay_off(review: Page) -> None:
    review.locator("[data-keys]").uncheck()
    review.reload()
    expect(review.locator("[data-keys]")).not_to_be_checked()
    review.locator("h1").click()
    review.keyboard.press("j")
    review.keyboard.press("a")
    confirmed(review, 0)


def test_keys_do_nothing_while_writing_evidence(review: Page) -> None:
    review.keyboard.press("j")
    review.locator(".rv-add summary").first.click()
    field = review.locator("[name=evidence]").first
    field.press_sequentially("a1x")
    expect(field).to_have_value("a1x")
    confirmed(review, 0)


def test_words_marked_with_the_mouse_become_the_evidence(review: Page) -> None:
    review.keyboard.press("j")
    words = review.locator("[data-words]").first
    words.dblclick(position={"x": 60, "y": 16})
    chosen = review.evaluate("getSelection().toString().trim()")
    review.keyboard.press("4")
    mark = review.locator("[data-sentence]").first.locator("mark.st-anxiety")
    assert chosen
    expect(review.locator("[data-sentence]").first.locator(".st-anxiety[data-tag]")).to_have_count(1)
    assert mark.count() in {0, 1}


def test_buttons_work_without_the_script(browser: Browser, demo_world: World, tmp_path: Path) -> None:
    world = demo_world.copied_to(tmp_path / "company")
    with running(world.app()) as base, watched_page(browser, base, token=world.tokens["researcher"]) as (page, _):
        page.route("**/tagging.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
        page.goto(f"{base}/interviews/{world.ids['finished']}/tags")
        page.locator("[data-decide] button[value=accept]").first.click()
        page.wait_for_load_state()
        confirmed(page, 1)
        assert "#" in page.url
    engine = make_engine(world.settings)
    with read_session(engine) as session:
        states = [tag.state for tag in session.exec(select(Tag))]
    engine.dispose()
    assert states.count(TagState.ACCEPTED) == 1
