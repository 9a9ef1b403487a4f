"""What must never come out: names and numbers for planners, typed markup as markup, secrets in addresses and logs."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from tests.support.client import Visitors, visitor
from tests.support.orders import CANARIES
from tests.support.world import Texts, World, build_world
from tests.web.routes_of import Case, cases, ids, pages

PAYLOAD = "\"><img src=x onerror=alert(1)><script>alert(2)</script><b hx-get=/users hx-trigger=load>{{7*7}}'"


def unpacked(content: bytes) -> str:
    """Return all text of a response; the members of a PPTX or XLSX included."""
    if content[:2] != b"PK":
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.mark.parametrize("case", cases("GET"), ids=ids)
def test_planners_never_read_who_it_is(case: Case, client_for: Visitors, demo_world: World) -> None:
    response = client_for("planner").get(case.path(demo_world))
    text = unpacked(response.content) + str(response.headers)
    assert not [canary for canary in CANARIES if canary in text]


@pytest.mark.parametrize("kind", ["pptx", "xlsx"])
@pytest.mark.parametrize("role", ["planner", "researcher"])
def test_exports_never_hold_who_it_is(kind: str, role: str, demo_world: World, tmp_path: Path) -> None:
    world = demo_world.copied_to(tmp_path / "home")
    with visitor(world, role) as client:
        for form in ({"kind": kind}, {"kind": kind, "person_id": world.ids["person"]}):
            response = client.post(f"/studies/{world.ids['study']}/exports", data=form)
            assert response.status_code == 200
            assert response.content[:2] == b"PK"
            assert not [canary for canary in CANARIES if canary in unpacked(response.content)]


def test_the_canaries_are_alive(client_for: Visitors, demo_world: World) -> None:
    """The researcher's customer page does hold them, else the tests above prove nothing."""
    text = client_for("researcher").get(f"/purchases/customers/{demo_world.ids['customer']}").text
    assert [canary for canary in CANARIES if canary in text]


@pytest.mark.parametrize("case", pages(), ids=ids)
def test_addresses_never_hold_who_it_is(case: Case, client_for: Visitors, demo_world: World) -> None:
    role = "anonymous" if case.name == "sign_in" else "researcher"
    html = client_for(role).get(case.path(demo_world)).text
    addresses = re.findall(r'(?:href|src|action|hx-get|hx-post)="([^"]*)"', html)
    assert not [a for a in addresses if any(c in a for c in CANARIES) and not a.startswith(("mailto:", "tel:"))]


@pytest.fixture(scope="module")
def hostile_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    texts = Texts(
        product=PAYLOAD[:80], title=PAYLOAD[:110], question=PAYLOAD, answer=f"{PAYLOAD}。", memo=PAYLOAD,
        display_name=PAYLOAD[:80],
    )  # fmt: skip
    return build_world(tmp_path_factory.mktemp("hostile") / "home", sqlite_template, texts=texts, customers=24)


def test_typed_markup_is_shown_as_text_on_every_page(hostile_world: World) -> None:
    broken = []
    with visitor(hostile_world, "researcher") as client:
        for case in pages():
            html = client.get(case.path(hostile_world)).text
            if re.search(r"<img src=x|<script>alert|<b hx-get|>49<", html):
                broken.append(case.key)
    assert not broken


def test_typed_markup_is_somewhere(hostile_world: World) -> None:
    with visitor(hostile_world, "researcher") as client:
        html = client.get(f"/interviews/{hostile_world.ids['finished']}").text
    assert "&lt;script&gt;alert(2)" in html
