"""The application's route table as values."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.web.routes import ROUTERS
from tests.support.world import World
from tests.web.route_examples import EXAMPLES, VARIANTS, Example

SAFE = ("GET",)


@dataclass(frozen=True)
class Case:
    """One route with its example and the address it leads to."""

    key: str
    method: str
    name: str
    template: str
    example: Example

    def path(self, world: World) -> str:
        path = self.template
        for name, value in self.example.path_params(world).items():
            path = path.replace("{" + name + "}", value)
        return path + self.example.query_string()


def routes_in(router: APIRouter) -> Iterator[APIRoute]:
    """Yield a router's routes and those of the routers it includes."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from routes_in(route.original_router)


@cache
def route_keys() -> dict[str, tuple[str, str]]:
    """Return `METHOD name` → (method, path template) of every route."""
    return {
        f"{method} {route.name}": (method, route.path)
        for router in ROUTERS
        for route in routes_in(router)
        for method in sorted((route.methods or set()) - {"HEAD"})
    }


def cases(*methods: str) -> list[Case]:
    return [
        Case(key=key, method=method, name=key.split(" ")[1], template=template, example=EXAMPLES[key])
        for key, (method, template) in route_keys().items()
        if method in methods and key in EXAMPLES
    ]


def pages() -> list[Case]:
    """Return every page and its further states, as an administrator or anybody sees them."""
    found = [case for case in cases("GET") if case.example.page and case.example.status == 200]
    for key, (name, example) in VARIANTS.items():
        if f"GET {name}" in route_keys():
            template = route_keys()[f"GET {name}"][1]
            found.append(Case(key=f"GET {key}", method="GET", name=key, template=template, example=example))
    return found


def ids(case: Case) -> str:
    return case.key.replace(" ", "-")
