"""One module of routes for each stage; `ROUTERS` is what the application includes."""

from app.web.routes import (
    accounts,
    boards,
    candidates,
    events,
    exports,
    held_rows,
    home,
    interviews,
    people,
    products,
    purchases,
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
        purchases,
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
