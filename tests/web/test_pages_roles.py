"""Who may go where: every route, every role, made from the route table."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.client import Visitors, visitor
from tests.support.world import World, all_rows
from tests.web.route_examples import EXAMPLES, SCOPED
from tests.web.routes_of import Case, cases, ids, route_keys

ROLES = ("anonymous", "planner", "researcher", "admin")


def test_every_route_has_an_example() -> None:
    assert set(route_keys()) == set(EXAMPLES)


def send(client: TestClient, case: Case, world: World) -> int:
    path = case.path(world)
    form = {k: world.ids.get(v, v) for k, v in case.example.form.items()}
    response = client.get(path) if case.method == "GET" else client.post(path, data=form)
    if response.status_code == 303 and response.headers["location"].startswith("/sign-in?"):
        return 401
    return response.status_code


def expected(case: Case, role: str) -> int:
    if role in case.example.who:
        return case.example.status
    return 401 if role == "anonymous" else 403


@pytest.mark.parametrize("case", cases("GET"), ids=ids)
def test_reading(case: Case, client_for: Visitors, demo_world: World) -> None:
    got = {role: send(client_for(role), case, demo_world) for role in ROLES}
    assert got == {role: expected(case, role) for role in ROLES}


@pytest.mark.parametrize("case", cases("POST"), ids=ids)
def test_writing(case: Case, demo_world: World, tmp_path: Path) -> None:
    got = {}
    for role in ROLES:
        world = demo_world.copied_to(tmp_path / role)
        with visitor(world, role) as client:
            before = all_rows(world)
            got[role] = send(client, case, world)
            if role not in case.example.who:
                after = all_rows(world)
                denied = len(after.pop("audit_entry")) - len(before.pop("audit_entry"))
                assert denied == (role != "anonymous"), role
                assert after == before, role
    assert got == {role: expected(case, role) for role in ROLES}


@pytest.mark.parametrize("case", [c for c in cases("GET", "POST") if SCOPED & set(c.example.params)], ids=ids)
def test_studies_are_closed_to_people_outside(case: Case, demo_world: World, tmp_path: Path) -> None:
    """Somebody outside gets 404, as for an id that does not exist, and nothing changes."""
    world = demo_world.copied_to(tmp_path / "home")
    with visitor(world, "outsider") as client:
        before = all_rows(world)
        assert send(client, case, world) == 404
        assert all_rows(world) == before


@pytest.mark.parametrize("case", [c for c in cases("GET", "POST") if c.example.params], ids=ids)
@pytest.mark.parametrize(
    "value", ["aaaaaaaaaaaa", "0", "-9223372036854775809", "あ", "a" * 300, "%2e%2e", "%00", "\ud800"]
)
def test_ids_that_do_not_exist(case: Case, value: str, client_for: Visitors) -> None:
    path = case.template
    for name in case.example.params:
        path = path.replace("{" + name + "}", "%ED%A0%80" if value == "\ud800" else value)
    client = client_for("admin")
    response = client.get(path) if case.method == "GET" else client.post(path, data=dict(case.example.form))
    assert 400 <= response.status_code < 500
