"""The app store: one engine, sessions that say from the start whether they read or write."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlmodel import Session

from app.core.settings import Settings

PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA busy_timeout=5000",
)
POSTGRES_OPTIONS = "-c lock_timeout=5s -c statement_timeout=30s -c timezone=UTC"


def make_engine(settings: Settings) -> Engine:
    """Return the engine of the app store; SQLite in WAL mode, or PostgreSQL by URL."""
    url = make_url(settings.app_database_url)
    if url.get_backend_name() == "sqlite":
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return sqlite_engine(settings.app_database_url)
    return create_engine(
        url,
        pool_size=4,
        pool_pre_ping=True,
        hide_parameters=True,  # values are people's words: they never reach a log
        connect_args={"options": POSTGRES_OPTIONS},
    )


def sqlite_engine(url: str) -> Engine:
    """Return a SQLite engine whose transactions begin when we say so, not when the driver guesses."""
    engine = create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: SqliteConnection, record: object) -> None:
        del record
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def read_session(engine: Engine) -> Iterator[Session]:
    """Yield a session for reading; anything written in it is thrown away."""
    with engine.connect() as connection, Session(bind=connection, autoflush=False) as session:
        try:
            yield session
        finally:
            session.rollback()


@contextmanager
def write_session(engine: Engine) -> Iterator[Session]:
    """Yield a session that holds the write lock from its first statement and commits at the end.

    Nothing may be awaited inside: other writers stand still meanwhile.
    """
    with (
        engine.connect().execution_options(writes=True) as connection,
        Session(bind=connection, expire_on_commit=False) as session,
    ):
        try:
            session.connection()
            yield session
        except BaseException:
            session.rollback()
            raise
        session.commit()


def checkpoint(engine: Engine) -> None:
    """Empty SQLite's write-ahead log into the file; nothing to do elsewhere."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def take_turns(session: Session, name: str) -> None:
    """Let one transaction at a time do the work of this name, until it ends.

    SQLite's writers take turns anyway; PostgreSQL needs to be told (an advisory lock of the transaction).
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})
