"""Every page in Chromium, both languages, both widths: accessible, quiet, nothing blocked, nobody else called.

Each language is read whole by axe at one width and each width in one language: what a rule finds hangs on the words or on
the width. Rules about where things end up, which hang on both, and sideways scrolling are looked at in all four views.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import WIDTHS, Watch, watched_page
from tests.support.world import World
from tests.web.routes_of import Case, ids, pages

pytestmark = pytest.mark.browser
Look = Callable[[str, str], tuple[Page, Watch]]
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OF_PLACE = ("target-size", "scrollable-region-focusable")
VIEWS = {"ja": (1280, 390), "en": (390, 1280)}  # language → widths; axe reads all of the first


@cache
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe_source())
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, reporter: 'no-passes'}).then(r => r.violations)", rules
    )
    return [f"{v['id']}: {node['target']} {node['html'][:120]}" for v in found for node in v["nodes"]]


@pytest.fixture(scope="module")
def look(browser: Browser, live_server: str, live_world: World) -> Iterator[Look]:
    """Return the one page of a role in a language; a page of its own for every test would be most of the work."""
    opened: dict[tuple[str, str], tuple[Page, Watch]] = {}
    with ExitStack() as stack:

        def of(role: str, locale: str) -> tuple[Page, Watch]:
            if (role, locale) not in opened:
                token = live_world.tokens[role] if role else ""
                opened[role, locale] = stack.enter_context(
                    watched_page(browser, live_server, locale=locale, token=token)
                )
            page, watch = opened[role, locale]
            watch.troubles.clear()
            return page, watch

        yield of


@pytest.mark.parametrize("case", pages(), ids=ids)
def test_page(case: Case, look: Look, live_server: str, live_world: World) -> None:
    troubles: list[str] = []
    role = "" if case.name == "sign_in" else "planner" if case.name.startswith("planner") else "admin"
    for locale, widths in VIEWS.items():
        live_world.speak(locale)
        page, watch = look(role, locale)
        for width in widths:
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            if width == widths[0]:
                page.goto(live_server + case.path(live_world))
            where = f"{locale} {width}"
            troubles += [f"{where} {t}" for t in violations(page, RULES if width == widths[0] else OF_PLACE)]
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if overflow > 0:
                troubles.append(f"{where} scrolls sideways by {overflow} px")
        troubles += watch.troubles
    assert not troubles
