"""Page times of a lone user on the real server with CDNOW's 23,570 customers."""

import http.client
import json
import statistics
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from app.core.settings import Settings
from app.web.security import COOKIE
from tests.bench.imports import n1
from tests.support.browser import serving
from tests.support.report import table

ROUNDS, WARM_UP = 400, 30
PATHS = {
    "customer list": "/purchases/customers",
    "customer list, class loyal, by amount": "/purchases/customers?customer_class=loyal&sort=amount",
    "count × elapsed and overview": "/purchases",
    "studies": "/studies",
}


def sign_in(connection: http.client.HTTPConnection, login: str, password: str) -> dict[str, str]:
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", urlencode({"login": login, "password": password}), headers)
    response = connection.getresponse()
    response.read()
    cookie = response.getheader("set-cookie", "").split(";")[0]
    if not cookie.startswith(COOKIE):
        raise RuntimeError(f"sign-in answered {response.status}")
    return {"Cookie": cookie}


def times(
    connection: http.client.HTTPConnection, path: str, headers: dict[str, str], *, rounds: int = ROUNDS
) -> tuple[list[float], int]:
    """Return milliseconds of each request after a warm-up, and the bytes of one answer."""
    found, size = [], 0
    for _ in range(rounds + WARM_UP):
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        size = len(response.read())
        found.append((time.perf_counter() - began) * 1000)
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
    return found[WARM_UP:], size


def all_here(home: Path) -> bool:
    """Return once the language process listens: until then it loads beside the pages that are measured."""
    pause = threading.Event()
    return any((home / "language.sock").exists() or pause.wait(0.1) for _ in range(300))


def measure(home: Path) -> str:
    text, _, _ = n1(home, "users", "create", "bench", "--name", "bench", "--role", "admin", "--json")
    password = json.loads(text)["password"]
    rows: list[tuple[object, ...]] = []
    with serving(Settings(home=home), home.parent / "serve.log") as base:
        if not all_here(home):
            raise RuntimeError("the language process did not start")
        connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
        headers = sign_in(connection, "bench", password)
        for name, path in PATHS.items():
            found, size = times(connection, path, headers)
            cuts = statistics.quantiles(found, n=100)
            rows.append(
                (name, f"{statistics.median(found):.1f}", f"{cuts[98]:.1f}", f"{max(found):.1f}", f"{size / 1000:.0f}")
            )
        connection.close()
    head = f"`n1 serve` with two web processes and the language process beside it; one keep-alive connection, {ROUNDS} requests each.\n\n"
    return head + table(("page", "p50 ms", "p99 ms", "slowest ms", "kB"), rows)
