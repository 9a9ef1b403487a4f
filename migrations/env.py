"""Alembic's entry: our metadata, batch mode, foreign keys off while tables are rebuilt."""

from alembic import context
from sqlalchemy import Connection, Engine, text
from sqlmodel import SQLModel

import app.models  # noqa: F401 - fills the metadata
from app.core.database import NAMING, make_engine
from app.core.settings import Settings

target_metadata = SQLModel.metadata
target_metadata.naming_convention = NAMING


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_on(engine: Engine) -> None:
    """SQLite drops cascade children of rebuilt tables while foreign keys are on, so they are checked at the end."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            raw = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys=OFF")
        run(connection)
        connection.commit()
        if sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=ON")
            if broken:
                msg = f"foreign keys broken after migration: {len(broken)} rows"
                raise RuntimeError(msg)


given = context.config.attributes.get("engine")
run_on(given if given is not None else make_engine(Settings()))
