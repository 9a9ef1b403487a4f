"""`n1 purchases backtest`: the measures of a past day as JSON, and why a day cannot be measured."""

import json
from datetime import date, timedelta

import pytest

from app.core.settings import Settings
from tests.purchases.build import Shop, row, text_of
from tests.purchases.returning import shops
from tests.support.commands import Command, command_line
from tests.support.homes import Homes

START = date(2024, 1, 1)
CUTOFF = START + timedelta(days=310)


@pytest.fixture
def n1(settings: Settings):
    with command_line(settings.home, locale="ja") as run:
        yield run


@pytest.fixture
def filled(settings: Settings, homes: Homes, n1: Command) -> Command:
    homes.fill(settings, fill)
    return n1


def fill(shop: Shop) -> None:
    made = shops.made(9, customers=3000).orders
    made.append((0, 400, 1.0))
    rows = [
        row(order=f"o{n}", customer=f"c{who}", day=str(START + timedelta(days=day)), price=round(amount))
        for n, (who, day, amount) in enumerate(made)
    ]
    shop.take(text_of(*rows))


def test_a_past_day_is_measured(filled: Command) -> None:
    done = filled("purchases", "backtest", "--cutoff", str(CUTOFF), "--horizon", "90", "--json")
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
    plain = filled("purchases", "backtest", "--cutoff", str(CUTOFF))
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
def test_a_day_that_cannot_be_measured_ends_with_a_sentence(filled: Command, cutoff: str, sentence: str) -> None:
    done = filled("purchases", "backtest", "--cutoff", cutoff, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_without_orders_there_is_nothing_to_measure(n1: Command) -> None:
    done = n1("purchases", "backtest", "--cutoff", "2025-01-01")
    assert done.returncode == 2
    assert "まだ注文がありません" in done.stderr
