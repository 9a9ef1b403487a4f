"""People of a number: who meets some conditions, and the conditions that somebody saved under a name."""

from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.accounts.schemas import Actor
from app.core.database import write_session
from app.core.errors import AppError, Conflict, NotFound
from app.core.i18n import N_, translator
from app.purchases.segments import csv_file, operations, queries
from app.purchases.segments.csv_file import chosen_columns
from app.purchases.segments.models import SegmentKind
from app.purchases.segments.rule import FROM, TO, BadCondition, read_rule
from app.purchases.segments.schemas import NewSegment, SegmentName
from app.serving.freezing import freeze
from app.web.aside import read_aside
from app.web.deps import PostedForm, WriteSession, permit, services
from app.web.figures import segments as pages
from app.web.forms import FieldError, FormInvalid
from app.web.render import locale_of, redirect, render

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("purchases.read"))]
Anybody = Annotated[Actor, Depends(permit("segments.read"))]
NO_COLUMN = FieldError(N_("Choose at least one column for the file."), {})


@router.get("/purchases/people-of", name="rule_people")
async def rule_people(request: Request, actor: Reader) -> Response:
    """Show the people of a rule. What the form sends is led to the short address of the same rule."""
    del actor
    pairs = request.query_params.multi_items()
    store = services(request).orders
    try:
        rule = read_rule(pairs)
    except BadCondition:
        page = await read_aside(request, partial(pages.wrong_page, store=store, pairs=pairs))
        return render(request, "purchases/people_of.html", page, status=422)
    if any(name.endswith((FROM, TO)) or not text for name, text in pairs):
        kept = [(name, text) for name, text in pairs if name in pages.KEPT and text]
        return RedirectResponse(f"{request.url.path}?{urlencode([*rule.pairs, *kept])}", status_code=303)
    page = await read_aside(request, partial(pages.people_of_page, store=store, rule=rule, pairs=pairs))
    return render(request, "purchases/people_of.html", page)


@router.get("/purchases/people-of/count", name="rule_count")
async def rule_count(request: Request, actor: Reader) -> Response:
    """Count the people of the conditions in the form, while it is being filled in."""
    del actor
    work = partial(pages.count_part, store=services(request).orders, pairs=request.query_params.multi_items())
    return render(request, "purchases/_rule_count.html", await read_aside(request, work))


@router.get("/purchases/people-of/words/{field}", name="rule_words_found")
async def rule_words_found(request: Request, field: str, actor: Reader) -> Response:
    """Suggest words of the data for a field of the form that hold what is being typed."""
    del actor
    if field not in pages.SEARCHED:
        raise NotFound("no_field", N_("This page does not exist. It may have been moved or deleted."))
    text = next(reversed(request.query_params.getlist(field)), "")
    work = partial(pages.words_part, store=services(request).orders, name=field, text=text)
    return render(request, "purchases/_rule_words_found.html", await read_aside(request, work))


@router.post("/purchases/people-of/csv", name="rule_csv")
async def rule_csv(request: Request, form: PostedForm, actor: Reader) -> Response:
    """Hand out chosen columns of the people of a rule, and note who took out whom."""
    parts = services(request)
    rule = read_rule(form.values.get("rule", ""))
    chosen = form.lists.get("columns", [])
    if not chosen:
        work = partial(pages.refused_page, store=parts.orders, rule=rule, errors={"columns": NO_COLUMN})
        return render(request, "purchases/people_of.html", await read_aside(request, work), status=422)
    columns, t = chosen_columns(chosen), translator(locale_of(request), parts.settings.timezone)
    making = partial(csv_file.made, store=parts.orders, rule=rule, columns=columns, t=t)
    leaving, file = await read_aside(request, making)
    with write_session(parts.engine) as session:
        names = [one.name for one in columns]
        operations.log_export(session, leaving=leaving, rule=rule, columns=names, actor=actor, now=parts.clock())
    headers = {"Content-Disposition": f'attachment; filename="customers-{leaving.as_of}.csv"'}
    return StreamingResponse(csv_file.pieces(file), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/purchases/segments", name="segments")
async def segments(request: Request, actor: Anybody) -> Response:
    """List the saved segments with their head-counts; planners see these, and no people."""
    del actor
    page = await read_aside(request, partial(pages.segments_page, store=services(request).orders))
    return render(request, "purchases/segments.html", page)


@router.post("/purchases/segments", name="segment_create")
async def segment_create(request: Request, form: PostedForm, actor: Reader) -> Response:
    """Keep conditions under a name, moving with the data or frozen with the people of today."""
    parts = services(request)
    rule = read_rule(form.values.get("rule", ""))
    refused = partial(pages.refused_page, store=parts.orders, rule=rule, typed=form.values)
    try:
        data = form.parse(NewSegment)
        name, now = data.name, parts.clock()
        if data.kind is SegmentKind.FROZEN:
            work = partial(freeze, engine=parts.engine, store=parts.orders, name=name, rule=rule, actor=actor, now=now)
            made = await read_aside(request, work)
        else:
            with write_session(parts.engine) as session:
                made = operations.create(session, name=name, rule=rule, actor=actor, now=now).public_id
    except FormInvalid as invalid:
        page = await read_aside(request, partial(refused, errors=invalid.errors))
    except AppError as fault:
        page = await read_aside(request, partial(refused, errors=told("name", fault)))
    else:
        return redirect(request, "segment", segment_id=made)
    return render(request, "purchases/people_of.html", page, status=422)


@router.get("/purchases/segments/{segment_id}", name="segment")
async def segment(request: Request, segment_id: str, actor: Reader) -> Response:
    """Show a saved segment with its people now."""
    del actor
    pairs = request.query_params.multi_items()
    work = partial(pages.segment_page, store=services(request).orders, segment_id=segment_id, pairs=pairs)
    return render(request, "purchases/segment.html", await read_aside(request, work))


@router.post("/purchases/segments/{segment_id}", name="segment_rename")
async def segment_rename(request: Request, segment_id: str, form: PostedForm, actor: Reader) -> Response:
    """Give a saved segment another name."""
    parts = services(request)
    again = partial(pages.segment_page, store=parts.orders, segment_id=segment_id, typed=form.values)
    try:
        name = form.parse(SegmentName).name
        with write_session(parts.engine) as session:
            row = queries.get_segment(session, segment_id)
            operations.rename(session, row=row, name=name, actor=actor, now=parts.clock())
    except FormInvalid as invalid:
        page = await read_aside(request, partial(again, errors=invalid.errors))
    except Conflict as fault:
        page = await read_aside(request, partial(again, errors=told("name", fault)))
    else:
        return redirect(request, "segment", segment_id=segment_id)
    return render(request, "purchases/segment.html", page, status=422)


@router.post("/purchases/segments/{segment_id}/rule", name="segment_change")
async def segment_change(request: Request, segment_id: str, form: PostedForm, actor: Reader) -> Response:
    """Give a moving segment other conditions."""
    parts = services(request)
    rule = read_rule(form.values.get("rule", ""))
    try:
        with write_session(parts.engine) as session:
            row = queries.get_segment(session, segment_id)
            operations.change_rule(session, row=row, rule=rule, actor=actor, now=parts.clock())
    except NotFound:
        raise
    except AppError as fault:
        work = partial(
            pages.refused_page, store=parts.orders, rule=rule, errors=told("segment", fault), saved=segment_id
        )
        return render(request, "purchases/people_of.html", await read_aside(request, work), status=422)
    return redirect(request, "segment", segment_id=segment_id)


@router.get("/purchases/segments/{segment_id}/delete", name="segment_delete_ask")
async def segment_delete_ask(request: Request, segment_id: str, actor: Reader) -> Response:
    """Ask before a saved segment is deleted."""
    del actor
    work = partial(pages.delete_page, store=services(request).orders, segment_id=segment_id)
    return render(request, "purchases/segment_delete.html", await read_aside(request, work))


@router.post("/purchases/segments/{segment_id}/delete", name="segment_delete")
async def segment_delete(request: Request, segment_id: str, actor: Reader, session: WriteSession) -> Response:
    """Delete a saved segment; the page that asks has said which others name it."""
    row = queries.get_segment(session, segment_id)
    operations.remove(session, row=row, actor=actor, now=services(request).clock(), anyway=True)
    return redirect(request, "segments")


def told(name: str, fault: AppError) -> dict[str, FieldError]:
    """Return a fault as the error of a form's field."""
    return {name: FieldError(fault.message, fault.params)}
