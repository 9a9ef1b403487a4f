"""`n1 purchases scores|layers|thresholds`: the figures of the pages as JSON and plain lines; other numbers kept only with --yes."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.purchases.scoring.shop import files, random_orders
from tests.support.commands import Command, command_line


@pytest.fixture
def n1(tmp_path: Path):
    with command_line(tmp_path / "home", locale="ja") as run:
        yield run


def told(n1: Command, *words: str) -> dict[str, Any]:
    done = n1("purchases", *words, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_scores_layers_and_thresholds(n1: Command, tmp_path: Path) -> None:
    assert told(n1, "scores") == {"points": None}
    assert told(n1, "layers") == {"types": None}
    orders = [one for one in random_orders(1) if one.source == "shop"]
    (tmp_path / "orders.csv").write_text(files(orders)["shop"], encoding="utf-8")
    assert n1("purchases", "import", str(tmp_path / "orders.csv"), "--source", "shop", "--yes").returncode == 0
    scores, layers = told(n1, "scores"), told(n1, "layers")
    people = len({one.customer for one in orders})
    for table in ("points", "ranks"):
        assert sum(cell["people"] for cell in scores[table]["cells"]) == people
        assert sum(row["people"] for row in scores[table]["m"]) == people
    assert sum(int(row["amount"]) for row in scores["deciles"]["JPY"]) == sum(one.amount for one in orders)
    assert len(layers["types"]) == 10
    assert sum(cell["people"] for cell in layers["types"]) == people
    assert sum(layer["people"] for layer in layers["layers"]) == people
    assert n1("purchases", "scores").stdout.count("\n") == 60
    assert "よく買う" in n1("purchases", "layers").stdout

    usual = told(n1, "thresholds")
    assert usual["preview"] is None
    assert usual["thresholds"]["lapse_percent"] == {"value": "90", "default": "90"}
    other = ["--set", "lapse_least=1", "--set", "lapse_most=20", "--set", "churn_days=40"]
    foretold = told(n1, "thresholds", *other)
    assert foretold["preview"]["moved"]["customer_class"] > 0
    assert told(n1, "thresholds")["thresholds"] == usual["thresholds"]
    assert n1("purchases", "thresholds", *other, "--yes").returncode == 0
    kept = told(n1, "thresholds")["thresholds"]
    assert kept["lapse_most"] == {"value": "20", "default": "240"}
    now = {cell["key"]: cell["people"] for cell in told(n1, "layers")["layers"]}
    moves = foretold["preview"]["customer_class"]
    assert now["before"] == sum(one["people"] for one in moves if one["to"] in {"lapsed", "churned"})
    assert n1("purchases", "thresholds", "--defaults", "--yes").returncode == 0
    assert told(n1, "thresholds")["thresholds"] == usual["thresholds"]
    for wrong in ("nothing=1", "long_days=long", "days_b=1"):
        refused = n1("purchases", "thresholds", "--set", wrong)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert wrong.partition("=")[0] in refused.stderr
