"""The observed share, the fitted curve and what is said against trusting it."""

from datetime import date
from itertools import pairwise

import pytest

from app.purchases.stopping.schemas import Caution
from app.purchases.stopping.survival import Subscription, survival

REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)
HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)


def cohort(survivors: tuple[int, ...], *, month: int = 1) -> list[Subscription]:
    """Return subscriptions of which so many were left after 0, 1, 2 … renewals."""
    day = date(2025, month, 1)
    ended = [
        Subscription("S", nth, late=False, state="cancelled", first_on=day)
        for nth, (before, after) in enumerate(pairwise(survivors), 1)
        for _ in range(before - after)
    ]
    return ended + [Subscription("S", len(survivors), late=False, state="running", first_on=day)] * survivors[-1]


@pytest.mark.parametrize(("survivors", "alpha", "beta"), [(HIGH_END, 0.668, 3.806), (REGULAR, 0.704, 1.182)])
def test_the_published_cohorts_give_the_published_curves(
    survivors: tuple[int, ...], alpha: float, beta: float
) -> None:  # fmt: skip
    found = survival("S", cohort(survivors))
    assert found.curve is not None
    assert (found.curve.alpha, found.curve.beta) == (pytest.approx(alpha, abs=5e-4), pytest.approx(beta, abs=5e-4))
    assert [step.still for step in found.steps] == [pytest.approx(left / 1000) for left in survivors[1:]]
    assert [step.had for step in found.steps] == list(survivors[:-1])
    assert found.cautions == (Caution.ONE_COHORT, Caution.FAR)


def test_a_wave_at_one_delivery_is_said_to_be_beyond_the_curve() -> None:
    stops = (1000, 980, 960, 940, 500, 490, 480, 470)
    found = survival("S", cohort(stops) + cohort(stops, month=2))
    assert Caution.POOR_FIT in found.cautions
    assert Caution.ONE_COHORT not in found.cautions


def test_few_people_and_no_ending_are_said() -> None:
    running = [Subscription("S", 3, late=False, state="running", first_on=date(2025, 1, 1))] * 4
    late = Subscription("S", 9, late=True, state="cancelled", first_on=date(2025, 1, 1))
    found = survival("S", [*running, late])
    assert (found.subscriptions, found.ended, found.late, found.curve) == (4, 0, 1, None)
    assert [(step.nth, step.had, step.still) for step in found.steps] == [(1, 4, 1.0), (2, 4, 1.0)]
    assert Caution.FEW in found.cautions
    assert survival("S", [late]).steps == ()
