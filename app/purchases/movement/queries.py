"""Reads of movement: counted once for each build and pair of days, and kept, because a build never changes."""

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from app.core import sql
from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases.builds import Build, NotCounted, build_of, version_in_use
from app.purchases.figures import list_file
from app.purchases.models import ImportRun, ImportState
from app.purchases.movement import arrows, kept
from app.purchases.movement.schemas import Between, Kept
from app.purchases.schemas import Overview
from app.purchases.store import OrdersStore, files_of_a_build

if TYPE_CHECKING:
    import pyarrow as pa

USUAL_DAYS = 30
REMEMBERED = 64
MOST_DAYS = 16
"""So many days of a build stay on disk: 9 MB each for 1.7 million customers."""
AT_ONCE = 100_000
"""Up to so many customers a new day is counted in less than half a second."""


class BadDays(AppError):
    """The two days are not in the data, or the wrong way round; `field` is the one to correct."""

    def __init__(self, field: str, message: str, **params: date) -> None:
        """Say which and why."""
        super().__init__("bad_days", message, status=None, **params)
        self.field = field


@dataclass(frozen=True)
class Days:
    """The days that can be chosen in a build."""

    first: date
    last: date

    def before(self, days: int) -> date:
        """Return the day so many days before the last one, not before the first."""
        return max(self.first, self.last - timedelta(days=days))


def days_of(session: Session, store: OrdersStore) -> Days | None:
    """Return which days can be compared: from the first order to the as-of date; None while there are no orders.

    Raises:
        NotCounted: the build in use has no file of orders.
    """
    build = build_of(session, store)
    return None if build is None else days_in(build)


def days_in(build: Build) -> Days:
    """Return the days that can be compared in a build."""
    shop = _overview(build)
    return Days(min(shop.first_order_on, shop.as_of), shop.as_of)


def between(
    session: Session, store: OrdersStore, *, from_on: date | None = None, to_on: date | None = None
) -> Between | None:  # fmt: skip
    """Return what moved between two days, by default from 30 days before to the as-of date; None while there are no orders.

    Raises:
        BadDays: one of them lies outside the data, or they stand the wrong way round.
        NotCounted: the build in use has no file of orders.
    """
    build = build_of(session, store)
    if build is None:
        return None
    return _between(build, *chosen(days_in(build), from_on, to_on))


def counted(session: Session, store: OrdersStore, *, from_on: date, to_on: date) -> bool:
    """Return whether two days of the build in use are there at once, because they were counted before or the shop is small."""
    build = build_of(session, store)
    if build is None or _overview(build).customers <= AT_ONCE:
        return True
    return all(_named_path(build, day).exists() for day in (from_on, to_on))


def chosen(days: Days, from_on: date | None, to_on: date | None) -> tuple[date, date]:
    """Return two days, those not given filled in.

    Raises:
        BadDays: one of them lies outside the data, or they stand the wrong way round.
    """
    later = to_on or days.last
    earlier = from_on or max(days.first, later - timedelta(days=USUAL_DAYS))
    for field, day in (("from", earlier), ("to", later)):
        if not days.first <= day <= days.last:
            raise BadDays(field, N_("Choose a day from {first} to {last}."), first=days.first, last=days.last)
    if earlier > later:
        raise BadDays("from", N_("The earlier day lies after the later one."))
    return earlier, later


def last_change(session: Session, store: OrdersStore) -> Kept | None:
    """Return what the build in use moved against the one before it; None where that was not kept."""
    version = version_in_use(session)
    return kept.read(store.moved_path(version)) if version else None


def cause_of(session: Session, change: Kept) -> tuple[str, str] | None:
    """Return public id and file name of the import that a change is about; None for a rebuild, and of a forgotten import."""
    row = session.scalar(select(ImportRun).where(col(ImportRun.public_id) == change.import_id))
    return (row.public_id, row.file_name) if row else None


def of_imports(session: Session, *, most: int) -> list[tuple[ImportRun, Kept]]:
    """Return the newest imports in force with what each of them moved, newest first; those that moved nobody are left out."""
    rows = session.scalars(
        select(ImportRun).where(col(ImportRun.state) == ImportState.DONE).order_by(col(ImportRun.finished_at).desc())
    )
    found = []
    for row in rows:
        moved = kept.of_import(row.moved)
        if moved and moved.anybody:
            found.append((row, moved))
        if len(found) == most:
            break
    return found


def named_file(store: OrdersStore, version: str, day: date) -> Path:
    """Return the file of everybody's class and type on a day of a build; counted where it is not there yet.

    Raises:
        NotCounted: the build has no file of orders.
    """
    build = Build(store, version)
    path = _named_path(build, day)
    if not path.exists():
        if path == store.summary_path(version) or not store.orders_path(version).exists():
            raise NotCounted
        with files_of_a_build():
            _count_day(build, day, path)
    elif path != store.summary_path(version):
        with suppress(FileNotFoundError):
            os.utime(path)  # the files used last are kept: a day of the pair asked for is never the one to go
    return path


@lru_cache(maxsize=REMEMBERED)
def _between(build: Build, from_on: date, to_on: date) -> Between:
    earlier, later = (named_file(build.store, build.version, day) for day in (from_on, to_on))
    with build.store.plain_duckdb() as connection:
        rows = arrows.both(sql.parquet(earlier), sql.parquet(later))
        moves = arrows.count(connection, f"({rows})")
    return Between(from_on, to_on, moves, _overview(build).sources)


def _count_day(build: Build, day: date, path: Path) -> None:
    """Write the file under another name and rename it: a reader never sees half of it."""
    from app.purchases.movement import standing

    store, version = build.store, build.version
    taken_back = _taken_back(build)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="standing-", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        with store.duckdb() as backend:
            found = standing.standing(
                backend, orders=store.orders_path(version), ends=store.ends_path(version), taken_back=taken_back,
                limits=_overview(build).sources, day=day,
            )  # fmt: skip
            standing.write(backend, found, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    for old in sorted(store.standing_paths(version), key=_used_at)[:-MOST_DAYS]:
        old.unlink(missing_ok=True)


def _used_at(path: Path) -> int:
    """Return when a file was used last; another process may have dropped it since it was listed."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@lru_cache(maxsize=2)
def _taken_back(build: Build) -> "pa.Table":
    from app.purchases.movement import standing

    store, version = build.store, build.version
    with store.duckdb() as backend:
        return standing.taken_back(backend, orders=store.orders_path(version), summary=store.summary_path(version))


def _named_path(build: Build, day: date) -> Path:
    same = day == build.as_of
    return build.store.summary_path(build.version) if same else build.store.standing_path(build.version, day)


@lru_cache(maxsize=4)
def _overview(build: Build) -> Overview:
    with build.store.open_list(build.version) as connection:
        return list_file.read_overview(connection)
