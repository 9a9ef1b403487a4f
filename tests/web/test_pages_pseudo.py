"""A made-up language that brackets every translated text: what stands outside the brackets nobody can translate."""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from app.core.i18n import Translator
from app.web import render
from tests.support.client import BASE, sign_in
from tests.support.world import World
from tests.web.routes_of import Case, ids, pages

# English words that are data or names, not text of ours.
DATA = re.compile(
    r"\b[A-Z]{3}\b|CSV|TSV|TOML|PPTX|XLSX|PowerPoint|Excel|UTF|JPY|Interview Desk|(?:orders|members)\w*\.csv|(?:cp|shift_jis|utf)[\w-]*|"
    r"researcher|planner|admin|outsider|T-dirty|canary-\w+@example\.invalid|T\d+-\d+|CAN\d+|AM-\w+|Ctrl|Alt|Enter|Esc|"
    r"English|JavaScript|EC|RFM|VIP|TEL|HANAKO|[a-z2-7]{12,16}|gz|mL",
)


class Brackets(dict[str, str | tuple[str, ...]]):
    """A catalogue in which every sentence is itself in brackets."""

    def get(self, key: str, default: object = None) -> str:
        del default
        return f"⟦{key}⟧"


@pytest.fixture(scope="module")
def pseudo_client(demo_world: World) -> Iterator[TestClient]:
    pseudo = Translator(locale="ja", catalog=Brackets(), zone=ZoneInfo("Asia/Tokyo"))
    patch = pytest.MonkeyPatch()
    patch.setattr(render, "translator", lambda *_: pseudo)
    render.environment.cache_clear()
    with TestClient(demo_world.app(), base_url=BASE, follow_redirects=False) as client:
        yield sign_in(client, demo_world, "admin")
    patch.undo()
    render.environment.cache_clear()


def unwrapped(html: str) -> list[str]:
    """Return English words of a page's text and labels that stand in no bracket."""
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    html = re.sub(r'<(\w+)\b[^>]* translate="no"[^>]*>.*?</\1>', " ", html, flags=re.DOTALL)  # names and data
    labels = " \n ".join(re.findall(r'(?:alt|title|aria-label|placeholder)="([^"]*)"', html))
    text = re.sub(r"<[^>]*>", "\n", html) + "\n" + labels
    while "⟦" in text and (shorter := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:
        text = shorter
    return re.findall(r"[A-Za-z]{3,}", DATA.sub(" ", text))


@pytest.mark.parametrize("case", [c for c in pages() if c.name != "sign_in"], ids=ids)
def test_every_text_can_be_translated(case: Case, pseudo_client: TestClient, demo_world: World) -> None:
    response = pseudo_client.get(case.path(demo_world))
    assert response.status_code == 200
    assert unwrapped(response.text) == []
