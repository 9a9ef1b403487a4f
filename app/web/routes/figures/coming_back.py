"""Who comes back: the chances of another order, and how well they held in the shop's own past."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.schemas import Actor
from app.web.aside import read_aside
from app.web.deps import ReadSession, permit, services
from app.web.figures.returning import coming_back_page, count_again, count_soon
from app.web.render import redirect, render

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("purchases.read"))]


@router.get("/purchases/coming-back", name="coming_back")
async def coming_back(request: Request, db: ReadSession, actor: Reader) -> Response:
    """Show how well the past told who comes back, and the people by their chance now."""
    del actor
    parts = services(request)
    shown = await read_aside(request, partial(coming_back_page, store=parts.orders))
    count_soon(parts, db)
    return render(request, "purchases/coming_back.html", shown)


@router.post("/purchases/coming-back", name="coming_back_count")
async def coming_back_count(request: Request, db: ReadSession, actor: Reader) -> Response:
    """Have the chances counted once more."""
    del actor
    count_again(services(request), db)
    return redirect(request, "coming_back")
