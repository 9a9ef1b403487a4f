"""A session lives while it is used and ends when it is left alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from tests.support.client import BASE, sign_in
from tests.support.moment import NOW
from tests.support.world import World, make_test_services

STEPS = timedelta(minutes=20)


class Watch:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def client(demo_world: World, tmp_path: Path, watch: Watch):
    world = demo_world.copied_to(tmp_path / "home")
    parts = replace(make_test_services(world.settings), clock=watch)
    with TestClient(create_app(services=parts), base_url=BASE, follow_redirects=False) as opened:
        yield sign_in(opened, world, "researcher")


def test_a_session_in_use_stays_open(client: TestClient, watch: Watch):
    for _ in range(4):
        watch.now += STEPS
        assert client.get("/account").status_code == 200


def test_a_session_left_alone_ends(client: TestClient, watch: Watch):
    watch.now += 2 * STEPS
    answer = client.get("/account")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/account"


def test_no_session_outlives_its_day(client: TestClient, watch: Watch):
    open_for = 0
    while client.get("/account").status_code == 200:
        watch.now += STEPS
        open_for += 1
    assert open_for == 37
