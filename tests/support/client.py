"""Visitors of the test world: signed in by a session row, on the real application."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.testclient import TestClient

from app.web.security import COOKIE
from tests.support.world import World

Visitors = Callable[[str], TestClient]
BASE = "https://testserver"


def sign_in(client: TestClient, world: World, role: str) -> TestClient:
    client.headers["Sec-Fetch-Site"] = "same-origin"
    if role != "anonymous":
        client.headers["Cookie"] = f"{COOKIE}={world.tokens[role]}"
    return client


@contextmanager
def visitor(world: World, role: str) -> Iterator[TestClient]:
    """Yield a client on an application of its own."""
    with TestClient(world.app(), base_url=BASE, follow_redirects=False) as client:
        yield sign_in(client, world, role)
