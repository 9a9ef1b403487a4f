"""The long work: checking a file, taking it, taking it back. Each may die at any moment and be run again.

Parsing and building happen outside transactions; a short one at the end makes the result the current state.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from app.accounts.models import AuditEntry
from app.core.database import read_session, write_session
from app.core.errors import AppError
from app.core.i18n import N_
from app.core.types import JsonDict
from app.jobs.schemas import JobServices
from app.purchases.builds import version_before, version_in_use
from app.purchases.figures.version import build_version, manifest
from app.purchases.files.names import CONTACTS, FIXES, HELD, ROWS, Numbering
from app.purchases.import_schemas import CheckReport, HeldBack, Mapping
from app.purchases.models import FileTable, ImportRun, ImportState, PurchaseSettings, Source
from app.purchases.movement import kept
from app.purchases.operations import use_build
from app.purchases.queries import get_import, overview
from app.purchases.segments_file import in_force
from app.purchases.store import OrdersStore, settle

if TYPE_CHECKING:
    from app.purchases.files.prepare import Prepared

REPORT = TypeAdapter(CheckReport)
TICK = 0.3
WAITING = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.CHECKED, ImportState.IMPORTING)
FORGOTTEN_AFTER = timedelta(days=1)  # an upload still on its way in has no row yet, but is never so old
BROKEN = N_("Something went wrong on our side while reading the file; nothing was taken. The log names the import.")
log = logging.getLogger(__name__)


class Cancelled(AppError):
    """A person stopped the work."""


@dataclass
class _Ticker:
    """Writes progress to the run's row now and then, and stops the work when a person asked for it."""

    services: JobServices
    public_id: str
    last: float = 0.0

    def __call__(self, done: int, total: int = 0) -> None:
        """Say how many rows are done, and of about how many."""
        moment = time.monotonic()
        if moment - self.last < TICK:
            return
        self.last = moment
        with write_session(self.services.engine) as session:
            run = get_import(session, self.public_id)
            _heed(run)
            run.progress_done = done
            run.progress_total = max(total, done)
            session.add(run)

    def phase(self, name: str) -> None:
        """Say what the work is at now."""
        with write_session(self.services.engine) as session:
            run = get_import(session, self.public_id)
            _heed(run)
            run.phase, run.phase_started_at = name, self.services.clock()
            run.progress_done = run.progress_total = 0
            session.add(run)


def run_check(services: JobServices, public_id: str) -> tuple[HeldBack, ...]:
    """Read the whole file, leave the check report on its row, return every held-back row.

    Whoever else is asked for the same check waits, and finds it done.
    """
    store: OrdersStore = services.orders
    with store.upload_lock(public_id):
        run = _read(services, public_id, ImportState.CHECKING)
        return _check(services, run) if run is not None else ()


def _check(services: JobServices, run: ImportRun) -> tuple[HeldBack, ...]:
    store: OrdersStore = services.orders
    public_id = run.public_id
    try:
        with _trouble_told(services, public_id, ImportState.UPLOADED):
            prepared = _prepared(services, run)
        with write_session(services.engine) as session:
            row = get_import(session, public_id)
            _heed(row)
            row.mapping = prepared.mapping.model_dump(mode="json")
            row.report = REPORT.dump_python(prepared.report, mode="json")
            row.state = ImportState.CHECKED
            session.add(row)
    except Cancelled:
        _finish(services, public_id, ImportState.CANCELLED)
        store.drop_upload(public_id)
        return ()
    except AppError as fault:
        _finish(services, public_id, ImportState.UPLOADED, fault=fault)
        return ()
    return prepared.held_back


def _prepared(services: JobServices, run: ImportRun) -> "Prepared":
    # DuckDB, Ibis and Arrow are loaded where they work: web processes, which only import this module, start without
    from app.purchases.files import prepare
    from app.purchases.other.handlers import handler

    store: OrdersStore = services.orders
    ticker = _Ticker(services, run.public_id)
    ticker.phase("reading")
    if run.table is not FileTable.ORDERS:
        return handler(run.table).check(services, run, ticker)
    return prepare.prepare(
        store,
        store.upload_dir(run.public_id),
        mapping=Mapping.model_validate(run.mapping),
        numbering=Numbering(run.source, run.id or 0),
        earlier=[store.rows_path(name) for name in manifest(services, source=run.source)],
        progress=ticker,
        phase=ticker.phase,
    )


def _heed(run: ImportRun) -> None:
    """Go on, unless a person has asked to stop."""
    if run.cancel_requested:
        raise Cancelled("cancelled", N_("The import was stopped. Nothing was taken."))


@contextmanager
def _trouble_told(services: JobServices, public_id: str, state: ImportState) -> Iterator[None]:
    """Leave a sentence on the row when work ends in a way nobody foresaw; the fault itself goes on to the log."""
    ended = False
    try:
        yield
        ended = True
    except AppError:
        ended = True
        raise
    finally:
        if not ended:
            log.error("import %s broke off", public_id)
            _finish(services, public_id, state, fault=AppError("import_broken", BROKEN))


def run_import(services: JobServices, public_id: str) -> None:
    """Put the prepared rows into the store and build the figures anew; until the last step the old state stands."""
    store: OrdersStore = services.orders
    with store.lock():
        run = _read(services, public_id, ImportState.IMPORTING)
        if run is None:
            return
        if run.cancel_requested:
            _finish(services, public_id, ImportState.CANCELLED)
        else:
            try:
                with _trouble_told(services, public_id, ImportState.FAILED):
                    _take(services, run)
            except Cancelled:
                _finish(services, public_id, ImportState.CANCELLED)
            except AppError as fault:
                _finish(services, public_id, ImportState.FAILED, fault=fault)
            finally:
                store.drop_upload(public_id)
                _sweep(services)
    store.drop_upload(public_id)


def _take(services: JobServices, run: ImportRun) -> None:
    store: OrdersStore = services.orders
    public_id = run.public_id
    ticker = _Ticker(services, public_id)
    ticker.phase("checking")
    report = _settled(services, run)
    mapping = Mapping.model_validate(run.mapping)
    names = [*manifest(services), *([public_id] if run.table is FileTable.ORDERS else [])]
    before = _version_in_use(services)
    version = build_version(services, names, joining=run, phase=ticker.phase)
    moved = kept.told(store, version, before=before, import_id=public_id)

    def remember(session: Session, row: ImportRun) -> None:
        _heed(row)
        row.moved = moved
        row.report = REPORT.dump_python(report, mode="json")
        row.finished_at = services.clock()
        counts = {"taken": report.taken, "known": report.known}
        session.add(
            AuditEntry(at=row.finished_at, actor_id=row.created_by, action="import", object_id=public_id, detail=counts)
        )
        _remember_mapping(session, row, mapping)

    ticker.phase("listing")
    _publish(services, public_id, ImportState.DONE, version, remember)


def _settled(services: JobServices, run: ImportRun) -> CheckReport:
    """Give the prepared files their final names; return the report as it is against what the store holds now."""
    from app.purchases.files import prepare
    from app.purchases.other.handlers import handler

    store: OrdersStore = services.orders
    if run.table is not FileTable.ORDERS:
        other = handler(run.table)
        other.settle_prepared(store, store.upload_dir(run.public_id), run.public_id)
        return other.recount(services, run)
    _settle_prepared(store, store.upload_dir(run.public_id), run.public_id)
    return prepare.recount(
        store,
        store.rows_path(run.public_id),
        REPORT.validate_python(run.report),
        numbering=Numbering(run.source, run.id or 0),
        currency=Mapping.model_validate(run.mapping).currency,
        earlier=[store.rows_path(name) for name in manifest(services, source=run.source)],
    )


def run_undo(services: JobServices, public_id: str) -> None:
    """Build the figures without this import, then drop its files."""
    store: OrdersStore = services.orders
    with store.lock():
        run = _read(services, public_id, ImportState.UNDOING)
        if run is None:
            return
        left = [name for name in manifest(services) if name != public_id]
        before = _version_in_use(services)
        version = build_version(services, left, leaving=run, phase=_Ticker(services, public_id).phase)
        moved = kept.told(store, version, before=before, import_id=public_id)

        def stamp(session: Session, row: ImportRun) -> None:
            del session
            row.moved = moved
            row.undone_at = services.clock()

        _publish(services, public_id, ImportState.UNDONE, version, stamp)
        _sweep(services)


def tidy(services: JobServices) -> bool:
    """Delete what stopped processes left behind; return whether the figures wait for a rebuild that never came."""
    store: OrdersStore = services.orders
    with store.lock():
        _sweep(services)
        with read_session(services.engine) as session:
            settings = session.get(PurchaseSettings, 1)
            wanted = settings.as_of_override if settings else None, in_force(session).segments
            built = overview(session, store)
    return built is not None and (built.as_of if built.as_of_is_set else None, built.segments) != wanted


def run_rebuild(services: JobServices, public_id: str = "") -> None:
    """Build the figures anew from the same files, for another as-of date or other class rules."""
    del public_id
    store: OrdersStore = services.orders
    with store.lock():
        version = build_version(services, manifest(services))
        with write_session(services.engine) as session:
            use_build(session, version)
        _sweep(services)


def _version_in_use(services: JobServices) -> str:
    with read_session(services.engine) as session:
        return version_in_use(session)


def _read(services: JobServices, public_id: str, state: ImportState) -> ImportRun | None:
    with read_session(services.engine) as session:
        run = get_import(session, public_id)
        session.expunge(run)
    return run if run.state is state else None


def _settle_prepared(store: OrdersStore, folder: Path, public_id: str) -> None:
    """Move prepared files to their final names; run again after a crash it finds them already there."""
    moves = (
        (CONTACTS, store.contacts_path),
        (HELD, store.held_path),
        (FIXES, store.fixes_path),
        (ROWS, store.rows_path),
    )
    for name, final in moves:
        if (folder / name).exists():
            settle(folder / name, final(public_id))


def _publish(
    services: JobServices,
    public_id: str,
    state: ImportState,
    version: str,
    change: Callable[[Session, ImportRun], None],
) -> None:
    """Make a build and an import's new state the current ones, in one transaction."""
    with write_session(services.engine) as session:
        row = get_import(session, public_id)
        row.state = state
        change(session, row)
        use_build(session, version)
        session.add(row)


def _remember_mapping(session: Session, run: ImportRun, mapping: Mapping) -> None:
    found = session.scalar(select(Source).where(col(Source.name) == run.source))
    kept: JsonDict = mapping.model_copy(update={"encoding": "", "sheet": ""}).model_dump(mode="json")
    finished = run.finished_at or run.created_at
    if found is None:
        found = Source(name=run.source, updated_at=finished)
    if run.table is FileTable.ORDERS:
        found.mapping = kept
    else:
        found.other_mappings = found.other_mappings | {run.table.value: kept}
    found.updated_at = finished
    session.add(found)


def _sweep(services: JobServices) -> None:
    """Delete what no import needs any more. Call it inside the store's lock."""
    store: OrdersStore = services.orders
    with read_session(services.engine) as session:
        version, before = version_in_use(session), version_before(session)
        names = select(col(ImportRun.public_id))
        known = frozenset(session.scalars(names))
        waiting = frozenset(session.scalars(names.where(col(ImportRun.state).in_(WAITING))))
        stopped = session.scalars(names.where(col(ImportRun.state) == ImportState.IMPORTING)).all()
    store.sweep(imports=[*manifest(services, table=None), *stopped], version=version, before=before)
    store.sweep_uploads(waiting, ended=known - waiting, before=services.clock() - FORGOTTEN_AFTER)


def _finish(services: JobServices, public_id: str, state: ImportState, fault: AppError | None = None) -> None:
    with write_session(services.engine) as session:
        row = get_import(session, public_id)
        row.state = state
        if fault is not None:
            row.error_message = fault.message
            texts = {name: value if isinstance(value, list) else str(value) for name, value in fault.params.items()}
            row.error_params = texts | {"code": fault.code}
        session.add(row)
