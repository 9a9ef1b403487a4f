"""One module of routes for each stage; `ROUTERS` is what the application includes."""

from app.web.routes import (
    accounts,
    boards,
    candidates,
    exports,
    held_rows,
    home,
    interviews,
    people,
    purchases,
    studies,
    tagging,
)

ROUTERS = tuple(
    module.router
    for module in (
        home,
        accounts,
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
