"""Who comes back: months after the first order, steps from order to order, what customers bring."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.schemas import Actor
from app.web.aside import read_aside
from app.web.deps import permit, services
from app.web.render import render
from app.web.repeat_views import cohorts_page, steps_page, value_page

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
