"""`n1 purchases overview|count-elapsed|returning`: the shop at a glance as JSON and as plain lines."""

import json
from pathlib import Path

import pytest

from tests.purchases.build import row, text_of
from tests.support.commands import Command, command_line

ORDERS = text_of(
    row(order="1", customer="a", day="2026-01-05"),
    row(order="2", customer="a", day="2026-02-04"),
    row(order="3", customer="b", day="2026-01-20"),
    row(order="4", customer="c", day="2026-04-30"),
)


@pytest.fixture
def n1(tmp_path: Path):
    with command_line(tmp_path / "home", locale="en") as run:
        yield lambda *words: run("purchases", *words)


def test_without_orders(n1: Command) -> None:
    assert json.loads(n1("overview", "--json").stdout) == {"as_of": None}
    assert json.loads(n1("count-elapsed", "--json").stdout) == {"cells": None}
    assert json.loads(n1("returning", "--json").stdout) == {"as_of": None, "bands": None}
    for command in ("overview", "count-elapsed"):
        assert n1(command).stdout == "There are no orders in the store.\n"
    assert n1("returning").stdout.startswith("Nobody counted yet")


def test_the_shop_at_a_glance(n1: Command, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    assert n1("import", str(tmp_path / "orders.csv"), "--source", "shop", "--yes").returncode == 0
    found = json.loads(n1("overview", "--json").stdout)
    assert (found["as_of"], found["customers"], found["orders"], found["amount"]) == (
        "2026-04-30",
        3,
        4,
        {"JPY": "4000"},
    )
    for name in ("classes", "types"):
        assert sum(one["people"] for one in found[name]) == 3
    assert [(one["month"], one["orders"]) for one in found["months"]][:2] == [("2026-01", 2), ("2026-02", 1)]
    lines = n1("overview").stdout.splitlines()
    assert lines[:2] == ["2026-04-30\t3\t4", "JPY\t4000"]
    cells = {(one["count"], one["elapsed"]): one for one in json.loads(n1("count-elapsed", "--json").stdout)["cells"]}
    assert {key: one["people"] for key, one in cells.items() if one["people"]} == {
        ("1", "30"): 1, ("1", "120"): 1, ("2", "90"): 1,
    }  # fmt: skip
    assert cells["2", "90"]["amount"] == {"JPY": "2000"}
    assert n1("count-elapsed").stdout.count("\n") == len(cells)
