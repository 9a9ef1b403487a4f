import pytest
from starlette.datastructures import Headers

from app.web.routes.accounts import local_path
from app.web.security import is_same_site


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
