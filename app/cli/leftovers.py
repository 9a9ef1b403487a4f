"""Imports whose command was killed: the next command forgets them, so that nobody finishes them behind its back."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlmodel import Session, col, select

from app.purchases import operations
from app.purchases.models import ImportRun, ImportState
from app.purchases.store import COMMAND_MARK, OrdersStore

UNDER_WAY = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.CHECKED, ImportState.IMPORTING)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Mark an upload as the work of this command; the lock goes when the command ends, however it ends."""
    with (folder / COMMAND_MARK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def forget(session: Session, store: OrdersStore) -> None:
    """Drop every import that a command began and did not live to finish; none of its rows was ever taken."""
    for run in session.scalars(select(ImportRun).where(col(ImportRun.state).in_(UNDER_WAY))).all():
        if store.abandoned(run.public_id):
            operations.discard(session, store, run=run)
