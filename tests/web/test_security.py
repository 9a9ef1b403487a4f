import pytest
from starlette.datastructures import Headers

from app.web.routes.accounts import local_path
from app.web.security import is_same_site
from tests.support.client import Visitors


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://desk.example", "host": "desk.example"}, False),
        ({"origin": "https://desk.example", "host": "desk.example"}, True),
        ({"origin": "https://desk.example.evil", "host": "desk.example"}, False),
        ({"origin": "null", "host": "desk.example"}, False),
        ({"host": "desk.example"}, False),
    ],
)
def test_unsafe_requests_must_come_from_our_own_pages(headers: dict[str, str], ours: bool):
    assert is_same_site(Headers(headers)) is ours


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/purchases", "/purchases"),
        ("/studies/abc%3Fx=1", "/studies/abc?x=1"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("%2F%2Fevil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_sign_in_leads_back_to_our_own_pages_only(target: str, path: str):
    assert local_path(target) == path


@pytest.mark.parametrize("path", ["/sign-in", "/studies", "/health"])
def test_trace_is_not_answered(client_for: Visitors, path: str):
    assert client_for("anonymous").request("TRACE", path).status_code == 405


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_no_map_of_the_routes_is_served(client_for: Visitors, path: str):
    assert client_for("admin").get(path).status_code == 404
