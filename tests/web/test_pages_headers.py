"""The walls around every page: headers, cookies, no writing by reading, no writing from other sites."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.client import BASE, Visitors, visitor
from tests.support.world import PASSWORD, World, all_rows
from tests.web.routes_of import Case, cases, ids, pages

CSP = {
    "default-src": "'none'", "object-src": "'none'", "style-src": "'self'", "connect-src": "'self'",
    "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
}  # fmt: skip


@pytest.mark.parametrize("case", cases("GET"), ids=ids)
@pytest.mark.parametrize("role", ["anonymous", "planner", "admin"])
def test_every_response_carries_the_walls(case: Case, role: str, client_for: Visitors, demo_world: World) -> None:
    response = client_for(role).get(case.path(demo_world))
    policy = dict(part.strip().split(" ", 1) for part in response.headers["content-security-policy"].split(";"))
    assert {name: policy[name] for name in CSP} == CSP
    assert re.fullmatch(r"'self' 'nonce-[\w-]{20,}'", policy["script-src"])
    assert set(policy["img-src"].split()) <= {"'self'", "data:"}
    assert "unsafe" not in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] in {"same-origin", "no-referrer"}
    assert response.headers["cache-control"] == "no-store"
    assert "max-age" in response.headers["strict-transport-security"]


def test_the_nonce_is_fresh_each_time(client_for: Visitors) -> None:
    client = client_for("anonymous")
    policies = {client.get("/sign-in").headers["content-security-policy"] for _ in range(5)}
    assert len(policies) == 5


def test_the_session_cookie_is_locked_down(demo_world: World, tmp_path: Path) -> None:
    with visitor(demo_world.copied_to(tmp_path / "home"), "anonymous") as client:
        response = client.post("/sign-in", data={"login": "researcher", "password": PASSWORD, "next": "/"})
    assert response.status_code == 303
    cookie = response.headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    assert name.startswith("__Host-")
    attributes = {part.strip().lower().split("=")[0]: part.strip().lower() for part in rest.split(";")[1:]}
    assert {"secure", "httponly"} <= set(attributes)
    assert attributes["samesite"] == "samesite=lax"
    assert attributes["path"] == "path=/"
    assert "domain" not in attributes
    assert len(rest.split(";")[0]) >= 22


def test_reading_never_writes(demo_world: World, tmp_path: Path) -> None:
    """Only the trail of who looked at a customer, and when a session was last used, may grow."""
    world = demo_world.copied_to(tmp_path / "home")
    allowed = {"audit_entry", "login_session"}
    with visitor(world, "admin") as client:
        before = all_rows(world)
        for case in cases("GET"):
            client.get(case.path(world))
        after = all_rows(world)
    assert {name for name in before if before[name] != after[name]} <= allowed


@pytest.mark.parametrize("case", cases("POST"), ids=ids)
def test_posts_from_other_sites_change_nothing(case: Case, demo_world: World, tmp_path: Path) -> None:
    world = demo_world.copied_to(tmp_path / "home")
    hostile = (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "", "Origin": "null"},
    )
    with visitor(world, "admin") as client:
        before = all_rows(world)
        for headers in hostile:
            assert client.post(case.path(world), data=dict(case.example.form), headers=headers).status_code == 403
        assert all_rows(world) == before


@pytest.mark.parametrize("case", cases("POST"), ids=ids)
def test_extra_fields_change_nothing_else(case: Case, demo_world: World, tmp_path: Path) -> None:
    """A field that the form does not have is ignored or refused: roles and owners stay."""
    world = demo_world.copied_to(tmp_path / "home")
    extra = {"is_admin": "1", "user_id": "1", "person_id": "1", "created_by": "1", "password_hash": "x", "token": "x"}
    with visitor(world, "researcher") as client:
        before = all_rows(world)["user_account"]
        response = client.post(case.path(world), data={**case.example.form, **extra})
        assert response.status_code < 500
        if case.name not in {"account_locale", "account_password"}:
            assert all_rows(world)["user_account"] == before


@pytest.mark.parametrize("case", pages(), ids=ids)
def test_pages_have_one_heading_a_title_and_a_language(case: Case, client_for: Visitors, demo_world: World) -> None:
    role = "anonymous" if case.name == "sign_in" else "admin"
    html = client_for(role).get(case.path(demo_world)).text
    assert re.search(r'<html[^>]+lang="(ja|en)"', html)
    shown = re.sub(r"<section[^>]*\shidden\b.*?</section>", "", html, flags=re.DOTALL)
    assert len(re.findall(r"<h1[ >]", shown)) == 1
    title = re.search(r"<title>\s*([^<]+?)\s*</title>", html)
    assert title
    assert title[1]


def test_methods_nobody_needs_are_refused(client_for: Visitors) -> None:
    client = client_for("admin")
    for method in ("TRACE", "PUT", "DELETE", "PATCH"):
        assert client.request(method, "/purchases").status_code in {403, 405}


def test_no_machine_readable_map_of_routes_is_served(client_for: Visitors) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client_for("admin").get(path).status_code == 404


def test_static_files_are_kept_for_a_year(client_for: Visitors) -> None:
    html = client_for("anonymous").get("/sign-in").text
    address = re.search(r'href="(/static/[^"]+\.css[^"]*)"', html)
    assert address
    response = client_for("anonymous").get(address[1])
    assert response.status_code == 200
    assert "immutable" in response.headers["cache-control"]


def test_a_stranger_to_the_base_url_is_still_anonymous(demo_world: World) -> None:
    with TestClient(demo_world.app(), base_url=BASE, follow_redirects=False) as client:
        response = client.get("/studies", headers={"Cookie": "__Host-n1=" + "A" * 43})
        assert response.status_code == 303
