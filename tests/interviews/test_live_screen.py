"""The hour that must not fail, in Chromium: kana conversion, two tabs, a lost connection, keys."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect
from sqlmodel import col, select

from app.core.database import make_engine, read_session
from app.interviews.models import Answer, Interview
from tests.support.browser import running, watched_page
from tests.support.world import World

pytestmark = pytest.mark.browser
PAUSE = 800
LONGER = 1300


@pytest.fixture(scope="module")
def world(demo_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A company of this module's own; each test writes to a question that no other test uses."""
    return demo_world.copied_to(tmp_path_factory.mktemp("live-screen") / "company")


@pytest.fixture(scope="module")
def base(world: World) -> Iterator[str]:
    with running(world.app()) as address:
        yield address


@pytest.fixture
def page(browser: Browser, base: str, world: World) -> Iterator[Page]:
    with watched_page(browser, base, token=world.tokens["researcher"]) as (opened, _watch):
        yield opened


def open_question(page: Page, base: str, world: World, question_id: str) -> None:
    page.goto(f"{base}/interviews/{world.ids['live']}/live?q={question_id}")
    expect(page.locator(f"#ans-{question_id}")).to_be_focused()


def stored(world: World, question_id: str) -> str:
    engine = make_engine(world.settings)
    with read_session(engine) as session:
        query = (
            select(col(Answer.text))
            .join(Interview, col(Interview.id) == col(Answer.interview_id))
            .where(col(Interview.public_id) == world.ids["live"], col(Answer.question_id) == question_id)
        )
        text = session.exec(query).one_or_none()
    engine.dispose()
    return text or ""


def saves(page: Page) -> list[str]:
    """Return a list that grows with every posted answer."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            found.append(request.url)

    page.on("request", note)
    return found


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_contain_text("保存済み")


def test_silent_while_kana_is_converted_and_one_save_after(page: Page, base: str, world: World):
    open_question(page, base, world, "q2")
    posts = saves(page)
    keyboard = page.context.new_cdp_session(page)
    for step in ("に", "にほ", "にほんg", "にほんごの"):
        keyboard.send("Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)})
        page.wait_for_timeout(PAUSE + 100)  # longer than the autosave waits: a save would have come by now
    page.keyboard.press("Control+Enter")
    expect(page.locator("#panel-q2")).to_be_visible()
    assert posts == []
    keyboard.send("Input.insertText", {"text": "日本語の"})
    saved(page)
    assert (len(posts), stored(world, "q2")) == (1, "日本語の")


def test_two_tabs_on_one_answer_show_both_texts(page: Page, base: str, world: World):
    open_question(page, base, world, "q3")
    other = page.context.new_page()
    open_question(other, base, world, "q3")
    expect(page.locator("#second-tab")).to_be_visible()
    page.locator("#ans-q3").fill("一つ目のタブ。")
    saved(page)
    other.locator("#ans-q3").fill("二つ目のタブ。")
    clash = other.locator(".clash")
    expect(clash).to_contain_text("一つ目のタブ。")
    expect(clash).to_contain_text("二つ目のタブ。")
    assert stored(world, "q3") == "一つ目のタブ。"
    clash.locator("[data-choose=both]").click()
    saved(other)
    assert stored(world, "q3") == "一つ目のタブ。\n二つ目のタブ。"


def test_a_lost_connection_loses_nothing(page: Page, base: str, world: World):
    open_question(page, base, world, "q4")
    page.context.set_offline(True)
    page.keyboard.type("つながらない間の文。")
    expect(page.locator("#save-state")).to_have_text("未保存(再送中)")
    page.keyboard.press("Alt+5")
    page.keyboard.type("次の質問も書ける。")
    page.wait_for_timeout(LONGER)  # the retries are to fail for a while before the line is back
    page.context.set_offline(False)
    saved(page)
    assert (stored(world, "q4"), stored(world, "q5")) == ("つながらない間の文。", "次の質問も書ける。")


def test_a_session_that_ends_keeps_the_text_until_the_next_sign_in(page: Page, base: str, world: World):
    open_question(page, base, world, "q6")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.keyboard.type("サインインが切れたあと。")
    expect(page.locator("#save-state")).to_contain_text("サインインが切れました")
    assert stored(world, "q6") == ""
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # what cookies() returns is what it takes
    saved(page)
    assert stored(world, "q6") == "サインインが切れたあと。"


def test_unsent_text_outlives_the_page_in_an_encrypted_draft(page: Page, base: str, world: World):
    page.on("dialog", lambda dialog: dialog.accept())
    open_question(page, base, world, "q7")
    page.route("**/answers/**", lambda route: route.abort())
    page.keyboard.type("送れなかった文。")
    expect(page.locator("#save-state")).to_have_text("未保存(再送中)")
    page.unroute("**/answers/**")
    page.route("**/answers/q7", lambda route: route.abort())
    page.reload()
    expect(page.locator("#ans-q7")).to_have_value("送れなかった文。")
    page.unroute("**/answers/q7")
    saved(page)
    assert stored(world, "q7") == "送れなかった文。"


def test_seals_stay_while_the_language_process_is_away_and_come_by_themselves(page: Page, base: str, world: World):
    open_question(page, base, world, "q1")
    panel = page.locator("#panel-q1")
    seals, said = panel.locator(".mirror .sent"), panel.locator("[data-tags-said]")
    expect(seals).not_to_have_count(0)
    before = seals.count()
    away = {"Retry-After": "1", "X-Tags-Summary": quote("いまは提案できません")}
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 3:
            route.continue_()
        else:
            route.fulfill(body="<span>印のない文</span>", headers=away)

    page.route("**/answers/q1/tags", answer)
    said.evaluate(
        "node => { new MutationObserver(() => node.dataset.times = Number(node.dataset.times ?? 0) + 1)"
        ".observe(node, {childList: true, characterData: true, subtree: true}); }"
    )
    page.keyboard.press("Control+End")
    page.keyboard.type("もう一文。")
    expect(said).to_have_text("いまは提案できません")
    expect(seals).to_have_count(before)
    expect(seals).to_have_count(before + 1)
    expect(said).not_to_have_text("いまは提案できません")
    assert (len(asked), said.get_attribute("data-times")) == (4, "2")  # three times away, told once


def test_everything_by_key(page: Page, base: str, world: World):
    open_question(page, base, world, "q1")
    page.keyboard.press("Alt+6")
    lit = page.locator("#timeline .vl > li.lit[id]")
    before = lit.evaluate_all("rows => rows.map(row => row.id)")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+Enter")
    expect(page.locator("#panel-q6 [data-probe]").nth(1)).to_have_class("done")
    page.keyboard.press("Alt+m")
    expect(page.locator("#panel-q6 [data-mark-list] .tag")).to_have_count(1)
    page.keyboard.press("Alt+t")
    expect(page.locator("#timeline")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+t")
    expect(page.locator("#ans-q6")).to_be_focused()
    page.keyboard.press("Alt+1")
    expect(page.locator("#panel-q1")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#panel-q2")).to_be_visible()
    assert before
