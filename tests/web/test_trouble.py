"""What nobody foresaw: the reader gets a page with a number, the log the same number and no words."""

import logging
import re

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from app.core.logging import FORMAT, QuietFormatter
from app.core.settings import Settings
from app.main import create_app
from tests.support.client import BASE

WORDS = "hanako@example.jp said: SELECT secret FROM /etc"


async def broken(request: Request) -> Response:
    del request
    raise RuntimeError(WORDS)


@pytest.mark.usefixtures("engine")
def test_an_unforeseen_fault_tells_a_number_and_nothing_else(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings)
    app.add_route("/broken", broken)
    caplog.handler.setFormatter(QuietFormatter(FORMAT))
    with TestClient(app, base_url=BASE) as client, caplog.at_level(logging.ERROR):
        answer = client.get("/broken", headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Something went wrong on our side" in answer.text
    for part in ("hanako", "SELECT", "/etc", "RuntimeError", "Traceback", "test_trouble"):
        assert part not in answer.text
    number = re.search(r"Number of this fault: ([0-9a-f]{12})", answer.text)
    assert number is not None
    assert number.group(1) in caplog.text
    assert "RuntimeError" in caplog.text
    assert WORDS not in caplog.text
