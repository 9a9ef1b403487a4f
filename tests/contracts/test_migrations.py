"""Migrations lead up, down and up again, and to the very tables that the models describe."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from app.cli.db import alembic_config
from app.core.database import make_engine
from app.core.settings import Settings
from tests.support.migrations import upgrade
from tests.support.world import World


def table_names(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


@pytest.mark.db
def test_up_down_up(settings: Settings, engine: Engine) -> None:
    whole = table_names(engine)
    assert whole == set(SQLModel.metadata.tables)
    command.downgrade(alembic_config(engine), "base")
    assert table_names(engine) == set()
    upgrade(settings)
    assert table_names(engine) == whole


@pytest.mark.db
def test_models_and_migrations_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrated_schema_is_that_of_create_all(engine: Engine, settings: Settings) -> None:
    plain = make_engine(settings.model_copy(update={"home": settings.home / "plain"}))
    try:
        SQLModel.metadata.create_all(plain)
        assert shape(plain) == shape(engine)
    finally:
        plain.dispose()


def shape(engine: Engine) -> dict[str, object]:
    found = inspect(engine)
    return {
        name: (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(name)),
            sorted((i["name"] or "", tuple(map(str, i["column_names"]))) for i in found.get_indexes(name)),
            sorted((tuple(f["constrained_columns"]), f["referred_table"]) for f in found.get_foreign_keys(name)),
            sorted(tuple(u["column_names"]) for u in found.get_unique_constraints(name)),
            sorted(c["name"] or "" for c in found.get_check_constraints(name)),
        )
        for name in sorted(table_names(engine))
    }


@pytest.mark.db
def test_foreign_keys_are_checked(engine: Engine) -> None:
    """SQLite forgets them unless every connection asks."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def test_a_filled_store_survives_every_step_up(demo_world: World, tmp_path: Path) -> None:
    """Down to each revision that can still hold the data and up again: of what it holds nothing is lost or broken."""
    world = demo_world.copied_to(tmp_path / "home")
    engine = make_engine(world.settings)
    assert held(engine, columns_of(engine))["answer"]
    for script in list(ScriptDirectory.from_config(alembic_config(engine)).walk_revisions())[1:]:
        before = held(engine, columns_of(engine))
        command.downgrade(alembic_config(engine), script.revision)
        columns = columns_of(engine)
        whole = {name: len(before[name]) for name in columns}
        kept = held(engine, columns)
        assert {name: len(rows) for name, rows in kept.items()} == whole
        upgrade(world.settings)
        assert held(engine, columns) == kept
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()


def columns_of(engine: Engine) -> dict[str, list[str]]:
    found = inspect(engine)
    return {name: [column["name"] for column in found.get_columns(name)] for name in table_names(engine)}


def held(engine: Engine, columns: dict[str, list[str]]) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            name: sorted(
                (tuple(row) for row in connection.execute(text(f"SELECT {', '.join(map(quote, names))} FROM {name}"))),
                key=repr,
            )
            for name, names in columns.items()
        }


def quote(name: str) -> str:
    return f'"{name}"'
