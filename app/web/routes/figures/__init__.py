"""Routes of the pages of figures, one module for each; `router` takes them all in."""

from fastapi import APIRouter

from app.web.routes.figures import coming_back, movement, repeat, scores, segments, stop_points

router = APIRouter()
for module in (repeat, coming_back, movement, scores, stop_points, segments):
    router.include_router(module.router)
