"""Where people stop: stop points, survival of subscriptions, what is left over."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.schemas import Actor
from app.web.aside import read_aside
from app.web.deps import permit, services
from app.web.figures.csv_answer import csv_answer, words_of
from app.web.figures.stops import stop_points_file, stop_points_page, surplus_page, survival_page
from app.web.render import render

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("purchases.read"))]


@router.get("/purchases/stop-points", name="stop_points")
async def stop_points(request: Request, actor: Reader, page: str = "1", by: str = "") -> Response:
    """Show after which order of which product people stopped."""
    del actor
    number = int(page) if page.isdecimal() and len(page) < 6 else 1
    shown = await read_aside(request, partial(stop_points_page, store=services(request).orders, page=number, by=by))
    return render(request, "purchases/stop_points.html", shown)


@router.get("/purchases/stop-points.csv", name="stop_points_csv")
async def stop_points_csv(request: Request, actor: Reader, by: str = "") -> Response:
    """Hand out all stop points as a file; it holds no people."""
    del actor
    work = partial(stop_points_file, store=services(request).orders, by=by, words=words_of(request))
    return csv_answer("stop-points", await read_aside(request, work))


@router.get("/purchases/stop-points/survival", name="stop_survival")
async def stop_survival(request: Request, actor: Reader) -> Response:
    """Show how long subscriptions last."""
    del actor
    shown = await read_aside(request, partial(survival_page, store=services(request).orders))
    return render(request, "purchases/stop_survival.html", shown)


@router.get("/purchases/stop-points/surplus", name="stop_surplus")
async def stop_surplus(request: Request, actor: Reader) -> Response:
    """Show how much of the products people have left."""
    del actor
    shown = await read_aside(request, partial(surplus_page, store=services(request).orders))
    return render(request, "purchases/stop_surplus.html", shown)
