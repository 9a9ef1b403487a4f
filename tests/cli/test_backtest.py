"""`n1 purchases backtest`: the measures of a past day as JSON, and why a day cannot be measured."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.purchases.build import row, text_of
from tests.purchases.returning import shops
from tests.support.commands import Command, command_line

START = date(2024, 1, 1)
CUTOFF = START + timedelta(days=310)


@pytest.fixture
def n1(tmp_path: Path):
    with command_line(tmp_path / "home", locale="ja") as run:
        yield run


def filled(n1: Command, folder: Path) -> Command:
    made = shops.made(9, customers=3000).orders
    made.append((0, 400, 1.0))
    rows = [
        row(order=f"o{n}", customer=f"c{who}", day=str(START + timedelta(days=day)), price=round(amount))
        for n, (who, day, amount) in enumerate(made)
    ]
    (folder / "orders.csv").write_text(text_of(*rows), encoding="utf-8")
    done = n1("purchases", "import", str(folder / "orders.csv"), "--source", "shop", "--yes")
    assert done.returncode == 0, done.stderr
    return n1


def test_a_past_day_is_measured(n1: Command, tmp_path: Path) -> None:
    run = filled(n1, tmp_path)
    done = run("purchases", "backtest", "--cutoff", str(CUTOFF), "--horizon", "90", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == {
        "cutoff", "horizon", "method", "reason", "trained_on", "people", "repeat_people", "came_back", "auc_all",
        "auc_repeat", "p50", "ret50", "bands",
    }  # fmt: skip
    assert (found["cutoff"], found["horizon"], found["method"], found["reason"]) == (str(CUTOFF), 90, "logistic", None)
    assert max(found["trained_on"]) == str(CUTOFF - timedelta(days=90))
    assert [set(band) for band in found["bands"]] == [{"from", "to", "n", "predicted", "actual"}] * 5
    assert sum(band["n"] for band in found["bands"]) == found["people"]
    assert found["auc_all"] > 0.6
    plain = run("purchases", "backtest", "--cutoff", str(CUTOFF))
    assert f"people\t{found['people']}\n" in plain.stdout


@pytest.mark.parametrize(
    ("cutoff", "sentence"),
    [
        ("2025-13-01", "日付ではありません"),
        (str(START + timedelta(days=390)), "まだ過ぎていません"),
        (str(START + timedelta(days=30)), "学ぶ材料がありません"),
        ("2020-01-01", "注文がありません"),
    ],
)
def test_a_day_that_cannot_be_measured_ends_with_a_sentence(
    n1: Command, tmp_path: Path, cutoff: str, sentence: str
) -> None:  # fmt: skip
    done = filled(n1, tmp_path)("purchases", "backtest", "--cutoff", cutoff, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_without_orders_there_is_nothing_to_measure(n1: Command) -> None:
    done = n1("purchases", "backtest", "--cutoff", "2025-01-01")
    assert done.returncode == 2
    assert "まだ注文がありません" in done.stderr
