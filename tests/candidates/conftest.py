import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts import operations as accounts
from app.accounts.schemas import NewUser, Role
from app.core.database import checkpoint, make_engine, write_session
from app.core.settings import Settings
from app.main import create_app
from app.web.security import COOKIE
from tests.purchases.build import NOW, Shop, make_shop
from tests.support.database import copy_sqlite
from tests.support.orders import order_file
from tests.support.world import make_test_services

PASSWORD = "yamagara-higara-kogara-7"


USERS = {"researcher": Role.RESEARCHER, "stranger": Role.RESEARCHER, "planner": Role.PLANNER, "admin": Role.ADMIN}


@dataclass(frozen=True)
class Made:
    """A home made once, and the tokens of its signed-in users."""

    home: Path
    tokens: dict[str, str]


@pytest.fixture(scope="session")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A home with 64 customers of every class and four users; the as-of date is 2026-11-15."""
    home = tmp_path_factory.mktemp("shop") / "home"
    home.mkdir()
    copy_sqlite(sqlite_template, home)
    settings = Settings(home=home)
    engine = make_engine(settings)
    make_shop(settings, engine).take(order_file(64))
    with write_session(engine) as session:
        tokens = {login: signed_in_token(session, login, role) for login, role in USERS.items()}
    checkpoint(engine)
    engine.dispose()
    return Made(home, tokens)


def signed_in_token(session: Session, login: str, role: Role) -> str:
    data = NewUser(login=login, display_name=login, role=role)
    accounts.create_user(session, data=data, now=NOW, password=PASSWORD)
    opened = accounts.sign_in(session, login=login, password=PASSWORD, address="127.0.0.1", now=NOW)
    assert opened is not None
    return opened.token


@pytest.fixture
def shop(made: Made, tmp_path: Path) -> Iterator[Shop]:
    """A copy of the shop, the test's own."""
    home = tmp_path / "shop"
    shutil.copytree(made.home, home)
    settings = Settings(home=home)
    engine = make_engine(settings)
    yield make_shop(settings, engine)
    engine.dispose()


@pytest.fixture
def signed_in(shop: Shop, made: Made) -> Iterator[Callable[[str], TestClient]]:
    """Return clients by sign-in name: researcher, stranger, planner, admin."""
    app = create_app(services=make_test_services(shop.parts.settings))
    with ExitStack() as stack:

        def client(login: str) -> TestClient:
            visitor = stack.enter_context(TestClient(app, base_url="https://testserver", follow_redirects=False))
            visitor.headers["Cookie"] = f"{COOKIE}={made.tokens[login]}"
            visitor.headers["Sec-Fetch-Site"] = "same-origin"
            return visitor

        yield client
