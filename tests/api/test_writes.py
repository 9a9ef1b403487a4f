"""What the API changes, and what of it the audit trail says."""

import json
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.accounts.models import AuditEntry
from app.accounts.schemas import COMMAND_LINE
from app.api.application import PREFIX
from app.api.routes import thresholds as routes
from app.core.database import make_engine, write_session
from app.purchases.segments import operations
from app.purchases.segments.rule import Rule
from app.purchases.store import OrdersStore
from app.serving import thresholds as serving
from tests.api.conftest import Caller
from tests.support.commands import command_line
from tests.support.moment import NOW


def audit(caller: Caller, action: str) -> list[AuditEntry]:
    """Return what was noted since the caller's tokens were made: the company it was copied from has a past."""
    engine = make_engine(caller.world.settings)
    with Session(engine) as session:
        entries = list(session.exec(select(AuditEntry).order_by(col(AuditEntry.id))))
    engine.dispose()
    since = max(place for place, entry in enumerate(entries) if entry.action == "token.created")
    return [entry for entry in entries[since:] if entry.action == action]


def test_a_segment_is_made_frozen_changed_and_deleted(caller: Caller) -> None:
    client = caller.calls("researcher")
    made = client.post(f"{PREFIX}/segments", json={"name": "二回以上", "rule": "orders=2-"}).json()
    assert (made["kind"], made["rule"], made["conditions"]) == ("moving", "orders=2-", ["注文が2回以上"])
    clash = client.post(f"{PREFIX}/segments", json={"name": "二回以上", "rule": "orders=3-"})
    assert (clash.status_code, clash.json()["error"]["code"]) == (409, "segment_name")
    of_today = {"name": "いまの人", "rule": f"segment={made['segment']}", "kind": "frozen"}
    frozen = client.post(f"{PREFIX}/segments", json=of_today)
    assert frozen.status_code == 201
    assert (frozen.json()["frozen_people"], frozen.json()["people"]) == (made["people"], made["people"])
    refused = client.patch(f"{PREFIX}/segments/{frozen.json()['segment']}", json={"rule": "orders=3-"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "segment_frozen")
    mine = f"{PREFIX}/segments/{made['segment']}"
    circle = client.patch(mine, json={"rule": f"segment={made['segment']}"})
    assert (circle.status_code, circle.json()["error"]["code"]) == (422, "segment_circle")
    assert client.patch(mine, json={}).json()["error"]["code"] == "nothing_to_change"
    changed = client.patch(mine, json={"name": "三回以上", "rule": "orders=3-"}).json()
    assert (changed["name"], changed["rule"]) == ("三回以上", "orders=3-")
    assert changed["people"] == client.get(f"{PREFIX}/people/count?orders=3-").json()["people"]
    with command_line(caller.world.settings.home, locale="ja") as n1:
        assert json.loads(n1("purchases", "segments", "show", "三回以上", "--json").stdout) == client.get(mine).json()
    other = client.post(f"{PREFIX}/segments", json={"name": "そのまま", "rule": f"segment={made['segment']}"}).json()
    named = client.delete(mine)
    assert (named.status_code, named.json()["error"]["code"]) == (409, "segment_named")
    assert client.get(f"{PREFIX}/segments/{other['segment']}").json()["people"] == changed["people"]
    gone = client.delete(f"{mine}?anyway=true")
    assert (gone.status_code, gone.content) == (204, b"")
    assert client.get(mine).status_code == client.delete(mine).status_code == 404


def test_planners_are_told_nothing_of_few_people(caller: Caller) -> None:
    best = caller.calls("admin").get(f"{PREFIX}/people?orders=1-&columns=amount&sort=-amount").json()["rows"]
    largest = best[0]["amount"]
    engine = make_engine(caller.world.settings)
    with write_session(engine) as session:
        operations.create(session, name="少ない人", rule=Rule.of(amount=f"{largest}-"), actor=COMMAND_LINE, now=NOW)
    engine.dispose()
    whole = {one["name"]: one for one in caller.calls("admin").get(f"{PREFIX}/segments").json()}
    seen = {one["name"]: one for one in caller.calls("planner").get(f"{PREFIX}/segments").json()}
    assert seen.keys() == whole.keys()
    assert 0 < whole["少ない人"]["people"] < 5
    hidden = {"people": None, "rule": None, "conditions": None, "few": True}
    assert seen["少ない人"] | hidden == seen["少ない人"]
    many = next(one for one in whole.values() if (one["people"] or 0) >= 5)
    assert (seen[many["name"]]["people"], seen[many["name"]]["conditions"]) == (many["people"], many["conditions"])
    assert all(one["frozen_people"] is None for one in seen.values())


def test_every_page_of_people_is_noted(caller: Caller) -> None:
    client, rows = caller.calls("researcher"), list[dict[str, Any]]()
    for page in (1, 2, 3):
        found = client.get(f"{PREFIX}/people?orders=2-&columns=customer_id,amount&sort=amount&page={page}").json()
        rows += found["rows"]
    assert (found["page"], found["pages"], found["rows"]) == (3, 2, [])
    assert len(rows) == len({one["customer_id"] for one in rows}) == found["people"]
    assert [one["amount"] for one in rows] == sorted((one["amount"] for one in rows), key=int)
    assert set(rows[0]) == {"customer_id", "amount"}
    entries = audit(caller, "people.exported")
    assert [len(one.detail["customers"]) for one in entries] == [50, len(rows) - 50]
    assert [one.detail["columns"] for one in entries] == [["customer_id", "amount"]] * 2
    assert not [row for row in rows for one in entries if row["customer_id"] in repr(one.detail)]


def test_denied_calls_are_noted(caller: Caller) -> None:
    before = len(audit(caller, "denied"))
    assert caller.calls("planner").get(f"{PREFIX}/people?orders=2-").status_code == 403
    (entry,) = audit(caller, "denied")[before:]
    assert entry.object_id == "people"


def test_numbers_are_kept_unless_it_is_a_preview(caller: Caller) -> None:
    client = caller.calls("admin")
    before = client.get(f"{PREFIX}/thresholds").json()
    other = {"thresholds": {"lapse_least": 1, "lapse_most": "20", "churn_days": 40}}
    foretold = client.put(f"{PREFIX}/thresholds?preview=true", json=other).json()
    assert foretold["kept"] is False
    assert foretold["preview"]["moved"]["customer_class"] > 0
    assert client.get(f"{PREFIX}/thresholds").json() == before
    assert client.put(f"{PREFIX}/thresholds", json=other).json() == foretold | {"kept": True}
    assert client.get(f"{PREFIX}/thresholds").json()["thresholds"]["lapse_most"] == {"value": "20", "default": "240"}
    (entry,) = audit(caller, "thresholds.set")
    assert entry.detail["lapse_most"] == "240 → 20"
    assert client.put(f"{PREFIX}/thresholds", json={"defaults": True}).json()["thresholds"] == before["thresholds"]


def test_numbers_that_are_not_named_stay_as_somebody_else_set_them_meanwhile(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, ask = caller.calls("admin"), serving.ask_numbers

    def ask_slowly(session: Session, store: OrdersStore, **asked: Any) -> serving.AskedNumbers:
        found = ask(session, store, **asked)
        if "lapse_most" in asked["given"]:
            with command_line(caller.world.settings.home, locale="ja") as n1:
                assert n1("purchases", "thresholds", "--set", "days_a=6", "--yes").returncode == 0
        return found

    monkeypatch.setattr(routes, "ask_numbers", ask_slowly)
    assert client.put(f"{PREFIX}/thresholds", json={"thresholds": {"lapse_most": 200}}).status_code == 200
    now = client.get(f"{PREFIX}/thresholds").json()["thresholds"]
    assert (now["days_a"]["value"], now["lapse_most"]["value"]) == ("6", "200")


def test_an_import_says_where_every_row_went(caller: Caller) -> None:
    client = caller.calls("researcher")
    listed = client.get(f"{PREFIX}/imports").json()
    taken = next(one for one in listed if one["import_id"] == caller.world.ids["import"])
    shown = client.get(f"{PREFIX}/imports/{taken['import_id']}").json()
    assert shown | taken == shown
    assert sum(line["rows"] for line in shown["account"]) == shown["rows_read"]
    checked = client.get(f"{PREFIX}/imports/{caller.world.ids['import_checked']}").json()
    assert sum(one["rows"] for one in checked["held_back_reasons"]) == checked["held_back"] > 0
    waiting = client.get(f"{PREFIX}/imports/{caller.world.ids['import_uploaded']}").json()
    assert waiting["account"] is None
