"""Programs that call the API of the small company: one token for each role."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.accounts import queries, tokens
from app.accounts.schemas import COMMAND_LINE, NewToken
from app.core.database import make_engine, write_session
from tests.support.client import BASE
from tests.support.moment import NOW
from tests.support.world import World

ROLES = ("planner", "researcher", "admin")


@dataclass
class Caller:
    """A company of its own and its programs; `calls(role)` is a client with that role's token, none for anonymous."""

    world: World
    app: TestClient
    tokens: dict[str, str] = field(default_factory=dict)

    def calls(self, role: str) -> TestClient:
        client = TestClient(self.app.app, base_url=BASE, follow_redirects=False)
        if role in self.tokens:
            client.headers["Authorization"] = f"Bearer {self.tokens[role]}"
        return client


Open = Callable[[Path], Caller]


def give_tokens(world: World) -> dict[str, str]:
    engine = make_engine(world.settings)
    with write_session(engine) as session:
        made = {}
        for role in ROLES:
            user = queries.user_by_login(session, role)
            assert user is not None
            _, made[role] = tokens.create(
                session, user=user, actor=COMMAND_LINE, data=NewToken(name="figures", days=30), now=NOW
            )
    engine.dispose()
    return made


@pytest.fixture(scope="session")
def api_world(demo_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The small company for reading; change only a copy."""
    return demo_world.copied_to(tmp_path_factory.mktemp("api") / "home")


@pytest.fixture(scope="session")
def reading(api_world: World) -> Iterator[Caller]:
    """Programs that only read."""
    made = give_tokens(api_world)
    with TestClient(api_world.app(), base_url=BASE) as keeper:
        yield Caller(api_world, keeper, made)


@pytest.fixture
def caller(demo_world: World, tmp_path: Path) -> Iterator[Caller]:
    """Programs on a company of the test's own."""
    world = demo_world.copied_to(tmp_path / "home")
    made = give_tokens(world)
    with TestClient(world.app(), base_url=BASE) as keeper:
        yield Caller(world, keeper, made)
