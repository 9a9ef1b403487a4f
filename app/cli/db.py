"""`n1 db`: the app store's migrations."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from app.core.clock import utc_now
from app.core.database import checkpoint, make_engine
from app.core.settings import Settings

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / "migrations"
db = typer.Typer(help="The app store.", no_args_is_help=True)


def alembic_config(engine: Engine) -> Config:
    """Return alembic's configuration for one engine."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    config.attributes["engine"] = engine
    return config


def upgrade_database(settings: Settings, *, engine: Engine | None = None) -> bool:
    """Bring the app store to the newest schema and tell whether anything had to be done.

    A SQLite store that holds data is copied beside itself first. Of two commands that start at once one waits.
    """
    used = engine or make_engine(settings)
    config = alembic_config(used)
    head = ScriptDirectory.from_config(config).get_current_head()
    with _alone(settings.home):
        with used.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        if current == head:
            return False
        if current is not None:
            _copy_aside(used)
        command.upgrade(config, "head")
    return True


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the lock of this home's schema; SQLite cannot wait while another process makes the file."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / ".schema.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _copy_aside(engine: Engine) -> None:
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return
    checkpoint(engine)
    source = Path(engine.url.database)
    shutil.copy2(source, source.with_name(f"{source.stem}.before-{utc_now():%Y%m%dT%H%M%S}{source.suffix}"))


@db.command()
def upgrade() -> None:
    """Prepare an empty home, or bring an older one up to date."""
    settings = Settings()
    changed = upgrade_database(settings)
    typer.echo("app store upgraded" if changed else "app store is up to date")


@db.command()
def check() -> None:
    """Tell whether the tables are what the code expects (exit code 1 when they are not)."""
    command.check(alembic_config(make_engine(Settings())))
