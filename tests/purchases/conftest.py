from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.core.database import make_engine
from app.core.settings import Settings
from tests.purchases.build import Shop, make_shop
from tests.support.database import copy_sqlite


@pytest.fixture
def shop(settings: Settings, engine: Engine) -> Shop:
    return make_shop(settings, engine)


@pytest.fixture
def new_shop(sqlite_template: Path, tmp_path: Path) -> Iterator[Callable[[], Shop]]:
    """Return a shop without orders at every call, for a test of many examples."""
    with ExitStack() as stack:
        made: list[Shop] = []

        def new() -> Shop:
            home = tmp_path / f"home-{len(made)}"
            copy_sqlite(sqlite_template, home)
            engine = make_engine(Settings(home=home))
            stack.callback(engine.dispose)
            made.append(make_shop(Settings(home=home), engine))
            return made[-1]

        yield new
