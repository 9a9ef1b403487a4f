import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts import operations as accounts
from app.accounts.queries import as_actor
from app.accounts.schemas import Actor, NewUser, Role
from app.core.database import make_engine, write_session
from app.core.settings import Settings
from app.main import create_app
from app.web.security import COOKIE
from tests.purchases.build import NOW, Shop, make_shop
from tests.support.database import copy_sqlite
from tests.support.orders import order_file
from tests.support.world import make_test_services

PASSWORD = "yamagara-higara-kogara-7"


@pytest.fixture(scope="session")
def shop_home(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with 64 customers of every class, taken in once; the as-of date is 2026-11-15."""
    home = tmp_path_factory.mktemp("shop") / "home"
    home.mkdir()
    copy_sqlite(sqlite_template, home)
    settings = Settings(home=home)
    engine = make_engine(settings)
    make_shop(settings, engine).take(order_file(64))
    engine.dispose()
    return home


@pytest.fixture
def shop(shop_home: Path, tmp_path: Path) -> Iterator[Shop]:
    """A copy of the shop, the test's own."""
    home = tmp_path / "shop"
    shutil.copytree(shop_home, home)
    settings = Settings(home=home)
    engine = make_engine(settings)
    yield make_shop(settings, engine)
    engine.dispose()


def make_actor(session: Session, login: str, role: Role = Role.RESEARCHER) -> Actor:
    user, _ = accounts.create_user(
        session, data=NewUser(login=login, display_name=login, role=role), now=NOW, password=PASSWORD
    )
    return as_actor(user)


@pytest.fixture
def signed_in(shop: Shop) -> Iterator[Callable[[str], TestClient]]:
    """Return clients by sign-in name; users: researcher, stranger, planner, admin."""
    with write_session(shop.parts.engine) as session:
        for login in ("researcher", "stranger", "planner", "admin"):
            make_actor(session, login, Role.RESEARCHER if login == "stranger" else Role(login))
    app = create_app(services=make_test_services(shop.parts.settings))
    with ExitStack() as stack:

        def client(login: str) -> TestClient:
            made = stack.enter_context(TestClient(app, base_url="https://testserver", follow_redirects=False))
            with write_session(shop.parts.engine) as session:
                opened = accounts.sign_in(session, login=login, password=PASSWORD, address="127.0.0.1", now=NOW)
            assert opened is not None
            made.headers["Cookie"] = f"{COOKIE}={opened.token}"
            made.headers["Sec-Fetch-Site"] = "same-origin"
            return made

        yield client
