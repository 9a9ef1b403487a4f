"""Every page in Chromium, both languages, both widths: accessible, quiet, nothing blocked, nobody else called."""

from functools import cache
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import WIDTHS, watched_page
from tests.support.world import World
from tests.web.routes_of import Case, ids, pages

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    page.evaluate(axe_source())
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(r => r.violations)", RULES
    )
    return [f"{v['id']}: {node['target']} {node['html'][:120]}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize("case", pages(), ids=ids)
def test_page(case: Case, browser: Browser, live_server: str, live_world: World) -> None:
    troubles: list[str] = []
    token = (
        "" if case.name == "sign_in" else live_world.tokens["planner" if case.name.startswith("planner") else "admin"]
    )
    for locale in ("ja", "en"):
        with watched_page(browser, live_server, locale=locale, token=token) as (page, watch):
            live_world.speak(locale)
            for width, height in WIDTHS.items():
                page.set_viewport_size({"width": width, "height": height})
                page.goto(live_server + case.path(live_world))
                where = f"{locale} {width}"
                troubles += [f"{where} {t}" for t in violations(page)]
                overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if overflow > 0:
                    troubles.append(f"{where} scrolls sideways by {overflow} px")
            troubles += watch.troubles
    assert not troubles
