"""Where people stop: stop points, survival of subscriptions, what is left over."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.schemas import Actor
from app.core.i18n import translator
from app.web.aside import read_aside
from app.web.deps import permit, services
from app.web.figures.stops import stop_points_file, stop_points_page, surplus_page, survival_page
from app.web.render import locale_of, render

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
    parts = services(request)
    words = translator(locale_of(request), parts.settings.timezone)
    text = await read_aside(request, partial(stop_points_file, store=parts.orders, by=by, words=words))
    headers = {"Content-Disposition": 'attachment; filename="stop-points.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


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
