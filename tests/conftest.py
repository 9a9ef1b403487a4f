"""Fixtures every test may ask for. Databases are real, migrated once and copied; nothing is mocked."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.core.database import make_engine, write_session
from app.core.settings import Settings
from tests.support import absent, database, postgres

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def now() -> datetime:
    return NOW


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep Chromium and the running server in one worker."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))


def pytest_testnodedown(node: object) -> None:
    absent.ABSENT.update(getattr(node, "workeroutput", {}).get("absent", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["absent"] = sorted(absent.ABSENT)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say in the very last line what could not run here."""
    if absent.ABSENT and not hasattr(config, "workerinput"):
        print(f"Not run on this machine, because absent: {', '.join(sorted(absent.ABSENT))}")
