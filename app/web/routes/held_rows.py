"""Held-back rows on the screen: look at them, mend them in place, take the mended ones in as an import of their own."""

from collections.abc import Mapping
from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.database import read_session, write_session
from app.core.errors import AppError
from app.core.i18n import N_, translator
from app.jobs.schemas import JobServices
from app.purchases import corrections, held_rows, import_queries, queries
from app.purchases.models import ImportRun
from app.web.aside import AT_ONCE
from app.web.deps import PostedForm, services
from app.web.forms import Form
from app.web.imports.held import (
    NOT_TRIED,
    HeldRowsPage,
    Tried,
    Typed,
    number_in,
    outcome,
    row_views,
    typed_cells,
)
from app.web.imports.pages import told_of
from app.web.render import locale_of, redirect, render
from app.web.routes.imports import Importer
from app.web.services import Services

router = APIRouter()
NAME = N_("{name} (mended rows)")


@router.get("/purchases/imports/{import_id}/held-rows", name="held_rows")
async def held_rows_show(request: Request, import_id: str, actor: Importer) -> Response:
    """Show a page of the held-back rows, of one reason or of all, or one row whole."""
    del actor
    page = await _page(request, import_id, dict(request.query_params))
    return render(request, "purchases/held_rows.html", page)


@router.post("/purchases/imports/{import_id}/held-rows", name="held_rows_mend")
async def held_rows_mend(request: Request, import_id: str, form: PostedForm, actor: Importer) -> Response:
    """Try the rows that were changed by the rules of their file; make an import of them if all can be read.

    Where a person asked for it, an import is made of those that can be read, and the others stay held back.
    """
    parts = services(request)
    typed: Typed = {}
    try:
        typed = typed_cells(form)
        run, done = _open_run(request, import_id)
        alike = "all_alike" in form.values
        work = partial(corrections.mend, job_parts(parts), run, typed, mended=done, all_alike=alike)
        tried = await to_thread.run_sync(work, limiter=AT_ONCE)
    except AppError as fault:
        return await _again(request, import_id, form, Tried(typed, told_of(fault)), fault.status)
    mended = tried.readable if "only_readable" in form.values else tried
    if not mended.rows or mended.wrong:
        return await _again(request, import_id, form, Tried(typed, outcome(tried), tried))
    name = translator(locale_of(request))(NAME, name=run.file_name)
    with write_session(parts.engine) as db:
        made = corrections.start_corrections(
            db, parts.orders, run=queries.get_import(db, import_id), mended=mended, file_name=name, actor=actor,
            now=parts.clock(),
        )  # fmt: skip
    parts.enqueue("purchases.check", made.public_id)
    return redirect(request, "import_show", import_id=made.public_id)


def job_parts(parts: Services) -> JobServices:
    """Return what reading a file needs of this process's parts."""
    return JobServices(parts.settings, parts.engine, parts.clock, parts.orders, parts.language)


def _open_run(request: Request, import_id: str) -> tuple[ImportRun, frozenset[int]]:
    """Return an import whose rows can be mended, and the lines that wait no more."""
    with read_session(services(request).engine) as db:
        run = queries.get_import(db, import_id)
        corrections.expect_open(run)
        done = import_queries.mended_lines(db, import_id)
        db.expunge(run)
    return run, done


async def _again(request: Request, import_id: str, form: Form, tried: Tried, status: int = 422) -> Response:
    page = await _page(request, import_id, form.values, tried)
    return render(request, "purchases/held_rows.html", page, status=status)


async def _page(request: Request, import_id: str, values: Mapping[str, str], tried: Tried = NOT_TRIED) -> HeldRowsPage:
    run, done = _open_run(request, import_id)
    store, line = services(request).orders, number_in(values, "line")
    read = partial(
        held_rows.read_page,
        store,
        run,
        mended=done,
        reason=values.get("reason", ""),
        number=number_in(values, "page", 1),
    )
    held = await to_thread.run_sync(read, limiter=AT_ONCE)
    rows = held.rows
    if line:
        _, found = await to_thread.run_sync(held_rows.read_lines, store, run, {line} - done, limiter=AT_ONCE)
        rows = tuple(found)
    return HeldRowsPage(
        detail=queries.import_detail(run),
        held=held,
        rows=row_views(rows, held.headers, run.mapping.get("columns", {}), tried, whole=bool(line)),
        line=line,
        mended=len(done),
        errors={"": tried.told} if tried.told else {},
        all_alike="all_alike" in values,
        readable=tried.readable,
    )
