"""What only a browser can show of the import pages: a dropped file, a row mended by keyboard, a page that moves by itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.core.database import make_engine, write_session
from app.purchases import queries
from app.purchases.models import ImportState
from tests.support.browser import running, watched_page
from tests.support.moment import NOW
from tests.support.world import World

pytestmark = pytest.mark.browser
DROP = """
form => {
  const held = new DataTransfer();
  held.items.add(new File(["注文番号,受注日\\r\\n1,2026/09/10\\r\\n"], "落とした.csv", { type: "text/csv" }));
  for (const name of ["dragenter", "dragover", "drop"])
    form.dispatchEvent(new DragEvent(name, { dataTransfer: held, bubbles: true, cancelable: true }));
}
"""


@pytest.fixture
def shop(demo_world: World, tmp_path: Path) -> World:
    """A copy of the company that a test may change."""
    return demo_world.copied_to(tmp_path / "home")


@pytest.fixture
def address(shop: World) -> Iterator[str]:
    with running(shop.app()) as base:
        yield base


def test_a_file_dropped_anywhere_on_the_form_is_chosen(browser: Browser, address: str, shop: World) -> None:
    with watched_page(browser, address, token=shop.tokens["researcher"]) as (page, watch):
        page.goto(f"{address}/purchases/imports/new")
        page.locator("form[data-upload-limit]").evaluate(DROP)
        assert page.locator("#f-file").evaluate("input => input.files[0].name") == "落とした.csv"
        expect(page.locator(".drop.full")).to_be_visible()
        expect(page.locator("#f-new_source")).to_be_hidden()
        page.select_option("#f-source", "/new")
        page.fill("#f-new_source", "落とす店")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("落とした.csv")
        assert watch.troubles == []


def test_a_held_back_row_is_mended_without_a_mouse(browser: Browser, address: str, shop: World) -> None:
    with watched_page(browser, address, width=390, token=shop.tokens["researcher"]) as (page, watch):
        page.goto(f"{address}/purchases/imports/{shop.ids['import_checked']}/held-rows")
        cell = page.locator("input[name^='c-']").first
        cell.focus()
        cell.fill("いつか")
        page.keyboard.press("Enter")
        expect(page.locator("[role=alert]")).to_contain_text("まだ読めません")
        expect(page.locator("input[aria-invalid]")).to_have_value("いつか")
        page.locator("input[aria-invalid]").fill("2026/09/10")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("直した行")
        # a refused form is told by the browser itself
        assert [told for told in watch.troubles if "422" not in told] == []


def test_progress_moves_by_itself_and_ends_on_the_report(browser: Browser, address: str, shop: World) -> None:
    with watched_page(browser, address, token=shop.tokens["researcher"]) as (page, watch):
        page_address = f"{address}/purchases/imports/{shop.ids['import_uploaded']}"
        put(shop, state=ImportState.CHECKING, phase="reading", phase_started_at=NOW - timedelta(seconds=10),
            progress_done=100, progress_total=1000)  # fmt: skip
        page.goto(page_address)
        expect(bar(page)).to_have_attribute("aria-valuenow", "100")
        put(shop, progress_done=600)
        expect(bar(page)).to_have_attribute("aria-valuenow", "600", timeout=5_000)
        put(shop, state=ImportState.UPLOADED)
        expect(page.locator("#mapping")).to_be_visible(timeout=5_000)
        assert watch.troubles == []


def bar(page: Page) -> Locator:
    return page.locator("progress")


def put(world: World, **values: object) -> None:
    engine = make_engine(world.settings)
    with write_session(engine) as session:
        run = queries.get_import(session, world.ids["import_uploaded"])
        for name, value in values.items():
            setattr(run, name, value)
        session.add(run)
    engine.dispose()
