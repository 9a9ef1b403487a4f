"""Every route of the API: who may call it, what it answers, what it changes."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.application import PREFIX
from app.purchases.segments.fields import FIELDS
from tests.api.conftest import ROLES, Caller
from tests.api.examples import EXAMPLES, Case, cases, ids, route_keys
from tests.support.commands import command_line
from tests.support.orders import CANARIES
from tests.support.world import all_rows

READS = cases("GET")
WRITES = [case for case in cases() if case.method != "GET"]
NOTED = {"audit_entry", "api_token"}
"""What reading may write: whom a page of people held, who was denied, when a token was used."""


def test_every_route_has_an_example() -> None:
    assert set(route_keys()) == set(EXAMPLES)


def send(client: TestClient, case: Case, caller: Caller) -> Any:
    return client.request(case.method, case.path(caller.world), json=case.example.body)


@pytest.mark.parametrize("case", cases(), ids=ids)
def test_without_a_token_nothing_is_said(case: Case, reading: Caller) -> None:
    for headers in ({}, {"Authorization": "Basic bjE6bjE="}, {"Authorization": "Bearer"}):
        answer = reading.calls("nobody").request(case.method, case.path(reading.world), headers=headers)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "token_missing"
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("case", READS, ids=ids)
def test_reading(case: Case, reading: Caller) -> None:
    for role in ROLES:
        answer = send(reading.calls(role), case, reading)
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "no-store"
        if role in case.example.who:
            assert answer.status_code == case.example.status, answer.text
        else:
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


@pytest.mark.parametrize("case", WRITES, ids=ids)
def test_writing(case: Case, caller: Caller) -> None:
    before = all_rows(caller.world)
    for role in sorted(set(ROLES) - case.example.who):
        assert send(caller.calls(role), case, caller).status_code == 403
    after = all_rows(caller.world)
    assert [name for name in before if before[name] != after[name] and name not in NOTED] == []
    assert len(after["audit_entry"]) == len(before["audit_entry"]) + 1
    answer = send(caller.calls("researcher"), case, caller)
    assert answer.status_code == case.example.status, answer.text


def test_reading_changes_nothing(caller: Caller) -> None:
    before = all_rows(caller.world)
    for case in READS:
        send(caller.calls("admin"), case, caller)
    after = all_rows(caller.world)
    assert {name for name in before if before[name] != after[name]} <= NOTED


@pytest.mark.parametrize("case", [case for case in cases() if case.example.command], ids=ids)
def test_the_document_is_the_one_of_the_command_line(case: Case, reading: Caller) -> None:
    answer = send(reading.calls("researcher"), case, reading)
    with command_line(reading.world.settings.home, locale="ja") as n1:
        told = n1("purchases", *case.example.command, "--json")
    assert told.returncode == 0, told.stderr
    assert answer.text == minified(told.stdout)


def minified(document: str) -> str:
    return json.dumps(json.loads(document), ensure_ascii=False)


@pytest.mark.parametrize("case", READS, ids=ids)
def test_no_contact_data_leaves(case: Case, reading: Caller) -> None:
    """Researchers read customer numbers, as in the file of people; planners not even these."""
    told = send(reading.calls("admin"), case, reading).text
    assert not [canary for canary in CANARIES if canary in told and canary != "CAN7"]
    told = send(reading.calls("planner"), case, reading).text
    assert not [canary for canary in CANARIES if canary in told]


@pytest.mark.parametrize("case", [case for case in cases() if case.example.params], ids=ids)
@pytest.mark.parametrize(
    "value", ["aaaaaaaaaaaa", "-9223372036854775809", "あ", "a" * 300, "%2e%2e", "%00", "%ED%A0%80"]
)
def test_ids_that_do_not_exist(case: Case, value: str, reading: Caller) -> None:
    path = PREFIX + case.template.split("{")[0] + value
    answer = reading.calls("admin").request(case.method, path, json=case.example.body)
    assert answer.status_code == 404
    assert set(answer.json()["error"]) == {"code", "message"}


def test_cookies_count_for_nothing_but_the_description(reading: Caller) -> None:
    client = reading.calls("nobody")
    client.headers["Cookie"] = f"__Host-n1={reading.world.tokens['admin']}"
    assert client.get(f"{PREFIX}/overview").status_code == 401
    assert client.put(f"{PREFIX}/thresholds", json={}).status_code == 401
    for path in ("segments/openapi.json", "imports/openapi.json", "openapi.json/"):
        assert client.get(f"{PREFIX}/{path}").status_code == 401
    assert client.delete(f"{PREFIX}/openapi.json").status_code == 401
    assert client.get(f"{PREFIX}/openapi.json").status_code == 200


def test_the_description_names_every_route_and_how_to_sign_in(reading: Caller) -> None:
    described = reading.calls("planner").get(f"{PREFIX}/openapi.json").json()
    named = {(method.upper(), path) for path, some in described["paths"].items() for method in some}
    assert named == set(route_keys().values())
    assert described["servers"] == [{"url": PREFIX}]
    asked = {one["name"] for one in described["paths"]["/people"]["get"]["parameters"]}
    assert asked == {*FIELDS, "page", "sort", "columns"}
    (scheme,) = described["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert reading.calls("nobody").get(f"{PREFIX}/openapi.json").status_code == 401
