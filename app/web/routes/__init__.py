"""One module of routes for each stage; `ROUTERS` is what the application includes."""

from app.web.routes import (
    accounts,
    attributes,
    boards,
    candidates,
    coming_back,
    events,
    exports,
    held_rows,
    home,
    interviews,
    movement,
    people,
    products,
    purchases,
    repeat,
    scores,
    segments,
    stop_points,
    studies,
    tagging,
)

ROUTERS = tuple(
    module.router
    for module in (
        home,
        accounts,
        products,
        events,
        repeat,
        coming_back,
        movement,
        scores,
        stop_points,
        purchases,
        segments,
        attributes,
        people,
        held_rows,
        studies,
        candidates,
        interviews,
        tagging,
        boards,
        exports,
    )
)
