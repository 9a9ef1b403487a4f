"""A picture of every page, for looking at. `make shots` writes them; in the test run a few prove that it works."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import WIDTHS, watched_page
from tests.support.world import World
from tests.web.routes_of import Case, ids, pages

pytestmark = pytest.mark.browser
FOLDER = os.environ.get("N1_SHOTS")


def wanted() -> list[Case]:
    return pages() if FOLDER else [case for case in pages() if case.name in {"sign_in", "person_board"}]


@pytest.mark.parametrize("case", wanted(), ids=ids)
def test_shot(case: Case, browser: Browser, live_server: str, live_world: World, tmp_path: Path) -> None:
    folder = Path(FOLDER) if FOLDER else tmp_path
    token = (
        "" if case.name == "sign_in" else live_world.tokens["planner" if case.name.startswith("planner") else "admin"]
    )
    for locale in ("ja", "en"):
        live_world.speak(locale)
        for width in WIDTHS:
            with watched_page(browser, live_server, width=width, locale=locale, token=token) as (page, _watch):
                page.goto(live_server + case.path(live_world))
                target = folder / f"{case.name}-{locale}-{width}.png"
                page.screenshot(path=target, full_page=True, animations="disabled")
                assert target.stat().st_size > 5_000
