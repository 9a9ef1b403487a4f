"""Fresh databases: migrated once per test process, then copied."""

import shutil
import uuid
from pathlib import Path

from sqlalchemy import create_engine, text

from app.core.database import checkpoint, make_engine
from app.core.settings import Settings
from tests.support.migrations import upgrade


def sqlite_template(folder: Path) -> Path:
    """Return a migrated SQLite file without a write-ahead log beside it."""
    settings = Settings(home=folder)
    upgrade(settings)
    engine = make_engine(settings)
    checkpoint(engine)
    engine.dispose()
    return folder / "app.sqlite3"


def copy_sqlite(template: Path, home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(template, home / "app.sqlite3")


def administer(base_url: str, statement: str) -> None:
    """Run one statement outside a transaction in the cluster's own database."""
    engine = create_engine(f"{base_url}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def postgres_template(base_url: str, folder: Path) -> str:
    """Return the name of a migrated database that others are copied from."""
    name = "template_" + uuid.uuid4().hex[:12]
    administer(base_url, f"CREATE DATABASE {name}")
    upgrade(Settings(home=folder, database_url=f"{base_url}/{name}"))
    return name


def copy_postgres(base_url: str, template: str) -> str:
    """Return the URL of a fresh copy."""
    name = "test_" + uuid.uuid4().hex[:12]
    administer(base_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"{base_url}/{name}"
