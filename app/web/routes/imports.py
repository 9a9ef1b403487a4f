"""Order files on their way in: upload, columns, check, import, undo."""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from sqlmodel import Session
from starlette.responses import Response, StreamingResponse

from app.accounts.schemas import Actor
from app.core.database import read_session, write_session
from app.core.errors import AppError
from app.core.i18n import N_, translator
from app.purchases import operations, queries
from app.purchases.import_schemas import CheckReport, FilePreview, ImportDetail, Mapping, NewImport
from app.purchases.models import ImportRun, ImportState
from app.web.aside import AT_ONCE
from app.web.charts.bars import Segment, stacked
from app.web.deps import PostedForm, ReadSession, permit, services
from app.web.forms import FieldError, Form, FormInvalid
from app.web.render import locale_of, redirect, render
from app.web.routes.import_fields import CURRENCIES, DATE_ORDERS, ENCODINGS, GROUPS, LABELS, MapGroup, mapping_values
from app.web.uploads import Upload, receive_upload

router = APIRouter()
Importer = Annotated[Actor, Depends(permit("purchases.import"))]
NO_LIMIT = 1 << 62  # the page has its own limit, which answers with a sentence instead of three bare words
BUSY = frozenset({ImportState.CHECKING, ImportState.IMPORTING, ImportState.UNDOING})
STATE_LABELS = {
    ImportState.UPLOADED: N_("Columns to confirm"),
    ImportState.CHECKING: N_("Being checked"),
    ImportState.CHECKED: N_("Waiting for your go"),
    ImportState.IMPORTING: N_("Being imported"),
    ImportState.DONE: N_("Imported"),
    ImportState.FAILED: N_("Could not be read"),
    ImportState.CANCELLED: N_("Stopped"),
    ImportState.UNDOING: N_("Being undone"),
    ImportState.UNDONE: N_("Undone"),
}


@dataclass(frozen=True)
class NewImportPage:
    """The upload form."""

    limit_mb: int
    sources: tuple[str, ...]
    typed: Map[str, str] = field(default_factory=dict)
    errors: Map[str, FieldError] = field(default_factory=dict)


@dataclass(frozen=True)
class AmountBar:
    """Every yen of the file in one currency."""

    currency: str
    total: Decimal
    taken: Decimal
    known: Decimal
    held_back: Decimal
    void: Decimal
    fees: Decimal
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class ImportPage:
    """One import in whatever state it is."""

    detail: ImportDetail
    state_label: str
    busy: bool
    seconds: int
    preview: FilePreview | None = None
    columns: Map[str, str] = field(default_factory=dict)
    problem: FieldError | None = None
    errors: Map[str, FieldError] = field(default_factory=dict)
    rows: tuple[Segment, ...] = ()
    amounts: tuple[AmountBar, ...] = ()
    groups: tuple[MapGroup, ...] = GROUPS
    labels: Map[str, str] = field(default_factory=lambda: LABELS)
    encodings: tuple[tuple[str, str], ...] = ENCODINGS
    date_orders: tuple[tuple[str, str], ...] = DATE_ORDERS

    @property
    def header_options(self) -> list[tuple[str, str]]:
        """Every header of the file as a choice."""
        return [(header, header) for header in self.preview.headers] if self.preview else []

    @property
    def currency_options(self) -> list[tuple[str, str]]:
        """Usual currencies, and the one this file has if it is another."""
        own = self.detail.mapping.currency if self.preview is None else self.preview.mapping.currency
        return [(code, code) for code in dict.fromkeys((*CURRENCIES, own))]


@router.get("/purchases/imports/new", name="import_new")
async def import_new(request: Request, db: ReadSession, actor: Importer) -> Response:
    """Show the upload form."""
    del actor
    return render(request, "purchases/import_new.html", new_page(request, db))


@router.post("/purchases/imports", name="import_create", max_body_size=NO_LIMIT)
async def import_create(request: Request, actor: Importer) -> Response:
    """Keep the uploaded file aside and lead to its columns; nothing is parsed yet."""
    parts = services(request)
    limit = parts.settings.upload_limit_mb
    try:
        upload = await receive_upload(request, folder=parts.settings.uploads_dir, limit_mb=limit)
    except AppError as fault:
        return _upload_again(request, {}, {"file": FieldError(fault.message, fault.params)}, fault.status)
    data, errors = read_new_import(upload)
    if data is None or upload.path is None:
        upload.discard()
        return _upload_again(request, upload.fields, errors, 422)
    with write_session(parts.engine) as db:
        run = operations.start_import(
            db, parts.orders, actor=actor, source=data.source, file_name=upload.file_name, path=upload.path,
            now=parts.clock(),
        )  # fmt: skip
    return redirect(request, "import_show", import_id=run.public_id)


@router.get("/purchases/imports/{import_id}", name="import_show")
async def import_show(request: Request, import_id: str, db: ReadSession, actor: Importer) -> Response:
    """Show one import by its state."""
    del actor
    run = queries.get_import(db, import_id)
    columns = request.query_params.get("columns") == "1"
    return render(request, "purchases/import.html", await import_page(request, run, columns=columns))


@router.get("/purchases/imports/{import_id}/progress", name="import_progress")
async def import_progress(request: Request, import_id: str, db: ReadSession, actor: Importer) -> Response:
    """Return the region of one import; a finished one stops the polling and loads the page afresh."""
    del actor
    page = await import_page(request, queries.get_import(db, import_id))
    response = render(request, "purchases/_progress.html", page)
    if not page.busy:
        response.headers["HX-Refresh"] = "true"
    return response


@router.post("/purchases/imports/{import_id}/mapping", name="import_mapping")
async def import_mapping(request: Request, import_id: str, form: PostedForm, actor: Importer) -> Response:
    """Keep the columns and start the check, or only show the file again in another encoding."""
    del actor
    parts = services(request)
    try:
        mapping = Mapping.model_validate(mapping_values(form))
        with write_session(parts.engine) as db:
            run = queries.get_import(db, import_id)
            operations.set_mapping(db, run=run, mapping=mapping)
            if form.values.get("action") != "preview":
                operations.request_check(db, run=run)
    except ValidationError:
        return await _mapping_again(
            request, import_id, FieldError(N_("Please check the currency and the columns."), {})
        )
    except AppError as fault:
        return await _mapping_again(request, import_id, FieldError(fault.message, fault.params), fault.status)
    if form.values.get("action") != "preview":
        parts.enqueue("purchases.check", import_id)
    return redirect(request, "import_show", import_id=import_id)


@router.post("/purchases/imports/{import_id}/confirm", name="import_confirm")
async def import_confirm(request: Request, import_id: str, actor: Importer) -> Response:
    """Start taking the rows in."""
    del actor
    parts = services(request)
    with write_session(parts.engine) as db:
        operations.confirm(db, run=queries.get_import(db, import_id))
    parts.enqueue("purchases.import", import_id)
    return redirect(request, "import_show", import_id=import_id)


@router.post("/purchases/imports/{import_id}/undo", name="import_undo")
async def import_undo(request: Request, import_id: str, actor: Importer) -> Response:
    """Take a whole import out again."""
    parts = services(request)
    with write_session(parts.engine) as db:
        operations.request_undo(db, run=queries.get_import(db, import_id), actor=actor, now=parts.clock())
    parts.enqueue("purchases.undo", import_id)
    return redirect(request, "import_show", import_id=import_id)


@router.post("/purchases/imports/{import_id}/cancel", name="import_cancel")
async def import_cancel(request: Request, import_id: str, actor: Importer) -> Response:
    """Stop an import; nothing of it stays, the uploaded file included."""
    del actor
    parts = services(request)
    with write_session(parts.engine) as db:
        run = queries.get_import(db, import_id)
        operations.cancel(db, run=run)
        stopped = run.state is ImportState.CANCELLED
    if stopped:
        parts.orders.drop_upload(import_id)
    return redirect(request, "import_show", import_id=import_id)


@router.get("/purchases/imports/{import_id}/held-back.csv", name="import_held_back")
async def import_held_back(request: Request, import_id: str, db: ReadSession, actor: Importer) -> Response:
    """Return the held-back rows with line, column, value and reason."""
    del actor
    run = queries.get_import(db, import_id)
    lines = queries.held_back_csv(services(request).orders, run, translator(locale_of(request)))
    headers = {"Content-Disposition": f'attachment; filename="held-back-{import_id}.csv"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def read_new_import(upload: Upload) -> tuple[NewImport | None, dict[str, FieldError]]:
    """Return what was posted, or what is wrong with it by field."""
    errors = {} if upload.path is not None else {"file": FieldError(N_("Please choose a file."), {})}
    try:
        return Form(values=upload.fields, lists={}, files={}).parse(NewImport), errors
    except FormInvalid as invalid:
        return None, invalid.errors | errors


def new_page(request: Request, db: Session, **shown: Map[str, object]) -> NewImportPage:
    """Return the upload form with the names of known sources."""
    limit = services(request).settings.upload_limit_mb
    return NewImportPage(limit_mb=limit, sources=queries.source_names(db), **shown)  # type: ignore[arg-type]  # typed, errors


async def import_page(request: Request, run: ImportRun, *, columns: bool = False) -> ImportPage:
    """Return the page of one import; the file is read in a thread, and only while its columns are open."""
    detail = queries.import_detail(run)
    state = detail.row.state
    until = detail.row.finished_at or services(request).clock()
    page = {
        "detail": detail,
        "state_label": STATE_LABELS[state],
        "busy": state in BUSY,
        "seconds": max(int((until - detail.row.created_at).total_seconds()), 0),
    }
    if state is ImportState.UPLOADED or (columns and state is ImportState.CHECKED):
        return await _with_preview(request, run, page)
    return ImportPage(
        **page,  # type: ignore[arg-type]  # the four common fields
        rows=row_bar(detail.report) if detail.report else (),
        amounts=amount_bars(detail.report) if detail.report else (),
    )


async def _with_preview(request: Request, run: ImportRun, page: dict[str, object]) -> ImportPage:
    try:
        preview = await to_thread.run_sync(operations.inspect, services(request).orders, run, limiter=AT_ONCE)
    except AppError as fault:
        problem = FieldError(fault.message, fault.params)
        return ImportPage(**page, problem=problem)  # type: ignore[arg-type]  # the four common fields
    columns = {header: name for name, header in preview.mapping.columns.items()}
    errors = {"": FieldError(run.error_message, run.error_params)} if run.error_message else {}
    return ImportPage(**page, preview=preview, columns=columns, errors=errors)  # type: ignore[arg-type]  # as above


async def _mapping_again(request: Request, import_id: str, problem: FieldError, status: int = 422) -> Response:
    with read_session(services(request).engine) as db:
        page = await import_page(request, queries.get_import(db, import_id), columns=True)
    shown = {name: getattr(page, name) for name in ImportPage.__dataclass_fields__} | {"errors": {"": problem}}
    return render(request, "purchases/import.html", ImportPage(**shown), status=status)


def _upload_again(request: Request, typed: Map[str, str], errors: Map[str, FieldError], status: int) -> Response:
    with read_session(services(request).engine) as db:
        page = new_page(request, db, typed=typed, errors=errors)
    return render(request, "purchases/import_new.html", page, status=status)


def row_bar(report: CheckReport) -> tuple[Segment, ...]:
    """Return every row of the file as one bar: taken, already there, held back."""
    return stacked(
        (
            ("c-bar", Decimal(report.taken)),
            ("c-bar-2", Decimal(report.known)),
            ("c-held", Decimal(report.held_back_rows)),
        )
    )


def amount_bars(report: CheckReport) -> tuple[AmountBar, ...]:
    """Return one bar per currency with every yen of the file; currencies are never added."""
    parts = (report.amount, report.known_amount, report.held_back_amount, report.void_amount, report.fee_amount)
    bars = []
    for currency in sorted({currency for part in parts for currency in part}):
        taken, known, held, void, fees = (part.get(currency, Decimal(0)) for part in parts)
        paints = (("c-bar", taken), ("c-bar-2", known), ("c-held", held), ("c-void", void), ("c-fee", fees))
        bars.append(
            AmountBar(currency, taken + known + held + void + fees, taken, known, held, void, fees, stacked(paints))
        )
    return tuple(bars)
