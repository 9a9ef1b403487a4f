"""What a backtest measures: against plain Python, with ties, bands, days that cannot be measured; the reference shops."""

import csv
import random
from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st

from app.core.settings import Settings
from app.purchases.returning.backtest import (
    Backtest,
    NotMeasured,
    Obstacle,
    auc,
    backtest,
    bands,
    share_of_lowest,
)
from app.purchases.returning.scores import Method
from app.purchases.returning.state import Orders, day_number, day_of, orders
from tests.purchases.build import reference
from tests.purchases.returning import oracle, shops

SCORED = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.2, 0.25, 0.5, 0.7, 1.0]), st.booleans()), min_size=1)
CUTOFF = day_of(310)


def taken(rows: list[oracle.Order]) -> Orders:
    return orders([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])


def arrays(rows: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([score for score, _ in rows]), np.array([hit for _, hit in rows])


@rules(deadline=None)
@given(rows=SCORED)
def test_auc_is_the_share_of_pairs_in_order(rows: list[tuple[float, bool]]) -> None:
    scores, hit = arrays(rows)
    if hit.all() or not hit.any():
        assert auc(scores, hit) is None
    else:
        assert auc(scores, hit) == pytest.approx(oracle.auc(scores.tolist(), hit.tolist()))


@rules(deadline=None)
@given(rows=SCORED.filter(lambda rows: len(rows) <= 9), size=st.integers(1, 5))
def test_ties_at_the_end_count_by_every_choice(rows: list[tuple[float, bool]], size: int) -> None:
    found = share_of_lowest(*arrays(rows), size)
    if len(rows) < size:
        assert found is None
        return
    worst = sorted(score for score, _ in rows)[:size]
    choices = [some for some in combinations(rows, size) if sorted(score for score, _ in some) == worst]
    assert found == pytest.approx(sum(hit for some in choices for _, hit in some) / len(choices) / size)


@rules(deadline=None)
@given(rows=SCORED)
def test_everybody_stands_in_one_band(rows: list[tuple[float, bool]]) -> None:
    scores, hit = arrays(rows)
    found = bands(scores, hit)
    assert [(one.low, one.high) for one in found] == [(0, 0.1), (0.1, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1)]
    for one in found:
        mine = [row for row in rows if one.low <= row[0] and (row[0] < one.high or one.high == 1)]
        assert one.n == len(mine)
        if mine:
            assert one.predicted == pytest.approx(sum(score for score, _ in mine) / len(mine))
            assert one.actual == pytest.approx(sum(was for _, was in mine) / len(mine))
        else:
            assert one.predicted is one.actual is None


@rules(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), other=st.integers(0, 10_000))
def test_what_comes_after_the_cutoff_is_measured_and_never_predicts(seed: int, other: int) -> None:
    rows = shops.made(seed).orders
    dice = random.Random(other)
    changed = [row for row in rows if row[1] <= 310]
    changed += [(dice.randrange(900), dice.randint(311, 410), dice.uniform(0, 1e6)) for _ in range(200)]
    changed.append((0, 410, 1.0))
    one, two = backtest(taken([*rows, (0, 410, 1.0)]), CUTOFF, 90), backtest(taken(changed), CUTOFF, 90)
    assert isinstance(one, Backtest)
    assert isinstance(two, Backtest)
    assert [(band.n, band.predicted) for band in one.bands] == [(band.n, band.predicted) for band in two.bands]
    for found, orders_then in ((one, [*rows, (0, 410, 1.0)]), (two, changed)):
        again = oracle.returners(orders_then, 310, 90) & set(oracle.states(rows, 310))
        assert found.came_back == len(again)


def test_a_day_is_measured_whole() -> None:
    rows = [*shops.made(9, customers=3000).orders, (0, 400, 1.0)]
    found = backtest(taken(rows), CUTOFF, 90)
    assert isinstance(found, Backtest)
    then = oracle.states(rows, 310)
    assert found.people == len(then) == sum(band.n for band in found.bands)
    assert found.repeat_people == sum(one["x"] > 0 for one in then.values())
    assert found.method is Method.LOGISTIC
    said = found.document()
    assert {"auc_all", "auc_repeat", "p50", "ret50"} <= set(said)
    assert said["bands"][0].keys() == {"from", "to", "n", "predicted", "actual"}
    assert (said["cutoff"], said["horizon"], said["method"]) == (CUTOFF.isoformat(), 90, "logistic")


@pytest.mark.parametrize(
    ("cutoff", "days", "obstacle"),
    [(390, 90, Obstacle.WINDOW_NOT_OVER), (0, 90, Obstacle.NO_ORDERS), (50, 90, Obstacle.HISTORY_TOO_SHORT)],
)
def test_days_that_cannot_be_measured_say_why(cutoff: int, days: int, obstacle: Obstacle) -> None:
    rows = [*shops.made(2).orders, (0, 400, 1.0)]
    found = backtest(taken(rows), day_of(cutoff), days)
    assert found == NotMeasured(day_of(cutoff), days, obstacle, day_of(400))


def test_a_shop_without_orders_is_not_measured() -> None:
    assert backtest(taken([]), CUTOFF, 90) == NotMeasured(CUTOFF, 90, Obstacle.NO_ORDERS, None)


def test_few_people_have_no_fifty() -> None:
    found = backtest(taken([*shops.made(2, customers=40).orders, (0, 400, 1.0)]), CUTOFF, 90)
    assert isinstance(found, Backtest)
    assert (found.method, found.p50, found.ret50) == (Method.PAST_SHARES, None, None)


def test_cdnow_reaches_its_reference_figures(settings: Settings) -> None:
    path = reference(settings, "cdnow", "cdnow_master.csv")
    if path is None:
        pytest.skip("N1_REFERENCE_DATA is not set: the full CDNOW file is not here")
    with path.open(encoding="ascii") as file:
        rows = [
            (int(row["id"]), day_number(date.fromisoformat(row["date"])), float(row["amt"]))
            for row in csv.DictReader(file)
        ]
    found = backtest(taken(rows), date(1997, 12, 31), 90)
    assert isinstance(found, Backtest)
    assert found.method is Method.LOGISTIC
    assert (found.people, found.came_back) == (23_570, 3817)
    measures = (found.auc_all, found.auc_repeat, found.p50, found.ret50)
    assert all((one or 0) >= least for one, least in zip(measures, (0.80, 0.74, 0.95, 0.94), strict=True)), measures
    for band in found.bands:
        assert band.predicted == pytest.approx(band.actual, abs=0.06)
