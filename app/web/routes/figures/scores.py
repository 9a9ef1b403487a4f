"""Scores and layers: R, F, M and deciles; types, pyramid and map; the numbers behind them."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.schemas import Actor
from app.core.database import write_session
from app.purchases.scoring import operations
from app.purchases.scoring.inputs import SurveyInput
from app.purchases.scoring.thresholds import BadNumbers
from app.web.aside import read_aside
from app.web.deps import PostedForm, permit, services
from app.web.figures.csv_answer import csv_answer, words_of
from app.web.figures.layers import layers_file, layers_page
from app.web.figures.scores import scores_file, scores_page
from app.web.figures.thresholds import changed_page, read_numbers, thresholds_page, wrong_page
from app.web.forms import FieldError, FormInvalid
from app.web.render import redirect, render

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("purchases.read"))]
Setter = Annotated[Actor, Depends(permit("purchases.import"))]


@router.get("/purchases/scores", name="scores")
async def scores(request: Request, actor: Reader, by: str = "") -> Response:
    """Show R, F, M as points or by fixed cut-offs, and deciles."""
    del actor
    page = await read_aside(request, partial(scores_page, store=services(request).orders, by=by))
    return render(request, "purchases/scores.html", page)


@router.get("/purchases/scores.csv", name="scores_csv")
async def scores_csv(request: Request, actor: Reader, by: str = "") -> Response:
    """Hand out the scores or the deciles as a file; it holds no people."""
    del actor
    work = partial(scores_file, store=services(request).orders, words=words_of(request), by=by)
    return csv_answer("deciles" if by == "deciles" else "scores", await read_aside(request, work))


@router.get("/purchases/layers.csv", name="layers_csv")
async def layers_csv(request: Request, actor: Reader, by: str = "") -> Response:
    """Hand out layers or types as a file; it holds no people."""
    del actor
    work = partial(layers_file, store=services(request).orders, words=words_of(request), by=by)
    return csv_answer("types" if by == "types" else "layers", await read_aside(request, work))


@router.get("/purchases/layers", name="layers")
async def layers(request: Request, actor: Reader, deleted: str = "") -> Response:
    """Show types, the customer pyramid and the customer map."""
    del actor
    page = await read_aside(request, partial(layers_page, store=services(request).orders, deleted=deleted[:16]))
    return render(request, "purchases/layers.html", page)


@router.post("/purchases/layers/surveys", name="survey_add")
async def survey_add(request: Request, form: PostedForm, actor: Setter) -> Response:
    """Keep what a survey says of people whom purchase data does not know."""
    parts = services(request)
    try:
        data = form.parse(SurveyInput)
    except FormInvalid as invalid:
        shown = partial(layers_page, store=parts.orders, typed=form.values, errors=_at_fields(invalid.errors))
        return render(request, "purchases/layers.html", await read_aside(request, shown), status=422)
    with write_session(parts.engine) as db:
        operations.add_survey(db, data=data, actor=actor, now=parts.clock())
    return _to_layers(request, "#sv")


@router.post("/purchases/layers/surveys/{survey_id}", name="survey_change")
async def survey_change(request: Request, survey_id: str, form: PostedForm, actor: Setter) -> Response:
    """Take a survey off, or bring it back."""
    parts, restore = services(request), form.values.get("action") == "restore"
    change = operations.restore_survey if restore else operations.delete_survey
    with write_session(parts.engine) as db:
        change(db, survey_id=survey_id, actor=actor, now=parts.clock())
    return _to_layers(request, "#sv" if restore else f"?deleted={survey_id}")


def _at_fields(errors: dict[str, FieldError]) -> dict[str, FieldError]:
    """Return the errors with those of the whole survey at the field that is too large."""
    return {name or "aware": error for name, error in errors.items()}


def _to_layers(request: Request, rest: str) -> RedirectResponse:
    response = redirect(request, "layers")
    response.headers["location"] += rest
    return response


@router.get("/purchases/thresholds", name="thresholds")
async def thresholds(request: Request, actor: Reader) -> Response:
    """Show the numbers behind classes, types and ranks."""
    del actor
    page = await read_aside(request, partial(thresholds_page, store=services(request).orders))
    return render(request, "purchases/thresholds.html", page)


@router.post("/purchases/thresholds/preview", name="thresholds_preview")
async def thresholds_preview(request: Request, form: PostedForm, actor: Setter) -> Response:
    """Show who would move with other numbers; nothing is kept."""
    del actor
    store, values = services(request).orders, form.values
    try:
        page = await read_aside(request, partial(thresholds_page, store=store, values=values))
    except BadNumbers as fault:
        page = await read_aside(request, partial(wrong_page, store=store, values=values, fault=fault))
        return render(request, "purchases/thresholds.html", page, status=422)
    return render(request, "purchases/thresholds.html", page)


@router.post("/purchases/thresholds", name="thresholds_set")
async def thresholds_set(request: Request, form: PostedForm, actor: Setter) -> Response:
    """Keep the numbers that were looked at; the figures follow in the background where people are named by them."""
    parts, store, values = services(request), services(request).orders, form.values
    try:
        with write_session(parts.engine) as db:
            operations.hold_numbers(db)
            numbers = read_numbers(db, store, values)
            rebuild = numbers is not None and operations.set_numbers(
                db, numbers=numbers, actor=actor, now=parts.clock()
            )
    except BadNumbers as fault:
        page = await read_aside(request, partial(wrong_page, store=store, values=values, fault=fault))
        return render(request, "purchases/thresholds.html", page, status=422)
    if numbers is None:
        page = await read_aside(request, partial(changed_page, store=store, values=values))
        return render(request, "purchases/thresholds.html", page, status=422)
    if rebuild:
        parts.enqueue("purchases.rebuild", "")
    return redirect(request, "thresholds")
