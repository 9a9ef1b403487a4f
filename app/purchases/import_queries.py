"""Reads of imports in relation to each other: what waits for what, what corrects what."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from app.purchases.models import ImportRun, ImportState

AT_WORK = (ImportState.CHECKING, ImportState.IMPORTING, ImportState.UNDOING)
LIVE = (*AT_WORK, ImportState.UPLOADED, ImportState.CHECKED, ImportState.DONE)


@dataclass(frozen=True)
class Correction:
    """An import of rows that were held back and mended."""

    public_id: str
    file_name: str
    state: ImportState
    lines: frozenset[int]


def ahead(session: Session, run: ImportRun) -> int:
    """Return how many other imports are at work or wait for their turn before this one."""
    busy = select(func.count()).select_from(ImportRun)
    busy = busy.where(col(ImportRun.state).in_(AT_WORK), col(ImportRun.id) != run.id)
    return int(session.scalar(busy) or 0)


def corrections_of(session: Session, public_id: str) -> tuple[Correction, ...]:
    """Return the imports that bring mended rows of this one, oldest first; those stopped or undone are no longer any."""
    runs = session.scalars(
        select(ImportRun)
        .where(col(ImportRun.corrects) == public_id, col(ImportRun.state).in_(LIVE))
        .order_by(col(ImportRun.id))
    )
    return tuple(Correction(run.public_id, run.file_name, run.state, frozenset(run.corrected_lines)) for run in runs)


def mended_lines(session: Session, public_id: str) -> frozenset[int]:
    """Return the held-back lines of an import that were mended and brought in, or are on their way."""
    return frozenset(line for correction in corrections_of(session, public_id) for line in correction.lines)
