"""One example for every route of the API, and who may call it. A route nobody gave an example for fails a test."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlencode

from app.api.application import PREFIX
from app.api.routes import ROUTERS
from tests.support.world import World
from tests.web.routes_of import routes_in

EVERYBODY = frozenset({"planner", "researcher", "admin"})
FIELD = frozenset({"researcher", "admin"})


@dataclass(frozen=True)
class Example:
    """`params` name ids of the world; `command` prints the same document, `status` is what those in `who` get."""

    who: frozenset[str] = FIELD
    status: int = 200
    params: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    command: tuple[str, ...] = ()


EXAMPLES: dict[str, Example] = {
    "GET overview": Example(command=("overview",)),
    "GET count_elapsed": Example(command=("count-elapsed",)),
    "GET cohorts": Example(command=("cohorts",)),
    "GET repeat": Example(query={"by": "days"}, command=("repeat", "--by", "days")),
    "GET value": Example(command=("value",)),
    "GET stop_points": Example(command=("stop-points",)),
    "GET survival": Example(command=("survival",)),
    "GET surplus": Example(command=("surplus",)),
    "GET movement": Example(
        query={"from": "2026-06-01", "to": "2026-11-01"},
        command=("movement", "--from", "2026-06-01", "--to", "2026-11-01"),
    ),
    "GET returning": Example(command=("returning",)),
    "GET backtest": Example(
        query={"cutoff": "2026-06-01", "horizon": "60"},
        command=("backtest", "--cutoff", "2026-06-01", "--horizon", "60"),
    ),
    "GET scores": Example(command=("scores",)),
    "GET layers": Example(command=("layers",)),
    "GET thresholds": Example(command=("thresholds",)),
    "PUT thresholds_set": Example(
        query={"preview": "true"},
        body={"thresholds": {"lapse_least": 1, "lapse_most": "20", "churn_days": "40"}},
        command=("thresholds", "--set", "lapse_least=1", "--set", "lapse_most=20", "--set", "churn_days=40"),
    ),
    "GET segments": Example(EVERYBODY, command=("segments", "list")),
    "POST segment_create": Example(status=201, body={"name": "二回以上", "rule": "orders=2-", "kind": "frozen"}),
    "GET segment": Example(params={"segment_id": "segment"}, command=("segments", "show", "戻ってきてほしい人")),
    "PATCH segment_change": Example(params={"segment_id": "segment"}, body={"name": "休眠の人", "rule": "orders=3-"}),
    "DELETE segment_delete": Example(status=204, params={"segment_id": "segment"}),
    "GET people": Example(query={"orders": "2-", "columns": "customer_id,amount", "sort": "-amount", "page": "2"}),
    "GET people_count": Example(
        query={"orders": "2-", "attribute": "sex=female"},
        command=("segments", "count", "orders=2-&attribute=sex%3Dfemale"),
    ),
    "GET imports": Example(command=("list",)),
    "GET import": Example(params={"import_id": "import"}),
}


@dataclass(frozen=True)
class Case:
    """One route with its example."""

    key: str
    method: str
    template: str
    example: Example

    def path(self, world: World) -> str:
        path = PREFIX + self.template
        for name, key in self.example.params.items():
            path = path.replace("{" + name + "}", world.ids[key])
        return path + (f"?{urlencode(self.example.query)}" if self.example.query else "")


@cache
def route_keys() -> dict[str, tuple[str, str]]:
    return {
        f"{method} {route.name}": (method, route.path)
        for router in ROUTERS
        for route in routes_in(router)
        for method in sorted((route.methods or set()) - {"HEAD"})
    }


def cases(*methods: str) -> list[Case]:
    return [
        Case(key, method, template, EXAMPLES[key])
        for key, (method, template) in route_keys().items()
        if key in EXAMPLES and (not methods or method in methods)
    ]


def ids(case: Case) -> str:
    return case.key.replace(" ", "-")
