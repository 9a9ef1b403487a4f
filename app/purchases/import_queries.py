"""Reads of imports in relation to each other: what waits for what, what corrects what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel import Session, col, func, select

from app.purchases.builds import version_in_use
from app.purchases.import_schemas import BROUGHT, Contribution, ImportRow
from app.purchases.models import FileTable, ImportRun, ImportState
from app.purchases.store import OrdersStore

AT_WORK = (ImportState.CHECKING, ImportState.IMPORTING, ImportState.UNDOING)
LIVE = (*AT_WORK, ImportState.UPLOADED, ImportState.CHECKED, ImportState.DONE)
IN_FORCE = (ImportState.DONE, ImportState.UNDOING)
OPEN = frozenset({ImportState.CHECKED, ImportState.DONE})


@dataclass(frozen=True)
class Correction:
    """An import of rows that were held back and mended."""

    public_id: str
    file_name: str
    state: ImportState
    lines: frozenset[int]


@dataclass(frozen=True)
class ImportGroup:
    """An import with those that brought its mended rows, oldest first."""

    row: ImportRow
    follow_ups: tuple[ImportRow, ...]
    brought: Mapping[str, Contribution] = field(default_factory=dict)

    def brings(self, row: ImportRow) -> Contribution | None:
        """Return what one of these imports contributes to the figures; None where that is not known, or is no orders."""
        return self.brought.get(row.public_id)

    @property
    def open(self) -> bool:
        """Return whether its held-back rows wait for being mended: nobody mends those of an import that does not count."""
        return self.row.state in OPEN

    @property
    def mended(self) -> int:
        """Return how many of its held-back rows were mended and brought in, or are on their way."""
        own = (one for one in self.follow_ups if one.corrects == self.row.public_id)
        return sum(one.corrected for one in own if one.state in LIVE)

    @property
    def still_held(self) -> int:
        """Return how many rows are held back to this day."""
        return max(self.row.held_back - self.mended, 0)


def grouped(rows: Sequence[ImportRow], brought: Mapping[str, Contribution] | None = None) -> tuple[ImportGroup, ...]:
    """Return imports, newest first as they come, each with the imports of its mended rows beside it."""
    parents = {row.public_id: row.corrects for row in rows}
    followed: dict[str, list[ImportRow]] = {}
    for row in rows:
        first = row.public_id
        while parents.get(first) in parents:
            first = parents[first]
        followed.setdefault(first, []).insert(0, row)
    return tuple(
        ImportGroup(row, tuple(one for one in followed[row.public_id] if one is not row), brought or {})
        for row in rows
        if row.public_id in followed
    )


def ahead(session: Session, run: ImportRun) -> int:
    """Return how many other imports are at work or wait for their turn before this one."""
    busy = select(func.count()).select_from(ImportRun)
    busy = busy.where(col(ImportRun.state).in_(AT_WORK), col(ImportRun.id) != run.id)
    return int(session.scalar(busy) or 0)


@dataclass(frozen=True)
class Counted:
    """What a build of the figures goes through: order files, and their rows by the reports of their imports."""

    files: int
    rows: int


def counted_with(session: Session, run: ImportRun) -> Counted:
    """Return what is counted anew when this import comes in or goes."""
    joining = run.state is ImportState.IMPORTING
    orders = session.scalars(select(ImportRun).where(col(ImportRun.table) == FileTable.ORDERS))
    counted = [one.report for one in orders if (joining if one.public_id == run.public_id else one.state in IN_FORCE)]
    rows = sum(report.get("rows_read", 0) - report.get("held_back_rows", 0) for report in counted)
    return Counted(len(counted), rows)


def interrupted(session: Session, store: OrdersStore) -> frozenset[str]:
    """Return the imports that are said to be at work and are not, because their process was killed.

    What a command began is forgotten by the next command; what the worker began goes on when a worker starts.
    """
    under_way = (*AT_WORK, ImportState.UPLOADED, ImportState.CHECKED)
    runs = session.scalars(select(ImportRun).where(col(ImportRun.state).in_(under_way)))
    return frozenset(run.public_id for run in runs if _interrupted(store, run))


def told_truly(session: Session, store: OrdersStore, rows: Sequence[ImportRow]) -> tuple[ImportRow, ...]:
    """Return the imports with those marked that are said to be at work and are not."""
    dead = interrupted(session, store)
    return tuple(replace(row, interrupted=True) if row.public_id in dead else row for row in rows)


def _interrupted(store: OrdersStore, run: ImportRun) -> bool:
    if store.abandoned(run.public_id):
        return True
    if run.state not in AT_WORK or not run.phase:
        return False  # without a phase nobody has begun: it waits for its turn
    return store.nobody_checks(run.public_id) if run.state is ImportState.CHECKING else store.nobody_builds()


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


def parent_of(session: Session, run: ImportRun) -> ImportRun | None:
    """Return the import whose held-back rows this one brings; None for any other, and where that one was forgotten."""
    if not run.corrects:
        return None
    return session.scalar(select(ImportRun).where(col(ImportRun.public_id) == run.corrects))


def still_held(session: Session, run: ImportRun) -> int:
    """Return how many held-back rows of an import wait for being mended; none where it was stopped or undone."""
    if run.state not in OPEN:
        return 0
    return max(int(run.report.get("held_back_rows", 0)) - len(mended_lines(session, run.public_id)), 0)


def contributions(session: Session, store: OrdersStore) -> dict[str, Contribution] | None:
    """Return what each order file contributes to the figures, by the import's public id; None of a build from before it was kept.

    A file in force whose every row a newer one replaced contributes nothing.
    """
    version = version_in_use(session)
    path = store.brought_path(version)
    if not version or not path.exists():
        return None
    found = BROUGHT.validate_json(path.read_bytes())
    runs = select(col(ImportRun.id), col(ImportRun.public_id)).where(
        col(ImportRun.state).in_(IN_FORCE), col(ImportRun.table) == FileTable.ORDERS
    )
    nothing = Contribution(0, 0, {}, None, None)
    return {public_id: found.get(number or 0, nothing) for number, public_id in session.execute(runs)}
