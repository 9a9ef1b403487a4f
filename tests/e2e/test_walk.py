"""The main job from an order file to a deck, in Chromium, on the real server with the real tagger."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core.clock import utc_now
from app.core.settings import Settings
from tests.e2e.people import PASSWORD, add_people, sign_in, sign_out
from tests.support.browser import Watch, serving, watched_page
from tests.support.orders import CANARIES, order_file

pytestmark = pytest.mark.browser
ANSWERS = {
    "q1": "夕方になると頬がつっぱって、化粧も浮いてしまうのが悩みでした。鏡を見るたびに気になっていました。",
    "q2": "友人がインスタグラムで紹介していて知りました。そのあと公式サイトで調べました。",
    "q3": "すぐには買わずに、二週間ほど口コミを読んで比べました。",
    "q4": "敏感肌なので肌に合わなかったらどうしようと不安でした。値段も少し高いかなと思いました。",
    "q5": "小さいお試しサイズがあったので、それなら失敗しても大丈夫だと思って決めました。",
    "q6": "三日目の朝に洗顔したら、つっぱらなくなっていて驚きました。それからずっと使い続けています。",
    "q7": "前に使っていた化粧水も良かったのですが、香りが強くて続きませんでした。",
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("walk")
    settings = Settings(home=folder / "home")
    add_people(settings, sqlite_template, now=utc_now())
    with serving(settings, folder / "serve.log") as base:
        yield base


def test_from_an_order_file_to_a_deck(browser: Browser, installation: str, tmp_path: Path) -> None:
    with watched_page(browser, installation) as (page, watch):
        sign_in(page, installation, "researcher", PASSWORD)
        import_orders(page, installation, tmp_path / "注文.csv")
        look_at_purchases(page, installation)
        study = make_study(page, installation)
        interview = pick_and_ask(page, installation, study)
        talk(page, interview)
        review_tags(page, interview)
        board = boards(page, installation, study, interview)
        download(page, installation, study)
        sign_out(page)
        assert watch.troubles == []
    with watched_page(browser, installation) as (page, watch):
        sign_in(page, installation, "planner", PASSWORD)
        as_planner(page, watch, installation, study, board)


def import_orders(page: Page, base: str, file: Path) -> None:
    """A CP932 file whose customer column nobody could guess: the person says which it is."""
    text = order_file().decode("cp932").replace("会員ID", "おなじみさんの札", 1)
    file.write_bytes(text.encode("cp932"))
    page.goto(f"{base}/purchases/imports/new")
    page.fill("#f-source", "本店")
    page.set_input_files("#f-file", file)
    page.click("form[action$='/purchases/imports'] button[type=submit]")
    page.select_option("#f-col_customer_key", "おなじみさんの札")
    page.click("button[value=check]")
    confirm = page.locator("form[action$='/confirm'] button")
    expect(confirm).to_be_visible(timeout=60_000)
    expect(page.locator("main")).to_contain_text("64")
    confirm.click()
    expect(page.locator("main a[href$='/undo']")).to_be_visible(timeout=60_000)


def look_at_purchases(page: Page, base: str) -> None:
    page.goto(f"{base}/purchases")
    expect(page.locator("main")).to_contain_text("2026年11月15日")
    page.goto(f"{base}/purchases/customers")
    page.locator("main a[href*='/purchases/customers/']").first.click()
    expect(page.locator("main svg").first).to_be_visible()


def make_study(page: Page, base: str) -> str:
    """Make a study, open it to the planner, return its address."""
    page.goto(f"{base}/studies/new")
    page.fill("#f-product", "あまみず 美容液")
    page.fill("#f-title", "続く人とやめた人")
    for lane in ("loyal", "lapsed", "churned"):
        page.fill(f"#f-{lane}", "1")
    page.click("form[action$='/studies'] button[type=submit]")
    study = re.search(r"/studies/\w+", page.url)
    assert study
    page.goto(base + study[0])
    page.fill("#f-login", "planner")
    page.click("button[value=add_member]")
    expect(page.locator(".mem")).to_contain_text("企画 次郎")
    return base + study[0]


def pick_and_ask(page: Page, base: str, study: str) -> str:
    """Pick people, take the first, give consent; return the interview's address."""
    page.goto(f"{study}/candidates")
    page.click("form[action$='/candidates/pick'] button.primary")
    expect(page.locator(".pc")).not_to_have_count(0)
    first = page.locator(".pc").first
    expect(first.locator(".why-t")).to_contain_text("回")
    first.locator("button[value=agreed]").click()
    page.locator("form[action$='/interview'] button").first.click()
    page.wait_for_url("**/consent")
    interview = page.url.removesuffix("/consent")
    page.goto(f"{interview}/live")
    expect(page.locator("textarea[name=answer]")).to_have_count(0)
    page.goto(f"{interview}/consent")
    for box in page.locator("input[name=granted]").all():
        box.check()
    page.check("#way-tablet")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/live*")
    assert interview.startswith(base)
    return interview


def talk(page: Page, interview: str) -> None:
    """Answer all questions by keyboard; answers are kept without a click, tags appear while typing."""
    for question, text in ANSWERS.items():
        box = page.locator(f"#ans-{question}")
        expect(box).to_be_visible()
        box.fill(text)
        if question == "q1":
            expect(page.locator("#save-state")).to_contain_text("保存", timeout=15_000)
            expect(page.locator("#mirror-q1 [class*=s-], #mirror-q1 mark").first).to_be_attached(timeout=40_000)
        box.press("Control+Enter")
    page.wait_for_url("**/finish")
    page.goto(f"{interview}/live?q=q1")
    expect(page.locator("#ans-q1")).to_have_value(ANSWERS["q1"])
    page.goto(f"{interview}/finish")
    page.check("input[name=next_intention][value=yes]")
    page.click("form[action$='/finish'] button[type=submit]")
    page.wait_for_url(interview)
    expect(page.locator("main")).to_contain_text(ANSWERS["q6"][:12])


def review_tags(page: Page, interview: str) -> None:
    """The worker's tags come; a person accepts them all."""
    tag = page.locator("form[action$='/tags/accept'] button, button[formaction$='/tags/accept']").first

    def there() -> bool:
        page.goto(f"{interview}/tags")
        return tag.count() > 0

    for _ in range(60):
        if there():
            break
        page.wait_for_timeout(500)  # the worker tags in another process and this page does not poll
    expect(tag).to_be_attached()
    tag.click()
    expect(page.locator("main")).to_contain_text("つっぱ")


def boards(page: Page, base: str, study: str, interview: str) -> str:
    """The person's board shows the words beside the orders; the study's board counts by class."""
    page.goto(interview)
    board = page.locator("a[href*='/people/']").first.get_attribute("href")
    assert board
    page.goto(base + board)
    expect(page.locator("main")).to_contain_text("つっぱ")
    expect(page.locator("main svg").first).to_be_visible()
    page.goto(f"{study}/board")
    expect(page.locator("main table").first).to_be_visible()
    return base + board


def download(page: Page, base: str, study: str) -> None:
    page.goto(f"{base}/exports")
    for kind in ("pptx", "xlsx"):
        form = f"form[action='{study.removeprefix(base)}/exports']:has(input[name=kind][value={kind}])"
        button = page.locator(f"{form} button").first
        with page.expect_download() as saved:
            button.click()
        content = Path(saved.value.path()).read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        assert "つっぱ" in text
        assert not [canary for canary in CANARIES if canary in text]


def as_planner(page: Page, watch: Watch, base: str, study: str, board: str) -> None:
    """A planner reads boards and takes the deck; customers, candidates and interviews stay closed."""
    page.goto(base)
    assert page.url.endswith("/boards")
    page.goto(board)
    expect(page.locator("main")).to_contain_text("つっぱ")
    assert not [canary for canary in CANARIES if canary in page.content()]
    download(page, base, study)
    assert watch.troubles == []
    for closed in (f"{base}/purchases", f"{base}/purchases/customers", f"{study}/candidates", f"{base}/interviews"):
        response = page.goto(closed)
        assert response
        assert response.status == 403
