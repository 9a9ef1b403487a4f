"""Fixtures every test may ask for. Databases are real, migrated once and copied; nothing is mocked."""

import gc
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts import passwords
from app.core.database import make_engine, write_session
from app.core.settings import Settings
from tests.support import absent, database, postgres
from tests.support.moment import NOW

if TYPE_CHECKING:  # building the whole application costs seconds that most tests need not spend
    from playwright.sync_api import Browser
    from starlette.testclient import TestClient

    from tests.support.client import Visitors
    from tests.support.homes import Homes
    from tests.support.world import World


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords with the least work Argon2id knows; tests/accounts/test_passwords.py proves the real one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return database.sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Base URL of this process's own PostgreSQL cluster."""
    programs = postgres.find_bin()
    if programs is None:
        absent.need("PostgreSQL")
    with postgres.cluster(programs) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    return database.postgres_template(postgres_url, tmp_path_factory.mktemp("pg"))


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite`, and `postgresql` as well where the test carries the `db` mark."""
    return str(getattr(request, "param", "sqlite"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("db") and "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def settings(tmp_path: Path, database_kind: str, request: pytest.FixtureRequest) -> Settings:
    """Settings of an empty, migrated installation in a temporary home."""
    home = tmp_path / "home"
    home.mkdir()
    if database_kind == "postgresql":
        template = request.getfixturevalue("postgres_template")
        url = database.copy_postgres(request.getfixturevalue("postgres_url"), template)
        return Settings(home=home, database_url=url)
    database.copy_sqlite(request.getfixturevalue("sqlite_template"), home)
    return Settings(home=home)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> "Homes":
    """Homes that several tests begin with: `homes.fill(settings, fill)` fills one once and copies it from then on."""
    from tests.support.homes import Homes

    return Homes(tmp_path_factory.mktemp("homes"))


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = make_engine(settings)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A write session on a database of the test's own; commit as you like."""
    with write_session(engine) as opened:
        yield opened


@pytest.fixture(scope="session")
def demo_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> "World":
    """A small company with imports, studies, interviews and tags. Read it; change only a copy."""
    from tests.support.world import build_world

    return build_world(tmp_path_factory.mktemp("company") / "home", sqlite_template)


@pytest.fixture(scope="session")
def client_for(demo_world: "World") -> Iterator["Visitors"]:
    """Give a client by role (anonymous, planner, researcher, admin, outsider) for reading the demo world."""
    from starlette.testclient import TestClient

    from tests.support.client import BASE, sign_in

    with TestClient(demo_world.app(), base_url=BASE, follow_redirects=False) as keeper:
        made: dict[str, TestClient] = {}

        def client(role: str) -> "TestClient":
            if role not in made:
                fresh = TestClient(keeper.app, base_url=BASE, follow_redirects=False)
                made[role] = sign_in(fresh, demo_world, role)
            return made[role]

        yield client


@pytest.fixture(scope="session")
def live_world(demo_world: "World", tmp_path_factory: pytest.TempPathFactory) -> "World":
    """A copy of the demo world that a running server may write to."""
    return demo_world.copied_to(tmp_path_factory.mktemp("live") / "home")


@pytest.fixture(scope="session")
def live_server(live_world: "World") -> Iterator[str]:
    """Address of the real application on a real port."""
    from tests.support.browser import running

    with running(live_world.app()) as base:
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """One Chromium for a module; Playwright's event loop must be gone before another module runs its own."""
    from playwright.sync_api import sync_playwright

    from tests.support.browser import ARGUMENTS, find_chromium

    path = find_chromium()
    if path is None:
        absent.need("Chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep Chromium and the running server in one worker."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))


def pytest_collection_finish() -> None:
    """Leave out what collection loaded from every later search for garbage: it lives to the end."""
    gc.collect()
    gc.freeze()


def pytest_testnodedown(node: object) -> None:
    absent.ABSENT.update(getattr(node, "workeroutput", {}).get("absent", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["absent"] = sorted(absent.ABSENT)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say in the very last line what could not run here."""
    gc.unfreeze()  # DuckDB reports what is left at the exit as leaked
    gc.collect()
    if absent.ABSENT and not hasattr(config, "workerinput"):
        print(f"Not run on this machine, because absent: {', '.join(sorted(absent.ABSENT))}")
