"""P(return): the regression against plain Python, what stands in for it, and what must not change it."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.purchases.returning import logistic
from app.purchases.returning.past_shares import cells
from app.purchases.returning.scores import Method, Reason, Scores, score
from app.purchases.returning.state import Orders, orders, state
from tests.purchases.returning import oracle, shops

CUTOFF, DAYS = 310, 90
SEEDS = st.integers(0, 10_000)


def taken(rows: list[oracle.Order]) -> Orders:
    return orders([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])


def scored(rows: list[oracle.Order]) -> Scores:
    return score(taken(rows), CUTOFF, DAYS)


def test_the_regression_is_that_of_plain_python() -> None:
    rows = shops.made(1, customers=500).orders
    found = scored(rows)
    assert (found.method, found.reason) == (Method.LOGISTIC, None)
    days = [one.cutoff for one in found.training]
    assert days == [220, 130]
    expected = oracle.logistic_scores(rows, CUTOFF, DAYS, days)
    assert found.state.customer.tolist() == sorted(expected)
    np.testing.assert_allclose(found.probability, [expected[c] for c in sorted(expected)], rtol=1e-6)


def test_training_windows_are_over_at_the_cutoff() -> None:
    found = scored(shops.made(1).orders)
    assert found.training
    assert all(one.cutoff + DAYS <= CUTOFF for one in found.training)
    again = oracle.returners(shops.made(1).orders, found.training[0].cutoff, DAYS)
    then = oracle.states(shops.made(1).orders, found.training[0].cutoff)
    assert (found.training[0].people, found.training[0].came_back) == (len(then), len(again & set(then)))


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, other=SEEDS)
def test_nothing_after_the_cutoff_changes_a_score(seed: int, other: int) -> None:
    rows = shops.made(seed).orders
    dice = random.Random(other)
    past = [row for row in rows if row[1] <= CUTOFF]
    changed = [(dice.randrange(1000), dice.randint(CUTOFF + 1, 500), dice.uniform(-9, 1e9)) for _ in range(300)]
    one, two, three = scored(rows), scored(past), scored(past + changed)
    np.testing.assert_array_equal(one.probability, two.probability)
    np.testing.assert_array_equal(one.probability, three.probability)
    assert one.training == two.training == three.training


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, size=st.integers(1, 900), times=st.sampled_from([1e-3, 0.37, 150.0]), data=st.data())
def test_probabilities_are_probabilities_and_money_has_no_unit(
    seed: int, size: int, times: float, data: st.DataObject
) -> None:
    rows = shops.made(seed, customers=size).orders
    found = scored(rows)
    if found.method is Method.NONE:
        assert np.isnan(found.probability).all()
        return
    assert ((found.probability >= 0) & (found.probability <= 1)).all()
    mixed = random.Random(data.draw(SEEDS)).sample(rows, len(rows))
    np.testing.assert_array_equal(scored(mixed).probability, found.probability)
    dear = scored([(customer, day, amount * times) for customer, day, amount in rows])
    np.testing.assert_allclose(dear.probability, found.probability, rtol=1e-9)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_the_longer_a_one_time_buyer_is_away_the_less_is_expected(seed: int) -> None:
    rows = [(customer, day, 1000.0) for customer, day, _ in shops.made(seed, customers=1500).orders]
    found = scored(rows)
    assert found.method is Method.LOGISTIC
    once = (found.state.x == 0) & (found.state.n == 1)
    by_recency = np.argsort(found.state.recency[once])
    assert (np.diff(found.probability[once][by_recency]) <= 1e-12).all()


@pytest.mark.parametrize(
    ("customers", "cutoff", "method", "reason"),
    [
        (4000, 310, Method.LOGISTIC, None),
        (4000, 181, Method.LOGISTIC, None),
        (4000, 180, Method.PAST_SHARES, Reason.HISTORY_TOO_SHORT),
        (800, 90, Method.NONE, Reason.HISTORY_TOO_SHORT),
        (100, 310, Method.PAST_SHARES, Reason.FEW_RETURNERS),
        (800, 0, Method.NONE, Reason.NO_ORDERS),
    ],
)
def test_what_stands_in_says_so(customers: int, cutoff: int, method: Method, reason: Reason | None) -> None:
    known = taken([*shops.made(3, customers=customers).orders, (5000, 1, 10.0)])
    found = score(known, cutoff, DAYS)
    assert (found.method, found.reason) == (method, reason)
    assert len(found.probability) == len(found.state)
    assert (found.past is None) == (method is Method.NONE)


def test_a_shop_where_all_come_back_has_nobody_to_learn_staying_away_from() -> None:
    rows = [(customer, day, 10.0) for customer in range(400) for day in range(1, 400, 30)]
    found = scored(rows)
    assert (found.method, found.reason) == (Method.PAST_SHARES, Reason.FEW_STAYED_AWAY)
    assert found.probability.min() == 1.0


def test_the_table_holds_the_shares_of_people_counted_by_hand() -> None:
    rows = shops.made(4, customers=150).orders
    found = scored(rows)
    assert found.method is Method.PAST_SHARES
    assert found.past is not None
    people: dict[tuple[str, str], list[bool]] = {}
    for day in (one.cutoff for one in found.training):
        again = oracle.returners(rows, day, DAYS)
        for customer, one in oracle.states(rows, day).items():
            elapsed = next((str(edge) for edge in (30, 60, 90, 120) if one["recency"] <= edge), "over")
            count = "4+" if one["n"] > 3 else str(int(one["n"]))
            people.setdefault((count, elapsed), []).append(customer in again)
    cell = cells(found.state)
    whole = [value for values in people.values() for value in values]
    mean = sum(whole) / len(whole)
    for place in range(len(found.state)):
        alike = found.past.alike(int(cell[place]))
        mine = people.get((alike.count, alike.elapsed), [])
        assert (alike.people, alike.came_back) == (len(mine), sum(mine))
        assert found.probability[place] == pytest.approx((sum(mine) + 10 * mean) / (len(mine) + 10))


def test_a_feature_that_is_the_same_for_all_does_no_harm() -> None:
    then = state(taken([(customer, customer % 5, 10.0) for customer in range(100)]), 60)
    rows = logistic.features(then, 10.0)
    model = logistic.fit(rows, np.arange(100) % 5 < 2)
    assert model is not None
    assert np.isfinite(model.probability(rows)).all()


def test_outcomes_that_one_feature_tells_apart_still_settle() -> None:
    rows = np.column_stack([np.arange(100.0), np.zeros(100)])
    model = logistic.fit(rows, rows[:, 0] >= 50)
    assert model is not None
    assert (model.probability(rows) > 0.5).tolist() == (rows[:, 0] >= 50).tolist()
