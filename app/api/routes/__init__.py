"""One module of routes for each topic; `ROUTERS` is what the application includes."""

from app.api.routes import (
    imports,
    movement,
    overview,
    people,
    repeat,
    returning,
    scoring,
    segments,
    stopping,
    thresholds,
)

ROUTERS = tuple(
    module.router
    for module in (
        overview,
        repeat,
        stopping,
        movement,
        returning,
        scoring,
        thresholds,
        segments,
        people,
        imports,
    )
)
