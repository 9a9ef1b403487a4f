"""Exports: what may leave the house, what did, and the file itself."""

from dataclasses import dataclass, field
from functools import partial
from typing import Annotated
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from starlette.background import BackgroundTask
from starlette.responses import Response

from app.accounts.schemas import Actor
from app.core.database import read_session, write_session
from app.core.i18n import translator
from app.exports import operations, queries
from app.exports.deck.ink import Faces
from app.exports.files import build
from app.exports.schemas import ExportFile, ExportList, NewExport
from app.web.aside import AT_ONCE, read_aside
from app.web.deps import PostedForm, ReadSession, note_presence, permit, services
from app.web.forms import FieldError, FormInvalid
from app.web.render import locale_of, render

router = APIRouter()
Exporter = Annotated[Actor, Depends(permit("exports.create"))]


@dataclass(frozen=True)
class ExportsPage:
    """Studies to export and the log."""

    exports: ExportList
    errors: dict[str, FieldError] = field(default_factory=dict)


@router.get("/exports", name="exports")
async def show_exports(request: Request, db: ReadSession, actor: Exporter) -> Response:
    """Show what may be taken out and what has been."""
    return render(request, "exports/exports.html", exports_page(request, db, actor))


@router.post("/studies/{study_id}/exports", name="export_create")
async def create_export(request: Request, study_id: str, form: PostedForm, actor: Exporter) -> Response:
    """Make a file, write it into the log, hand it out."""
    parts = services(request)
    try:
        data = form.parse(NewExport)
    except FormInvalid as invalid:
        with read_session(parts.engine) as db:
            page = exports_page(request, db, actor, invalid.errors)
        return render(request, "exports/exports.html", page, status=422)
    work = partial(queries.content, store=parts.orders, actor=actor, study_id=study_id, data=data)
    content = await read_aside(request, work)
    words = translator(locale_of(request), parts.settings.timezone)
    faces = Faces(record=parts.settings.deck_font, voice=parts.settings.deck_voice_font)
    made = await to_thread.run_sync(build, content, words, faces, limiter=AT_ONCE)
    with write_session(parts.engine) as db:
        operations.log_export(db, actor=actor, content=content, now=parts.clock())
    return download(request, made)


def exports_page(
    request: Request, db: ReadSession, actor: Actor, errors: dict[str, FieldError] | None = None
) -> ExportsPage:  # fmt: skip
    """Return the page of exports."""
    return ExportsPage(queries.export_list(db, services(request).orders, actor=actor), errors or {})


def download(request: Request, made: ExportFile) -> Response:
    """Return a file as an attachment; its name in UTF-8."""
    disposition = f"attachment; filename=\"export.{made.name.rpartition('.')[2]}\"; filename*=UTF-8''{quote(made.name)}"
    return Response(
        made.content,
        media_type=made.media_type,
        headers={"Content-Disposition": disposition},
        background=BackgroundTask(note_presence, request),
    )
