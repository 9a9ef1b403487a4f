"""What people do with order files. Reading and building happen in `tasks`, outside any transaction."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlmodel import Session, col, select

from app.accounts.operations import record
from app.accounts.schemas import Actor
from app.core.errors import AppError, Conflict
from app.core.i18n import N_
from app.core.types import JsonDict, new_public_id
from app.purchases.files.mapping import mapping_file
from app.purchases.files.names import ORIGINAL
from app.purchases.import_schemas import FilePreview, Mapping
from app.purchases.models import FileTable, ImportRun, ImportState, Person, PurchaseSettings, Source
from app.purchases.schemas import CustomerSummary, Overview
from app.purchases.store import OrdersStore

WRONG_STATE = N_("This import is already past that step. Reload the page to see where it stands.")
BEFORE_CHECK = frozenset({ImportState.UPLOADED, ImportState.CHECKED})
WAITS = timedelta(days=7)
FIRST_DAY = date(1970, 1, 2)


def purchase_settings(session: Session) -> PurchaseSettings:
    """Return the one row of purchase settings, made at its first use."""
    found = session.get(PurchaseSettings, 1)
    if found is None:
        found = PurchaseSettings(id=1)
        session.add(found)
        session.flush()
    return found


def use_build(session: Session, version: str) -> None:
    """Make a build the one that pages read; the one in use until now is the one before it."""
    settings = purchase_settings(session)
    settings.summary_version_before, settings.summary_version = settings.summary_version, version


def start_import(
    session: Session, store: OrdersStore, *, actor: Actor, source: str, file_name: str, path: Path, now: datetime,
    keep_original: bool = False, table: FileTable = FileTable.ORDERS,
) -> ImportRun:  # fmt: skip
    """Take charge of a file at `path`; it is moved away unless `keep_original` (the command line) says otherwise.

    The mapping remembered for the source, and for this kind of file, comes along.
    """
    public_id = new_public_id()
    folder = store.upload_dir(public_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    size = path.stat().st_size
    if keep_original:
        (folder / ORIGINAL).symlink_to(path.resolve())
    else:
        path.replace(folder / ORIGINAL)
    run = ImportRun(
        public_id=public_id,
        source=source,
        file_name=file_name[-255:],
        size_bytes=size,
        table=table,
        state=ImportState.UPLOADED,
        mapping=remembered_mapping(session, source, table),
        created_by=actor.user_id,
        created_at=now,
    )
    session.add(run)
    session.flush()
    return run


def remembered_mapping(session: Session, source: str, table: FileTable) -> JsonDict:
    """Return the mapping that the last file of this kind was read with; empty for the first."""
    found = session.scalar(select(Source).where(col(Source.name) == source))
    if found is None:
        return {}
    return dict(found.mapping if table is FileTable.ORDERS else found.other_mappings.get(table.value, {}))


def set_table(session: Session, *, run: ImportRun, table: FileTable) -> None:
    """Say what the rows of the file are; what was said of its columns before is forgotten."""
    _expect(run, BEFORE_CHECK)
    if run.table is not table:
        run.table, run.mapping, run.report = table, remembered_mapping(session, run.source, table), {}
        run.state = ImportState.UPLOADED
        run.error_message, run.error_params = "", {}
        _save(session, run)


def inspect(store: OrdersStore, run: ImportRun) -> FilePreview:
    """Return what is recognised in the uploaded file. Reads the file: call it outside a write transaction.

    Raises:
        FileRefused: the file cannot be read at all.
    """
    path, mapping = store.upload_dir(run.public_id) / ORIGINAL, Mapping.model_validate(run.mapping)
    # what reads files is loaded where it works: web processes, which only import this module, start without
    from app.purchases.files.preview import preview
    from app.purchases.other.handlers import handler
    from app.purchases.other.member_columns import looks_like_members

    if run.table is not FileTable.ORDERS:
        return handler(run.table).preview(path, mapping)
    found = preview(path, mapping)
    if found.table is None and looks_like_members(found.headers):
        return replace(found, table=FileTable.MEMBERS)
    return found


def set_mapping(session: Session, *, run: ImportRun, mapping: Mapping) -> None:
    """Keep a person's mapping for this file; the check has to be made again.

    Raises:
        Conflict: the import is already past that step.
    """
    _expect(run, BEFORE_CHECK)
    run.mapping = _checked(mapping, run.table).model_dump(mode="json")
    run.report = {}
    run.state = ImportState.UPLOADED
    _save(session, run)


def _checked(mapping: Mapping, table: FileTable) -> Mapping:
    if table is FileTable.ORDERS:
        return mapping_file.make_mapping(mapping.columns, mapping.model_dump(exclude={"columns"}))
    from app.purchases.other.handlers import handler
    from app.purchases.other.small_table import refuse_unknown

    refuse_unknown(mapping, handler(table).SPEC)
    return mapping


def request_check(session: Session, *, run: ImportRun) -> None:
    """Ask for the check report; enqueue `purchases.check` after the commit."""
    _expect(run, BEFORE_CHECK)
    run.error_message, run.error_params = "", {}
    run.progress_done = run.progress_total = 0
    run.phase, run.phase_started_at = "", None
    run.cancel_requested = False
    run.state = ImportState.CHECKING
    _save(session, run)


def confirm(session: Session, *, run: ImportRun) -> None:
    """Take the checked rows; enqueue `purchases.import` after the commit."""
    _expect(run, frozenset({ImportState.CHECKED}))
    run.cancel_requested = False
    run.progress_done = run.progress_total = 0
    run.phase, run.phase_started_at = "", None
    run.state = ImportState.IMPORTING
    _save(session, run)


def cancel(session: Session, *, run: ImportRun) -> None:
    """Stop a check or an import before anything is kept; `tasks` notices within a moment."""
    _expect(run, BEFORE_CHECK | {ImportState.CHECKING, ImportState.IMPORTING})
    run.cancel_requested = True
    if run.state in BEFORE_CHECK:
        run.state = ImportState.CANCELLED
    _save(session, run)


def request_undo(session: Session, *, run: ImportRun, actor: Actor, now: datetime) -> None:
    """Take a whole import back; enqueue `purchases.undo` after the commit."""
    _expect(run, frozenset({ImportState.DONE}))
    run.state = ImportState.UNDOING
    run.progress_done = run.progress_total = 0
    run.phase, run.phase_started_at, run.cancel_requested = "", None, False
    record(session, actor=actor, action="import_undo", now=now, object_id=run.public_id)
    _save(session, run)


def discard(session: Session, store: OrdersStore, *, run: ImportRun) -> None:
    """Forget an import that never got as far as being taken, or whose command was killed before it was."""
    if run.state is not ImportState.DONE and store.abandoned(run.public_id):
        run.state = ImportState.CANCELLED
    _expect(run, BEFORE_CHECK | {ImportState.CANCELLED, ImportState.FAILED})
    session.delete(run)
    session.flush()
    store.drop_upload(run.public_id)


def forget_old_uploads(session: Session, store: OrdersStore, *, now: datetime) -> int:
    """Delete files that were uploaded and never taken, after a week: they hold people's data. Return how many."""
    waiting = select(ImportRun).where(col(ImportRun.state).in_(BEFORE_CHECK), col(ImportRun.created_at) < now - WAITS)
    old = session.scalars(waiting).all()
    for run in old:
        discard(session, store, run=run)
    return len(old)


def days_to_choose(overview: Overview | None, today: date) -> tuple[date, date]:
    """Return the first and the last day that can be the as-of date.

    Before the first order there are no figures; days that have not come (but tomorrow, which it may be elsewhere) and of which
    no order is known would make everybody look as if they had left.
    """
    if overview is None:
        return FIRST_DAY, today + timedelta(days=1)
    return overview.first_order_on, max(today + timedelta(days=1), overview.last_order_on)


def set_as_of(
    session: Session, *, day: date | None, actor: Actor, now: datetime, overview: Overview | None = None
) -> None:  # fmt: skip
    """Set the day all figures are computed for, None for the newest order's day; enqueue `purchases.rebuild` after the commit.

    `overview` is that of the build in use.

    Raises:
        AppError: the day lies before the first order or too far ahead.
    """
    first, last = days_to_choose(overview, now.date())
    if day is not None and day < first:
        raise AppError(
            "as_of_early", N_("There are no orders up to that day: the first one is of {first}."), first=first
        )
    if day is not None and day > last:
        raise AppError(
            "as_of_late", N_("That day lies too far ahead. The last one that can be used is {last}."), last=last
        )
    purchase_settings(session).as_of_override = day
    record(session, actor=actor, action="as_of", now=now, detail={"as_of": str(day)})
    session.flush()


def person_for(session: Session, summary: CustomerSummary, now: datetime) -> Person:
    """Return the person of a customer, made at the first pick; the id stays through undo and import again."""
    found = session.scalar(select(Person).where(col(Person.public_id) == summary.customer_ref))
    if found is None:
        found = Person(
            public_id=summary.customer_ref, source=summary.source, customer_id=summary.customer_id, created_at=now
        )
        session.add(found)
        session.flush()
    return found


def _expect(run: ImportRun, states: frozenset[ImportState]) -> None:
    if run.state not in states:
        raise Conflict("import_state", WRONG_STATE)


def _save(session: Session, run: ImportRun) -> None:
    session.add(run)
    session.flush()
