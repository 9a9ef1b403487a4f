"""One module of routes for each stage; `ROUTERS` is what the application includes."""

from app.web.routes import (
    accounts,
    attributes,
    boards,
    candidates,
    events,
    exports,
    figures,
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
        figures,
        purchases,
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
