"""The start page of each role, help, and a sign of life."""

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from app.web.deps import CurrentActor
from app.web.render import redirect, render

router = APIRouter()


@router.get("/", name="home")
async def home(request: Request, actor: CurrentActor) -> Response:
    """Lead planners to their boards, everybody else to the studies."""
    return redirect(request, "boards" if actor.is_planner else "studies")


@router.get("/help", name="help")
async def show_help(request: Request, actor: CurrentActor) -> Response:
    """Show the way through the product, its terms and its keys."""
    return render(request, "layouts/help.html", actor)


@router.get("/health", name="health")
async def health() -> Response:
    """Answer that this process serves."""
    return PlainTextResponse("ok")
