"""The page of one import in whatever state it is: what it shows, and how that is gathered."""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from functools import partial

from anyio import to_thread
from fastapi import Request
from sqlmodel import Session

from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases import held_rows, import_queries, operations, queries
from app.purchases.files.mapping import presets
from app.purchases.import_queries import Correction
from app.purchases.import_schemas import Contribution, ImportDetail, Mapping
from app.purchases.models import FileTable, ImportRun, ImportState
from app.web.aside import AT_ONCE, read_aside
from app.web.deps import services
from app.web.figures.movement import ImportPart, import_part
from app.web.forms import FieldError
from app.web.imports.account import Account, account_of
from app.web.imports.columns import ColumnsView, columns_view
from app.web.imports.fields import ENCODINGS, TABLES, table_label
from app.web.imports.kinds import OtherKinds, other_kinds
from app.web.imports.progress import COUNTING, Progress, progress_of
from app.web.imports.remedies import CODE, NONE, Remedy, remedy_of
from app.web.imports.sources import SourceChoice, source_choice
from app.web.imports.states import Standing, import_standing

PUBLIC_DATA = "公開データ"  # data sets for research are no shop's export
BUSY = frozenset(import_queries.AT_WORK)
LEADS_TO: Map[FileTable, tuple[str, str]] = {
    FileTable.MEMBERS: ("attributes", N_("See the customer attributes")),
    FileTable.PRODUCTS: ("products", N_("See the products")),
    FileTable.EVENTS: ("events", N_("See the events")),
    FileTable.SURVEYS: ("layers", N_("See the customer map")),
}
PURCHASES = ("purchases", N_("See the purchase data"))


def known_formats() -> tuple[tuple[str, str], ...]:
    """Return the exports we know by name, and where in the shop system each is made."""
    return tuple((preset.name, preset.export) for preset in presets.all_presets() if PUBLIC_DATA not in preset.name)


@dataclass(frozen=True)
class NewImportPage:
    """The upload form."""

    limit_mb: int
    source: SourceChoice
    shops: tuple[tuple[str, str], ...] = field(default_factory=known_formats)
    tables: tuple[tuple[str, str, str], ...] = TABLES
    typed: Map[str, str] = field(default_factory=dict)
    errors: Map[str, FieldError] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportPage:
    """One import; which of the parts are there depends on its state."""

    detail: ImportDetail
    standing: Standing
    table_label: str
    busy: bool
    view: ColumnsView | None = None
    account: Account | None = None
    progress: Progress | None = None
    problem: FieldError | None = None
    remedy: Remedy = NONE
    errors: Map[str, FieldError] = field(default_factory=dict)
    kinds: OtherKinds | None = None
    encodings: tuple[tuple[str, str], ...] = ENCODINGS
    corrections: tuple[Correction, ...] = ()
    waiting: Map[str, int] = field(default_factory=dict)
    parent: ImportDetail | None = None
    parent_waits: int = 0
    moves: ImportPart | None = None

    @property
    def open(self) -> bool:
        """Return whether its held-back rows can be mended."""
        return self.detail.row.state in import_queries.OPEN

    @property
    def mended(self) -> int:
        """Return how many held-back rows were mended and brought in, or are on their way."""
        return len({line for correction in self.corrections for line in correction.lines})

    @property
    def leads_to(self) -> tuple[str, str]:
        """Return the route and the label of the page that shows what the import brought."""
        return LEADS_TO.get(self.detail.row.table, PURCHASES)

    @property
    def sheets(self) -> list[tuple[str, str]]:
        """Return the sheets that a workbook has instead of the one asked for."""
        names = str(self.problem.params.get("names", "")) if self.problem else ""
        return [(name, name) for name in names.split(", ") if name]

    def with_error(self, told: FieldError) -> "ImportPage":
        """Return the page with a fault of the form above it, and what helps against it."""
        return replace(self, errors={"": told}, remedy=remedy_of(told))


@dataclass(frozen=True)
class UndoPage:
    """The second question before an import is taken back; `brings` is what an order file contributes now."""

    detail: ImportDetail
    corrections: tuple[Correction, ...]
    others: int
    brings: Contribution | None


def new_page(
    request: Request, db: Session, *, typed: Map[str, str] | None = None, errors: Map[str, FieldError] | None = None
) -> NewImportPage:
    """Return the upload form with the names of known sources."""
    limit = services(request).settings.upload_limit_mb
    source = source_choice(queries.source_names(db), typed or {})
    return NewImportPage(limit_mb=limit, source=source, typed=typed or {}, errors=errors or {})


async def import_page(
    request: Request, db: Session, run: ImportRun, *, columns: bool = False, typed: Mapping | None = None
) -> ImportPage:
    """Return the page of one import; its file is read in a thread, and only while its columns are open."""
    detail = queries.import_detail(run)
    parent = import_queries.parent_of(db, run)
    if services(request).orders.abandoned(run.public_id):
        detail = replace(detail, row=replace(detail.row, interrupted=True))
    page = ImportPage(
        detail=detail,
        standing=import_standing(detail.row),
        table_label=table_label(run.table),
        busy=run.state in BUSY and not detail.row.interrupted,
        parent=queries.import_detail(parent) if parent else None,
    )
    if detail.row.interrupted:
        return page
    if run.state is ImportState.UPLOADED or (columns and run.state is ImportState.CHECKED):
        return await _with_columns(request, run, page, typed)
    if page.busy:
        now = services(request).clock()
        ahead, stopping = import_queries.ahead(db, run), run.cancel_requested
        counted = import_queries.counted_with(db, run) if run.phase == COUNTING else None
        progress = progress_of(detail, now=now, ahead=ahead, stopping=stopping, counted=counted)
        return replace(page, progress=progress)
    told = FieldError(run.error_message, run.error_params)
    page = replace(
        page,
        account=account_of(detail.report, detail.mapping.currency) if detail.report else None,
        corrections=import_queries.corrections_of(db, run.public_id),
        remedy=remedy_of(told) if run.state is ImportState.FAILED else NONE,
        parent_waits=import_queries.still_held(db, parent) if parent else 0,
    )
    if run.moved:
        moves = await read_aside(request, partial(import_part, store=services(request).orders, public_id=run.public_id))
        page = replace(page, moves=moves)
    return await _with_waiting(request, run, page) if page.mended and page.open else page


async def _with_waiting(request: Request, run: ImportRun, page: ImportPage) -> ImportPage:
    """Return the page with the rows that wait for each reason, which only the file of held-back rows tells."""
    mended = {line for correction in page.corrections for line in correction.lines}
    try:
        path = held_rows.held_file(services(request).orders, run)
        waiting = await to_thread.run_sync(held_rows.count_waiting, path, mended, limiter=AT_ONCE)
    except (AppError, FileNotFoundError):
        return page
    return replace(page, waiting=waiting)


async def _with_columns(request: Request, run: ImportRun, page: ImportPage, typed: Mapping | None) -> ImportPage:
    try:
        preview = await to_thread.run_sync(operations.inspect, services(request).orders, run, limiter=AT_ONCE)
    except AppError as fault:
        problem = told_of(fault)
        return replace(page, problem=problem, remedy=remedy_of(problem))
    told = FieldError(run.error_message, run.error_params)
    return replace(
        page,
        view=columns_view(preview, run.table, typed),
        kinds=other_kinds(preview, run.table, str(run.error_params.get(CODE, "")) if run.error_message else ""),
        errors={"": told} if run.error_message else {},
        remedy=remedy_of(told) if run.error_message else NONE,
    )


def told_of(fault: AppError) -> FieldError:
    """Return a fault as a page says it, with its code for the remedy."""
    return FieldError(fault.message, {**fault.params, CODE: fault.code})


def undo_page(request: Request, db: Session, run: ImportRun) -> UndoPage:
    """Return what an undo would take away."""
    brought = import_queries.contributions(db, services(request).orders) or {}
    others = [public_id for public_id in queries.manifest(db) if public_id != run.public_id]
    mended = import_queries.corrections_of(db, run.public_id)
    return UndoPage(queries.import_detail(run), mended, len(others), brought.get(run.public_id))


async def recognised_table(request: Request, run: ImportRun) -> FileTable:
    """Return what the rows of an uploaded file are by its headers; orders where they do not say."""
    try:
        preview = await to_thread.run_sync(operations.inspect, services(request).orders, run, limiter=AT_ONCE)
    except AppError:
        return FileTable.ORDERS  # the page of columns says what is wrong
    return preview.table or FileTable.ORDERS
