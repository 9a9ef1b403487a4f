from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from app.accounts.models import AuditEntry, User
from app.accounts.schemas import Role
from app.core.database import make_engine, read_session, write_session
from app.core.settings import Settings

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def user(login: str) -> User:
    return User(login=login, display_name="0", role=Role.RESEARCHER, password_hash="x", created_at=NOW)


@pytest.mark.db
def test_a_write_session_commits(engine: Engine, database_kind: str):
    with write_session(engine) as session:
        session.add(user("saeki"))
    with read_session(engine) as session:
        assert session.exec(select(User.login)).all() == ["saeki"]


@pytest.mark.db
def test_a_fault_in_a_write_session_leaves_nothing(engine: Engine, database_kind: str):
    def fail_midway() -> None:
        with write_session(engine) as session:
            session.add(user("saeki"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    with read_session(engine) as session:
        assert session.exec(select(User)).all() == []


@pytest.mark.db
def test_a_read_session_never_keeps_a_change(engine: Engine, database_kind: str):
    with read_session(engine) as session:
        session.add(user("saeki"))
        session.flush()
    with read_session(engine) as session:
        assert session.exec(select(User)).all() == []


def test_no_update_is_lost_between_reading_and_writing(engine: Engine):
    with write_session(engine) as session:
        session.add(user("counter"))

    def count_one(_: int) -> None:
        with write_session(engine) as session:
            row = session.exec(select(User)).one()
            row.display_name = str(int(row.display_name) + 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_one, range(64)))
    with read_session(engine) as session:
        assert session.exec(select(User.display_name)).one() == "64"


def test_sqlite_runs_with_the_promised_safety(engine: Engine):
    with engine.connect() as connection:
        values = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in
                  ("foreign_keys", "journal_mode", "synchronous", "secure_delete")}  # fmt: skip
    assert values == {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


@pytest.mark.db
def test_a_database_fault_does_not_repeat_what_people_typed(engine: Engine, database_kind: str):
    with pytest.raises(IntegrityError) as fault, write_session(engine) as session:
        session.add_all([user("canary-名前"), user("canary-名前")])
    assert "hidden" in str(fault.value)
    assert "parameters: [{'" not in str(fault.value)


@pytest.mark.db
@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action='x'", "DELETE FROM audit_entry"])
def test_the_audit_trail_refuses_change(engine: Engine, database_kind: str, statement: str):
    with write_session(engine) as session:
        session.add(AuditEntry(at=NOW, action="sign_in"))
    with pytest.raises(Exception, match="append-only"), write_session(engine) as session:
        session.execute(text(statement))


def test_a_home_is_made_for_its_owner_only(tmp_path: Path):
    home = tmp_path / "home"
    make_engine(Settings(home=home)).dispose()
    assert home.stat().st_mode & 0o077 == 0
