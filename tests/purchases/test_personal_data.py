"""Names, mail addresses and telephone numbers: in contact files only, never in order files or logs; uploads do not stay."""

import contextlib
import io
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from app.core.database import make_engine, write_session
from app.core.logging import FORMAT, QuietFormatter
from app.core.settings import Settings
from app.purchases import operations, queries, tasks
from app.purchases.models import ImportState
from tests.purchases.build import Shop, make_shop
from tests.support.orders import CANARIES, order_file

PERSONAL = tuple(word for word in CANARIES if word != "CAN7")  # CAN7 is the shop's own number: the customer key
LOUD = {"": logging.DEBUG, "sqlalchemy.engine": logging.INFO}  # its DEBUG shows rows: nothing of ours can turn that on
GUESTS = order_file(8, dirty=True).replace(b"CAN70001", b"").replace(b"CAN70002", b"")


@pytest.fixture
def debug() -> Iterator[io.StringIO]:
    """Every line that any part would log when an operator turns everything on."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(QuietFormatter(FORMAT))
    levels = {logging.getLogger(name): level for name, level in LOUD.items()}
    before = {logger: logger.level for logger in levels}
    for logger, level in levels.items():
        logger.setLevel(level)
    logging.getLogger().addHandler(handler)
    yield out
    logging.getLogger().removeHandler(handler)
    for logger, level in before.items():
        logger.setLevel(level)


@pytest.fixture
def watched(settings: Settings, debug: io.StringIO) -> Iterator[Shop]:
    engine = make_engine(settings)  # made while logging is at its loudest: SQLAlchemy asks once
    yield make_shop(settings, engine)
    engine.dispose()


def told(text: str | bytes) -> list[str]:
    if isinstance(text, bytes):
        return [word for word in PERSONAL if word.encode() in text]
    return [word for word in PERSONAL if word in text]


def contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the unpacked text of every file of a folder."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".parquet":
            yield path.name, repr(pq.read_table(path).to_pylist())
        elif path.suffix == ".sqlite3":
            with contextlib.closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as database:
                yield path.name, "\n".join(database.iterdump())
        elif path.is_file():
            yield path.name, path.read_bytes().decode("utf-8", "replace")


def left(shop: Shop) -> list[str]:
    folder = shop.store.uploads_dir
    return [str(path.relative_to(folder)) for path in folder.rglob("*")] if folder.is_dir() else []


def test_an_import_leaves_personal_data_in_contact_files_only(watched: Shop, debug: io.StringIO) -> None:
    public_id = watched.take(GUESTS)
    kept = {name: told(text) for name, text in contents(watched.store.orders_dir)}
    assert len(kept) >= 4
    assert {name: words for name, words in kept.items() if words} == {}
    assert any(told(text) for _, text in contents(watched.store.contacts_dir))
    assert left(watched) == []
    watched.undo(public_id)
    assert list(contents(watched.store.contacts_dir)) == []
    assert "UPDATE import_run" in debug.getvalue()
    assert told(debug.getvalue()) == []


def test_nothing_stays_of_a_file_that_was_stopped(watched: Shop, debug: io.StringIO) -> None:
    for stop_at in ("check", "go", "import"):
        stopped(watched, stop_at)
        assert left(watched) == [], stop_at
        assert not watched.people()
        assert list(contents(watched.store.contacts_dir)) == [], stop_at
    assert told(debug.getvalue()) == []


def stopped(shop: Shop, stop_at: str) -> None:
    """Press the button while the file is checked, before the go, or while it is taken."""
    public_id = shop.upload(GUESTS)
    with write_session(shop.parts.engine) as session:
        operations.request_check(session, run=queries.get_import(session, public_id))
    if stop_at != "check":
        tasks.run_check(shop.parts, public_id)
    if stop_at == "import":
        shop.confirm(public_id)
    with write_session(shop.parts.engine) as session:
        run = queries.get_import(session, public_id)
        operations.cancel(session, run=run)
        at_once = run.state is ImportState.CANCELLED
    if at_once:
        shop.store.drop_upload(public_id)  # as the page does
    elif stop_at == "check":
        tasks.run_check(shop.parts, public_id)
    else:
        tasks.run_import(shop.parts, public_id)
    assert shop.run(public_id).state is ImportState.CANCELLED


def test_nothing_stays_of_an_import_that_broke_and_its_words_are_not_logged(
    watched: Shop, debug: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id, _ = watched.check(GUESTS)
    watched.confirm(public_id)

    def break_off(*_: object, **__: object) -> str:
        raise OSError(28, f"cannot write the row of {PERSONAL[0]}")

    monkeypatch.setattr(tasks, "build_version", break_off)
    try:
        tasks.run_import(watched.parts, public_id)
    except OSError:
        logging.getLogger("huey").exception("job %s", public_id)
    assert watched.run(public_id).state is ImportState.FAILED
    assert left(watched) == []
    assert list(contents(watched.store.contacts_dir)) == []
    assert public_id in debug.getvalue()
    assert told(debug.getvalue()) == []


def test_a_file_that_is_refused_waits_for_its_columns_and_says_nothing_in_the_log(
    watched: Shop, debug: io.StringIO
) -> None:
    refused = GUESTS.replace("受注日".encode("cp932"), "その日".encode("cp932"))
    public_id, _ = watched.check(refused)
    assert watched.run(public_id).state is ImportState.UPLOADED
    assert any(name.startswith(public_id) for name in left(watched))
    assert told(debug.getvalue()) == []
    with write_session(watched.parts.engine) as session:
        operations.discard(session, watched.store, run=queries.get_import(session, public_id))
    assert left(watched) == []
