"""Who moved from class to class between two days, or with the last change of the data."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.schemas import Actor
from app.web.aside import read_aside
from app.web.deps import permit, services
from app.web.figures.movement import movement_page
from app.web.render import render

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("purchases.read"))]


@router.get("/purchases/movement", name="movement")
async def movement(request: Request, actor: Reader) -> Response:
    """Show who moved; days that take more than a moment are counted by a second request, or at once with `now`."""
    del actor
    given = request.query_params
    page = await read_aside(
        request,
        partial(
            movement_page,
            store=services(request).orders,
            from_on=given.get("from", ""),
            to_on=given.get("to", ""),
            since=given.get("since", ""),
            at_once="now" in given,
        ),
    )
    return render(request, "purchases/movement.html", page, status=422 if page.errors else 200)


@router.get("/purchases/movement/table", name="movement_table")
async def movement_table(request: Request, actor: Reader) -> Response:
    """Count two days and show what moved: the part of the page that waits for it."""
    del actor
    given = request.query_params
    days = (given.get("from", ""), given.get("to", ""))
    work = partial(movement_page, store=services(request).orders, from_on=days[0], to_on=days[1], at_once=True)
    page = await read_aside(request, work)
    return render(request, "purchases/_movement.html", page, status=422 if page.errors else 200)
