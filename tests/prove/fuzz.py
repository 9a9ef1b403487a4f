"""Hostile values into every route, as every role: nothing may answer 500, nothing may be undocumented."""

import random
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from starlette.testclient import TestClient

from tests.support.client import visitor
from tests.support.world import World
from tests.web.routes_of import Case, cases

DOCUMENTED = {200, 204, 303, 304, 400, 403, 404, 405, 409, 413, 422, 429}
NASTY = (
    "", " ", "0", "-1", "9223372036854775808", "-9223372036854775809", "1e309", "NaN", "0001-01-01", "9999-12-31", "2026-02-30",
    "\x00", "a\x00b", "\u202e逆さ", "髙﨑①㈱", "👩‍👩‍👧‍👧", "ﾊﾟ", "=1+1", "＝1", "<script>", "{{7*7}}", "{0.__class__}", "%s%n", "'; --",
    "../../etc/passwd", "あ" * 5000, "true", "null", "[]", "q1", "accept", "anxiety", "loyal", "agreed", "pptx", "ja",
)  # fmt: skip
FIELDS = (
    "login", "password", "next", "locale", "role", "display_name", "source", "text", "product", "title", "question", "loyal",
    "lapsed", "churned", "hypotheses", "state", "customer_ref", "mode", "way", "granted", "answer", "memo", "version", "seconds",
    "next_intention", "action", "stage", "evidence", "kind", "person_id", "client_key", "probes", "marks", "scheduled_for",
    "encoding", "currency", "date_order", "drop_exact_duplicates", "column", "is_active", "new_password", "templates",
)  # fmt: skip
QUERY = (
    "q",
    "sort",
    "after",
    "customer_class",
    "purchase_type",
    "count",
    "elapsed",
    "page",
    "stage",
    "state",
    "next",
    "person",
)


def form(rng: random.Random, case: Case, world: World) -> dict[str, str | list[str]]:
    """Return the route's good form with some values made bad, some dropped, some added."""
    values: dict[str, str | list[str]] = {k: world.ids.get(v, v) for k, v in case.example.form.items()}
    for name in list(values):
        if rng.random() < 0.4:
            values[name] = rng.choice(NASTY)
        elif rng.random() < 0.1:
            del values[name]
    for name in rng.sample(FIELDS, rng.randint(0, 3)):
        values[name] = rng.choice(NASTY) if rng.random() < 0.8 else [rng.choice(NASTY), rng.choice(NASTY)]
    return values


def path(rng: random.Random, case: Case, world: World) -> str:
    address = case.template
    for name, value in case.example.path_params(world).items():
        shown = value if rng.random() < 0.7 else quote(rng.choice(NASTY)[:200], safe="") or "x"
        address = address.replace("{" + name + "}", shown)
    query = "&".join(f"{name}={quote(rng.choice(NASTY)[:500])}" for name in rng.sample(QUERY, rng.randint(0, 3)))
    return f"{address}?{query}"


def fire(client: TestClient, rng: random.Random, case: Case, world: World) -> tuple[int, str]:
    address = path(rng, case, world)
    if case.method == "GET":
        return client.get(address).status_code, address
    files = {"file": ("x.csv", rng.choice(NASTY).encode("utf-8", "replace"))} if rng.random() < 0.2 else None
    return client.post(address, data=form(rng, case, world), files=files).status_code, address


def fuzz(world: World, home: Path, *, seed: int, rounds: int, roles: tuple[str, ...]) -> tuple[Counter[int], list[str]]:
    """Return how often each status came, and every answer that should not have been."""
    rng, found, wrong = random.Random(seed), Counter[int](), []
    for role in roles:
        copy = world.copied_to(home / role)
        with visitor(copy, role) as client:
            for case in cases("GET", "POST"):
                if case.name in {"sign_out", "account_password"}:
                    continue
                for _ in range(rounds):
                    status, address = fire(client, rng, case, copy)
                    found[status] += 1
                    if status not in DOCUMENTED:
                        wrong.append(f"{role} {case.key} {address[:200]} → {status}")
    return found, wrong
