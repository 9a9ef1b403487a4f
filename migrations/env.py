"""Alembic's entry: our metadata, batch mode, foreign keys off while tables are rebuilt."""

from alembic import context
from sqlalchemy import Connection, Engine, text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import app.models  # noqa: F401 - fills the metadata
from app.core.database import make_engine
from app.core.settings import Settings
from app.core.types import UtcDateTime

target_metadata = SQLModel.metadata


def plain_type(kind: str, item: object, context: object) -> str | bool:
    """Write our column types as the database sees them, so that a migration needs nothing of the application."""
    del context
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=plain_type,
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
