"""The write lock is taken only when a request's body is here: a slow line holds nobody up."""

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest

from app.web.security import COOKIE
from tests.support.browser import running
from tests.support.world import World

SAVERS = 16


@pytest.fixture
def world(demo_world: World, tmp_path: Path) -> World:
    return demo_world.copied_to(tmp_path / "home")


def headers(world: World) -> dict[str, str]:
    return {"Sec-Fetch-Site": "same-origin", "Cookie": f"{COOKIE}={world.tokens['researcher']}"}


def save(base: str, world: World, number: int) -> int:
    form = {"answer": f"話したこと {number}", "version": "0", "memo": "", "seconds": "1"}
    address = f"{base}/interviews/{world.ids['live']}/answers/q{number % 4 + 4}"
    return httpx2.post(address, data=form, headers=headers(world), timeout=30).status_code


def read(base: str, world: World, path: str) -> int:
    return httpx2.get(base + path, headers=headers(world), timeout=30).status_code


def open_slow_save(base: str, world: World) -> tuple[socket.socket, bytes]:
    """Send the head and half of the body; return the line and what is still to be sent."""
    target = urlsplit(base)
    body = urlencode({"answer": "ゆっくり届く話" * 200, "version": "0", "memo": "", "seconds": "1"}).encode()
    lines = [f"{name}: {value}" for name, value in headers(world).items()]
    head = "\r\n".join([
        f"POST /interviews/{world.ids['live']}/answers/q2 HTTP/1.1", f"Host: {target.netloc}", *lines,
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "Connection: close", "", "",
    ])  # fmt: skip
    line = socket.create_connection((target.hostname or "", target.port or 0), timeout=30)
    half = len(body) // 2
    line.sendall(head.encode() + body[:half])
    return line, body[half:]


def test_sixteen_savers_and_the_pages_do_not_wait_for_a_slow_body(world: World):
    with running(world.app()) as base:
        line, rest = open_slow_save(base, world)
        with ThreadPoolExecutor(SAVERS) as pool:
            saves = [pool.submit(save, base, world, number) for number in range(SAVERS)]
            reads = [pool.submit(read, base, world, path) for path in ("/studies", "/interviews", "/account")]
            assert {one.result() for one in reads} == {200}
            # four questions, four writers each, all with the same version: one wins, three are told
            statuses = sorted(one.result() for one in saves)
        assert set(statuses) <= {200, 303, 409}
        assert sum(status != 409 for status in statuses) >= 4
        line.sendall(rest)
        answer = line.recv(64)
        line.close()
    assert answer.split()[1] in {b"200", b"303"}
