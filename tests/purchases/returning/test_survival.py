"""Subscription survival: the paper's two cohorts, the curve against its recursion, and subscribers who still run."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.purchases.returning import survival
from app.purchases.returning.survival import NoSurvival, SurvivalFit, fit, from_deliveries, from_survivors, observed
from tests.purchases.returning import oracle

HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)
REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)
POSITIVE = st.floats(0.05, 20)


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta", "likelihood", "twelfth"),
    [(HIGH_END, 0.668, 3.806, -1611.2, 0.378), (REGULAR, 0.704, 1.182, -1680.3, 0.170)],
)
def test_the_papers_cohorts(
    survivors: tuple[int, ...], alpha: float, beta: float, likelihood: float, twelfth: float
) -> None:
    found = fit(from_survivors(survivors))
    assert isinstance(found, SurvivalFit)
    assert (round(found.alpha, 3), round(found.beta, 3)) == (alpha, beta)
    assert round(found.log_likelihood, 1) == likelihood
    assert round(float(found.survival(12)), 3) == twelfth
    assert (found.subscribers, found.at_bound) == (1000, False)
    np.testing.assert_allclose(observed(from_survivors(survivors))[:-1], np.array(survivors[:-1]) / 1000)


@settings(deadline=None)
@given(alpha=POSITIVE, beta=POSITIVE)
def test_the_curve_is_that_of_the_recursion(alpha: float, beta: float) -> None:
    curve = SurvivalFit(alpha, beta, 0.0, 1, at_bound=False)
    left = oracle.shifted_beta_geometric(alpha, beta, 30)
    np.testing.assert_allclose(curve.survival(range(31)), left, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(curve.retention(range(1, 11)), [left[t] / left[t - 1] for t in range(1, 11)], rtol=1e-6)


def test_subscribers_seen_one_by_one_give_the_same_as_their_cohort() -> None:
    deliveries = [t for t in range(1, 8) for _ in range(HIGH_END[t - 1] - HIGH_END[t])] + [8] * 491
    ended = [True] * 509 + [False] * 491
    one, other = fit(from_deliveries(deliveries, ended)), fit(from_survivors(HIGH_END))
    assert isinstance(one, SurvivalFit)
    assert isinstance(other, SurvivalFit)
    assert (one.alpha, one.beta) == pytest.approx((other.alpha, other.beta), rel=1e-5)
    assert one.log_likelihood == pytest.approx(other.log_likelihood)


def test_who_still_runs_does_not_bend_the_curve() -> None:
    dice, alpha, beta = random.Random(7), 0.9, 3.0
    deliveries, ended = [], []
    for _ in range(20_000):
        leaves, seen, count = dice.betavariate(alpha, beta), dice.randint(1, 12), 1
        while count < seen and dice.random() >= leaves:
            count += 1
        deliveries.append(count)
        ended.append(count < seen)
    found = fit(from_deliveries(deliveries, ended))
    assert isinstance(found, SurvivalFit)
    assert (found.alpha, found.beta) == pytest.approx((alpha, beta), rel=0.1)
    truth = oracle.shifted_beta_geometric(alpha, beta, 12)
    np.testing.assert_allclose(found.survival(range(13)), truth, atol=0.01)
    measured = observed(from_deliveries(deliveries, ended))
    np.testing.assert_allclose(measured[:12], truth[:12], atol=0.03)


def test_shares_by_hand() -> None:
    # of four up for the first renewal one stopped; one has had one delivery and is not up yet; of three one stopped next
    seen = from_deliveries([1, 1, 2, 3, 4], [True, False, True, False, False])
    assert seen.ended.tolist() == [0, 1, 1, 0, 0]
    assert seen.running.tolist() == [1, 0, 1, 1, 0]
    np.testing.assert_allclose(observed(seen), [1, 3 / 4, 1 / 2, 1 / 2, 1 / 2])


@pytest.mark.parametrize(
    ("deliveries", "ended", "reason"),
    [
        ([], [], NoSurvival.NOBODY_STOPPED),
        ([1, 5, 9], [False] * 3, NoSurvival.NOBODY_STOPPED),
        ([1, 1, 1], [True, True, False], NoSurvival.NOBODY_RENEWED),
    ],
)
def test_without_renewals_or_stops_there_is_no_curve(
    deliveries: list[int], ended: list[bool], reason: NoSurvival
) -> None:
    assert fit(from_deliveries(deliveries, ended)) is reason


def test_subscribers_alike_give_their_common_chance() -> None:
    dice = random.Random(2)
    deliveries = [min(1 + next(n for n in range(1000) if dice.random() < 0.2), 30) for _ in range(5000)]
    found = fit(from_deliveries(deliveries, [count < 30 for count in deliveries]))
    assert isinstance(found, SurvivalFit)
    assert found.alpha / (found.alpha + found.beta) == pytest.approx(0.2, abs=0.01)


def test_a_subscription_without_a_delivery_is_refused() -> None:
    with pytest.raises(ValueError, match="one delivery"):
        survival.from_deliveries([0], [True])
