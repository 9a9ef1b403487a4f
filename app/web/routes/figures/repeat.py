"""Who comes back: months after the first order, steps from order to order, what customers bring."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.schemas import Actor
from app.web.aside import read_aside
from app.web.deps import permit, services
from app.web.figures.csv_answer import csv_answer, words_of
from app.web.figures.repeat import cohorts_file, cohorts_page, steps_file, steps_page, value_file, value_page
from app.web.render import render

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("purchases.read"))]


@router.get("/purchases/cohorts", name="cohorts")
async def cohorts(request: Request, actor: Reader, months: str = "") -> Response:
    """Show who ordered in which month after the first order."""
    del actor
    page = await read_aside(request, partial(cohorts_page, store=services(request).orders, shown=months))
    return render(request, "purchases/cohorts.html", page)


@router.get("/purchases/repeat", name="repeat")
async def repeat(request: Request, actor: Reader, days: str = "") -> Response:
    """Show how people go on from order to order, and when."""
    del actor
    page = await read_aside(request, partial(steps_page, store=services(request).orders, asked=days))
    return render(request, "purchases/repeat.html", page)


@router.get("/purchases/value", name="value")
async def value(request: Request, actor: Reader, by: str = "") -> Response:
    """Show what people bring by where they began, and what they buy beside."""
    del actor
    page = await read_aside(request, partial(value_page, store=services(request).orders, by=by))
    return render(request, "purchases/value.html", page)


@router.get("/purchases/cohorts.csv", name="cohorts_csv")
async def cohorts_csv(request: Request, actor: Reader) -> Response:
    """Hand out the cohorts as a file; it holds no people."""
    del actor
    work = partial(cohorts_file, store=services(request).orders, words=words_of(request))
    return csv_answer("cohorts", await read_aside(request, work))


@router.get("/purchases/repeat.csv", name="repeat_csv")
async def repeat_csv(request: Request, actor: Reader) -> Response:
    """Hand out the steps as a file; it holds no people."""
    del actor
    work = partial(steps_file, store=services(request).orders, words=words_of(request))
    return csv_answer("repeat", await read_aside(request, work))


@router.get("/purchases/value.csv", name="value_csv")
async def value_csv(request: Request, actor: Reader, by: str = "") -> Response:
    """Hand out values, or what was bought later, as a file; it holds no people."""
    del actor
    work = partial(value_file, store=services(request).orders, words=words_of(request), by=by)
    return csv_answer("value", await read_aside(request, work))
