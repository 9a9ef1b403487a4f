"""Whatever a program sends: a document with a code, never a page and never a 5xx."""

import random
import re
from typing import Any

import pytest

from app.api.application import PREFIX
from tests.api.conftest import Caller
from tests.api.examples import Case, cases, ids

HUGE = "9" * 5000
ODD = ("", " ", "x", "-1", "0", HUGE, "1e999999", "NaN", "%00", "%ED%A0%80", "あ", "2026-02-30", "'; DROP TABLE people;--", "[]", "{{7*7}}")  # fmt: skip
WRONG: dict[str, tuple[str, str]] = {
    "overview?x=1": ("invalid_input", "x"),
    "repeat?by=weeks": ("invalid_input", "by"),
    "movement?from=someday": ("invalid_input", "from"),
    "movement?from=2001-01-01": ("bad_days", "from"),
    "movement?since_change=maybe": ("invalid_input", "since_change"),
    "backtest": ("invalid_input", "cutoff"),
    "backtest?cutoff=2026-11-14": ("not_measured", ""),
    "backtest?cutoff=2026-06-01&horizon=0": ("invalid_input", "horizon"),
    "people?customer_clas=lapsed": ("unknown_field", "customer_clas"),
    "people?customer_class=": ("bad_condition", "customer_class"),
    "people?orders=many": ("bad_condition", "orders"),
    "people?orders=2-&page=0": ("invalid_input", "page"),
    "people?orders=2-&sort=name": ("invalid_input", "sort"),
    "people?orders=2-&columns=phone": ("no_column", ""),
    "people/count?page=1": ("unknown_field", "page"),
}
BODIES: tuple[tuple[str, str, Any, str], ...] = (
    ("PUT", "thresholds", {"thresholds": {"nothing": 1}}, "unknown_number"),
    ("PUT", "thresholds", {"thresholds": {"long_days": "long"}}, "bad_numbers"),
    ("PUT", "thresholds", {"thresholds": {"long_days": int(HUGE[:400])}}, "invalid_input"),
    ("PUT", "thresholds", {"thresholds": {"long_days": 90.5}}, "bad_numbers"),
    ("PUT", "thresholds", {"thresholds": {"long_days": True}}, "invalid_input"),
    ("PUT", "thresholds", {"thresholds": {"long_days": "\x00"}}, "invalid_input"),
    ("PUT", "thresholds", {"other": {}}, "invalid_input"),
    ("PUT", "thresholds", [], "invalid_input"),
    ("POST", "segments", {"name": " ", "rule": "orders=2-"}, "invalid_input"),
    ("POST", "segments", {"name": "x\x00", "rule": "orders=2-"}, "invalid_input"),
    ("POST", "segments", {"name": "x", "rule": "orders=many"}, "bad_condition"),
    ("POST", "segments", {"name": "x", "rule": "order=2-"}, "unknown_field"),
    ("POST", "segments", {"name": "x", "rule": "orders=2-&" * 401}, "too_many_conditions"),
    ("POST", "segments", {"name": "x", "rule": "orders=2-", "kind": "melted"}, "invalid_input"),
    ("POST", "segments", {"name": "x", "rule": "orders=2-", "created_by": 1}, "invalid_input"),
)  # fmt: skip


@pytest.mark.parametrize("path", WRONG)
def test_what_is_wrong_is_named(path: str, reading: Caller) -> None:
    answer = reading.calls("researcher").get(f"{PREFIX}/{path}")
    code, field = WRONG[path]
    found = answer.json()["error"]
    assert (answer.status_code, found["code"]) == (422, code)
    assert [one["name"] for one in found.get("fields", [])] == ([field] if field else [])
    assert found["message"]


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("GET", "repeat?by=weeks", None, "次のどれかを指定してください: 'orders', 'days'"),
        ("GET", "people?orders=2-&page=0", None, "1以上で入力してください。"),
        ("GET", "overview?x=1", None, "この名前の項目はありません。"),
        ("POST", "segments", {"rule": "orders=2-"}, "入力してください。"),
        ("PUT", "thresholds", {"thresholds": {"long_days": True}}, "文字列で指定してください。"),
    ],
)
def test_what_is_wrong_is_told_in_the_language_of_the_owner(
    method: str, path: str, body: Any, told: str, reading: Caller
) -> None:
    answer = reading.calls("researcher").request(method, f"{PREFIX}/{path}", json=body)
    (fault,) = answer.json()["error"]["fields"]
    assert fault["message"] == told
    assert re.fullmatch(r"[a-z_.]+", fault["name"])


def test_a_body_that_does_not_say_how_large_it_is(reading: Caller) -> None:
    client = reading.calls("researcher")
    answer = client.post(f"{PREFIX}/segments", content=(b" " * 2**20 for _ in range(9)))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(("method", "path", "body", "code"), BODIES)
def test_bodies_that_do_not_fit(method: str, path: str, body: Any, code: str, reading: Caller) -> None:
    answer = reading.calls("researcher").request(method, f"{PREFIX}/{path}", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code), answer.text


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400), (b"[" * 100_000, 400), (b'{"name": "\\ud800", "rule": "orders=2-"}', 422), (b'{"\\ud800": 1}', 422),
        (b"\xff\xfe\xff", 400), (b'{"thresholds": ' + HUGE.encode() + b"}", 400), (b"x" * 300_000, 413), (b"", 422),
    ],
    ids=range(8),
)  # fmt: skip
def test_bodies_that_are_no_documents(content: bytes, status: int, reading: Caller) -> None:
    client = reading.calls("researcher")
    for method, path in (("PUT", "thresholds"), ("POST", "segments")):
        headers = {"Content-Type": "application/json"}
        answer = client.request(method, f"{PREFIX}/{path}", content=content, headers=headers)
        assert answer.status_code == status, answer.text
        assert "error" in answer.json()


def test_a_form_is_no_body(reading: Caller) -> None:
    answer = reading.calls("researcher").post(f"{PREFIX}/segments", data={"name": "x", "rule": "orders=2-"})
    assert answer.status_code == 422


def test_addresses_and_methods_nobody_needs(reading: Caller) -> None:
    client = reading.calls("researcher")
    assert client.get(f"{PREFIX}/nothing").json()["error"]["code"] == "not_found"
    assert client.get(f"{PREFIX}/overview/").json()["error"]["code"] == "not_found"
    assert client.delete(f"{PREFIX}/overview").json()["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("case", cases("GET"), ids=ids)
def test_odd_values_are_refused_or_understood(case: Case, reading: Caller) -> None:
    client, dice = reading.calls("researcher"), random.Random(case.key)
    path = case.path(reading.world).partition("?")[0]
    names = [*case.example.query, "page", "attribute", "bought_product", "segment", "moved", "amount", "first_on"]
    for _ in range(12):
        query = "&".join(f"{name}={dice.choice(ODD)}" for name in dice.sample(names, dice.randint(1, 3)))
        answer = client.get(f"{path}?{query}")
        assert answer.status_code < 500, query
        assert answer.status_code == 200 or "error" in answer.json()
