"""Order files on their way in: upload, columns, check, import, undo."""

from collections.abc import Mapping as Map
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from sqlmodel import Session
from starlette.responses import Response, StreamingResponse

from app.accounts.schemas import Actor
from app.core.database import read_session, write_session
from app.core.errors import AppError
from app.core.i18n import N_, translator
from app.purchases import import_queries, operations, queries
from app.purchases.import_schemas import Mapping, NewImport
from app.purchases.models import FileTable, ImportRun, ImportState
from app.web.deps import PostedForm, ReadSession, permit, services
from app.web.forms import FieldError, Form, FormInvalid
from app.web.imports.fields import mapping_values
from app.web.imports.pages import import_page, new_page, recognised_table, told_of, undo_page
from app.web.imports.sources import named_source, source_errors
from app.web.render import locale_of, redirect, render
from app.web.uploads import Upload, receive_upload

router = APIRouter()
Importer = Annotated[Actor, Depends(permit("purchases.import"))]
NO_LIMIT = 1 << 62  # the page has its own limit, which answers with a sentence instead of three bare words
WRONG_ENTRY = FieldError(N_("Please check the currency and the columns."), {})


@router.get("/purchases/imports/new", name="import_new")
async def import_new(request: Request, db: ReadSession, actor: Importer) -> Response:
    """Show the upload form."""
    del actor
    return render(request, "purchases/import_new.html", new_page(request, db, typed=dict(request.query_params)))


@router.post("/purchases/imports", name="import_create", max_body_size=NO_LIMIT)
async def import_create(request: Request, actor: Importer) -> Response:
    """Keep the uploaded file aside and lead to its columns; of the file only its first rows are read."""
    parts = services(request)
    limit = parts.settings.upload_limit_mb
    try:
        upload = await receive_upload(request, folder=parts.settings.uploads_dir, limit_mb=limit)
    except AppError as fault:
        return _upload_again(request, {}, {"file": FieldError(fault.message, fault.params)}, fault.status)
    with read_session(parts.engine) as db:
        data, errors = read_new_import(upload, queries.source_names(db))
    if data is None or upload.path is None:
        upload.discard()
        return _upload_again(request, upload.fields, errors, 422)
    with write_session(parts.engine) as db:
        run = operations.start_import(
            db, parts.orders, actor=actor, source=data.source, file_name=upload.file_name, path=upload.path,
            now=parts.clock(), table=data.table or FileTable.ORDERS,
        )  # fmt: skip
    if data.table is None and (table := await recognised_table(request, run)) is not run.table:
        with write_session(parts.engine) as db:
            operations.set_table(db, run=queries.get_import(db, run.public_id), table=table)
    return redirect(request, "import_show", import_id=run.public_id)


@router.get("/purchases/imports/{import_id}", name="import_show")
async def import_show(request: Request, import_id: str, db: ReadSession, actor: Importer) -> Response:
    """Show one import by its state."""
    del actor
    columns = request.query_params.get("columns") == "1"
    page = await import_page(request, db, queries.get_import(db, import_id), columns=columns)
    return render(request, "purchases/import.html", page)


@router.get("/purchases/imports/{import_id}/progress", name="import_progress")
async def import_progress(request: Request, import_id: str, db: ReadSession, actor: Importer) -> Response:
    """Return the region of one import; a finished one stops the polling and loads the page afresh."""
    del actor
    page = await import_page(request, db, queries.get_import(db, import_id))
    response = render(request, "purchases/_progress.html", page)
    if not page.busy:
        response.headers["HX-Refresh"] = "true"
    return response


@router.post("/purchases/imports/{import_id}/mapping", name="import_mapping")
async def import_mapping(request: Request, import_id: str, form: PostedForm, actor: Importer) -> Response:
    """Keep the columns and start the check, or only show the file again in another encoding, sheet or kind."""
    del actor
    parts = services(request)
    try:
        with write_session(parts.engine) as db:
            checking = keep_columns(db, queries.get_import(db, import_id), form)
    except ValidationError:
        return await _mapping_again(request, import_id, form, WRONG_ENTRY, 422)
    except AppError as fault:
        return await _mapping_again(request, import_id, form, told_of(fault), fault.status)
    if checking:
        parts.enqueue("purchases.check", import_id)
    return redirect(request, "import_show", import_id=import_id)


def keep_columns(db: Session, run: ImportRun, form: Form) -> bool:
    """Keep what the form of columns says; return whether the check was asked for."""
    table = form.values.get("table", run.table.value)
    if table in set(FileTable) and table != run.table:
        operations.set_table(db, run=run, table=FileTable(table))
        return False
    operations.set_mapping(db, run=run, mapping=Mapping.model_validate(mapping_values(form, run.table)))
    if form.values.get("action") == "preview":
        return False
    operations.request_check(db, run=run)
    return True


@router.post("/purchases/imports/{import_id}/confirm", name="import_confirm")
async def import_confirm(request: Request, import_id: str, actor: Importer) -> Response:
    """Start taking the rows in."""
    del actor
    parts = services(request)
    with write_session(parts.engine) as db:
        operations.confirm(db, run=queries.get_import(db, import_id))
    parts.enqueue("purchases.import", import_id)
    return redirect(request, "import_show", import_id=import_id)


@router.get("/purchases/imports/{import_id}/undo", name="import_undo_ask")
async def import_undo_ask(request: Request, import_id: str, db: ReadSession, actor: Importer) -> Response:
    """Ask once more, and say what would go and what would stay."""
    del actor
    run = queries.get_import(db, import_id)
    if run.state is not ImportState.DONE:
        return redirect(request, "import_show", import_id=import_id)
    return render(request, "purchases/import_undo.html", undo_page(request, db, run))


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


@router.post("/purchases/imports/{import_id}/discard", name="import_discard")
async def import_discard(request: Request, import_id: str, actor: Importer) -> Response:
    """Forget an import that was never taken: it leaves the list of imports too."""
    del actor
    parts = services(request)
    with write_session(parts.engine) as db:
        operations.discard(db, parts.orders, run=queries.get_import(db, import_id))
    return redirect(request, "purchases")


@router.get("/purchases/imports/{import_id}/held-back.csv", name="import_held_back")
async def import_held_back(request: Request, import_id: str, db: ReadSession, actor: Importer) -> Response:
    """Return the rows that are held back to this day, as the file wrote them, with line and reason."""
    del actor
    run = queries.get_import(db, import_id)
    words, mended = translator(locale_of(request)), import_queries.mended_lines(db, import_id)
    lines = queries.held_back_csv(services(request).orders, run, words, mended=mended)
    headers = {"Content-Disposition": f'attachment; filename="held-back-{import_id}.csv"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def read_new_import(upload: Upload, known: Sequence[str]) -> tuple[NewImport | None, dict[str, FieldError]]:
    """Return what was posted, or what is wrong with it by field; `known` are the sources there are."""
    data, wrong = None, dict[str, FieldError]()
    values = upload.fields | {"source": named_source(upload.fields)}
    try:
        data = Form(values=values, lists={}, files={}).parse(NewImport)
    except FormInvalid as invalid:
        wrong = invalid.errors
    errors = source_errors(upload.fields, known, wrong.pop("source", None)) | wrong
    if upload.path is None:
        errors["file"] = FieldError(N_("Please choose a file."), {})
    return None if errors else data, errors


async def _mapping_again(request: Request, import_id: str, form: Form, problem: FieldError, status: int) -> Response:
    """Show the columns as they were typed; what cannot be a mapping is shown all the same."""
    with read_session(services(request).engine) as db:
        run = queries.get_import(db, import_id)
        typed = Mapping.model_construct(**mapping_values(form, run.table))
        page = await import_page(request, db, run, columns=True, typed=typed)
    return render(request, "purchases/import.html", page.with_error(problem), status=status)


def _upload_again(request: Request, typed: Map[str, str], errors: Map[str, FieldError], status: int) -> Response:
    with read_session(services(request).engine) as db:
        page = new_page(request, db, typed=typed, errors=errors)
    return render(request, "purchases/import_new.html", page, status=status)
