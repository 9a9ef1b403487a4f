"""The long work: checking a file, taking it, taking it back. Each may die at any moment and be run again.

Parsing and building happen outside transactions; a short one at the end makes the result the current state.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from app.accounts.models import AuditEntry
from app.core.database import read_session, write_session
from app.core.errors import AppError
from app.core.i18n import N_
from app.core.types import JsonDict, new_public_id
from app.jobs.schemas import JobServices
from app.purchases.files.encodings import count_lines
from app.purchases.files.names import CONTACTS, HELD, ORIGINAL, ROWS
from app.purchases.import_schemas import CheckReport, HeldBack, Mapping
from app.purchases.models import ImportRun, ImportState, PurchaseSettings, Source
from app.purchases.operations import purchase_settings
from app.purchases.queries import get_import
from app.purchases.segments_file import read_segments
from app.purchases.store import OrdersStore, settle

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
    total: int = 0
    last: float = 0.0

    def __call__(self, done: int) -> None:
        moment = time.monotonic()
        if moment - self.last < TICK:
            return
        self.last = moment
        with write_session(self.services.engine) as session:
            run = get_import(session, self.public_id)
            _heed(run)
            run.progress_done = done
            run.progress_total = max(self.total, done)
            session.add(run)


def run_check(services: JobServices, public_id: str) -> tuple[HeldBack, ...]:
    """Read the whole file, leave the check report on its row, return every held-back row."""
    run = _read(services, public_id, ImportState.CHECKING)
    if run is None:
        return ()
    # DuckDB, Ibis and Arrow are loaded where they work: web processes, which only import this module, start without
    from app.purchases.files import prepare
    from app.purchases.files.normalise import Numbering

    store: OrdersStore = services.orders
    folder = store.upload_dir(public_id)
    try:
        with _trouble_told(services, public_id, ImportState.UPLOADED):
            prepared = prepare.prepare(
                store,
                folder,
                mapping=Mapping.model_validate(run.mapping),
                numbering=Numbering(run.source, run.id or 0),
                earlier=[store.rows_path(name) for name in _manifest(services, run.source)],
                progress=_Ticker(services, public_id, count_lines(folder / ORIGINAL)),
            )
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
                _sweep(services)
    store.drop_upload(public_id)


def _take(services: JobServices, run: ImportRun) -> None:
    from app.purchases.files import prepare

    store: OrdersStore = services.orders
    public_id = run.public_id
    _settle_prepared(store, store.upload_dir(public_id), public_id)
    earlier = [store.rows_path(name) for name in _manifest(services, run.source)]
    mapping = Mapping.model_validate(run.mapping)
    old = REPORT.validate_python(run.report)
    report = prepare.recount(
        store, store.rows_path(public_id), old, source=run.source, currency=mapping.currency, earlier=earlier
    )
    version = build_version(services, [*_manifest(services), public_id])

    def remember(session: Session, row: ImportRun) -> None:
        _heed(row)
        row.report = REPORT.dump_python(report, mode="json")
        row.finished_at = services.clock()
        counts = {"taken": report.taken, "known": report.known}
        session.add(
            AuditEntry(at=row.finished_at, actor_id=row.created_by, action="import", object_id=public_id, detail=counts)
        )
        _remember_mapping(session, row, mapping)

    _publish(services, public_id, ImportState.DONE, version, remember)


def run_undo(services: JobServices, public_id: str) -> None:
    """Build the figures without this import, then drop its files."""
    store: OrdersStore = services.orders
    with store.lock():
        run = _read(services, public_id, ImportState.UNDOING)
        if run is None:
            return
        version = build_version(services, [name for name in _manifest(services) if name != public_id])

        def stamp(session: Session, row: ImportRun) -> None:
            del session
            row.undone_at = services.clock()

        _publish(services, public_id, ImportState.UNDONE, version, stamp)
        _sweep(services)


def run_rebuild(services: JobServices, public_id: str = "") -> None:
    """Build the figures anew from the same files, for another as-of date or other class rules."""
    del public_id
    store: OrdersStore = services.orders
    with store.lock():
        version = build_version(services, _manifest(services))
        with write_session(services.engine) as session:
            purchase_settings(session).summary_version = version
        _sweep(services)


def build_version(services: JobServices, manifest: Sequence[str]) -> str:
    """Write lines, summary and list for these imports under a fresh version and return it; empty for no orders."""
    from app.purchases.figures import build, list_file, tables

    store: OrdersStore = services.orders
    if not manifest:
        return ""
    with read_session(services.engine) as session:
        row = session.get(PurchaseSettings, 1)
        as_of = row.as_of_override if row else None
    version = new_public_id()
    work = store.uploads_dir / f"build-{version}"
    work.mkdir(parents=True, exist_ok=True)
    lines, listed = work / "lines.parquet", work / "list.sqlite3"
    try:
        with store.duckdb() as backend:
            build.write_lines(backend, [store.rows_path(name) for name in manifest], lines)
            figures = build.compute(backend, lines, as_of=as_of, segments=read_segments(), ref=store.customer_ref)
            if figures is None:
                return ""
            build.write_summary(figures.customers, work / "summary.parquet")
        overview = tables.overview(figures, as_of_is_set=as_of is not None)
        list_file.write(listed, figures.customers, overview, tables.count_elapsed(figures))
        settle(lines, store.lines_path(version))
        settle(work / "summary.parquet", store.summary_path(version))
        settle(listed, store.list_path(version))
    finally:
        store.drop_upload(work.name)
    return version


def _read(services: JobServices, public_id: str, state: ImportState) -> ImportRun | None:
    with read_session(services.engine) as session:
        run = get_import(session, public_id)
        session.expunge(run)
    return run if run.state is state else None


def _manifest(services: JobServices, source: str | None = None) -> list[str]:
    wanted = select(col(ImportRun.public_id)).where(col(ImportRun.state).in_([ImportState.DONE, ImportState.UNDOING]))
    if source is not None:
        wanted = wanted.where(col(ImportRun.source) == source)
    with read_session(services.engine) as session:
        return list(session.scalars(wanted.order_by(col(ImportRun.id))))


def _settle_prepared(store: OrdersStore, folder: Path, public_id: str) -> None:
    """Move prepared files to their final names; run again after a crash it finds them already there."""
    moves = (
        (CONTACTS, store.contacts_path),
        (HELD, store.held_path),
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
        purchase_settings(session).summary_version = version
        session.add(row)


def _remember_mapping(session: Session, run: ImportRun, mapping: Mapping) -> None:
    found = session.scalar(select(Source).where(col(Source.name) == run.source))
    kept: JsonDict = mapping.model_copy(update={"encoding": ""}).model_dump(mode="json")
    finished = run.finished_at or run.created_at
    if found is None:
        session.add(Source(name=run.source, mapping=kept, updated_at=finished))
    else:
        found.mapping, found.updated_at = kept, finished
        session.add(found)


def _sweep(services: JobServices) -> None:
    """Delete what no import needs any more. Call it inside the store's lock."""
    store: OrdersStore = services.orders
    with read_session(services.engine) as session:
        settings = session.get(PurchaseSettings, 1)
        version = settings.summary_version if settings else ""
        names = select(col(ImportRun.public_id))
        waiting = session.scalars(names.where(col(ImportRun.state).in_(WAITING))).all()
        stopped = session.scalars(names.where(col(ImportRun.state) == ImportState.IMPORTING)).all()
    store.sweep(imports=[*_manifest(services), *stopped], version=version)
    store.sweep_uploads(waiting, before=services.clock() - FORGOTTEN_AFTER)


def _finish(services: JobServices, public_id: str, state: ImportState, fault: AppError | None = None) -> None:
    with write_session(services.engine) as session:
        row = get_import(session, public_id)
        row.state = state
        if fault is not None:
            row.error_message = fault.message
            row.error_params = {name: str(value) for name, value in fault.params.items()}
        session.add(row)
