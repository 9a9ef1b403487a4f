"""`n1 db`: the app store of a home is made once, however many commands come first."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.cli.db import upgrade_database
from app.core.settings import Settings


def test_of_commands_that_start_at_once_on_an_empty_home_one_makes_the_tables(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: upgrade_database(settings), range(4)))
    assert sorted(made) == [False, False, False, True]
    assert not upgrade_database(settings)
