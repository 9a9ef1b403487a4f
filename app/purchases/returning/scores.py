"""The probability that each customer orders again within H days, learned from the shop's own earlier days.

The model knows only windows that were over at the cut-off: a training day lies at least H days before it.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.core.i18n import N_
from app.purchases.returning import logistic
from app.purchases.returning.past_shares import PastShares, past_shares
from app.purchases.returning.state import Bools, Floats, Orders, State, came_back, state

TRAINING_DAYS = 3
ENOUGH_RETURNERS = 1000
"""Older training days are taken in only until so many came back: a shop changes, its newest past tells most."""
LEAST_RETURNERS = 200
LEAST_STAYED_AWAY = 60


class Method(StrEnum):
    """Where probabilities come from."""

    LOGISTIC = "logistic"
    PAST_SHARES = "past_shares"
    NONE = "none"


class Reason(StrEnum):
    """Why they do not come from the regression."""

    NO_ORDERS = "no_orders"
    HISTORY_TOO_SHORT = "history_too_short"
    FEW_RETURNERS = "few_returners"
    FEW_STAYED_AWAY = "few_stayed_away"
    NOT_SETTLED = "not_settled"


REASON_TEXTS = {
    Reason.NO_ORDERS: N_("There are no orders of known customers."),
    Reason.HISTORY_TOO_SHORT: N_("The orders do not reach back twice the period yet."),
    Reason.FEW_RETURNERS: N_("Fewer than 200 people came back in the past."),
    Reason.FEW_STAYED_AWAY: N_("Fewer than 60 people stayed away in the past."),
    Reason.NOT_SETTLED: N_("No regression settled on the past."),
}


@dataclass(frozen=True)
class TrainingDay:
    """A day that was learned from: customers known then, and how many of them came back within the horizon."""

    cutoff: int
    people: int
    came_back: int


@dataclass(frozen=True)
class Scores:
    """What is expected of each customer of `state` in the next `days` days.

    `probability` is not a number for everybody where `method` is NONE. `reason` says why the method is not the
    regression, and is None where it is.
    """

    state: State
    days: int
    probability: Floats
    method: Method
    reason: Reason | None
    training: tuple[TrainingDay, ...]
    past: PastShares | None


@dataclass(frozen=True)
class _Lesson:
    then: State
    returned: Bools


def score(known: Orders, cutoff: int, days: int) -> Scores:
    """Return what is expected of everybody who ordered up to the cut-off; nothing after it is looked at.

    The regression needs a history of twice the horizon, 200 people who came back in it and 60 who did not. Else the
    shop's own count × elapsed table stands in, and where the history does not hold one horizon there is no probability.
    """
    past = known.until(cutoff)
    now = state(past, cutoff)
    lessons, reason = _lessons(past, cutoff, days)
    shares = past_shares([one.then for one in lessons], [one.returned for one in lessons]) if lessons else None
    if shares is None:
        probability, method = np.full(len(now), np.nan), Method.NONE
    else:
        probability, method = shares.probability(now), Method.PAST_SHARES
        model = None if reason else _learned(past, lessons)
        if model:
            probability, method = model.probability(logistic.features(now, _mean_order(past))), Method.LOGISTIC
        elif reason is None:
            reason = Reason.NOT_SETTLED
    training = tuple(TrainingDay(one.then.cutoff, len(one.then), int(one.returned.sum())) for one in lessons)
    return Scores(now, days, probability, method, reason, training, shares)


def _lessons(past: Orders, cutoff: int, days: int) -> tuple[list[_Lesson], Reason | None]:
    """Return what can be learned from, the newest day first, and why it is too little where it is."""
    if not len(past.day):
        return [], Reason.NO_ORDERS
    begin = int(past.day.min())
    lessons: list[_Lesson] = []
    reason = None if cutoff - 2 * days >= begin else Reason.HISTORY_TOO_SHORT
    for step in range(1, TRAINING_DAYS + 1):
        day = cutoff - step * days
        if day < begin or (lessons and day - days < begin):
            break
        then = state(past, day)
        lessons.append(_Lesson(then, came_back(past, then, days)))
        if sum(one.returned.sum() for one in lessons) >= ENOUGH_RETURNERS:
            break
    return lessons, reason or _too_few(lessons)


def _too_few(lessons: list[_Lesson]) -> Reason | None:
    returned = sum(int(one.returned.sum()) for one in lessons)
    if returned < LEAST_RETURNERS:
        return Reason.FEW_RETURNERS
    if sum(len(one.then) for one in lessons) - returned < LEAST_STAYED_AWAY:
        return Reason.FEW_STAYED_AWAY
    return None


def _learned(past: Orders, lessons: list[_Lesson]) -> logistic.Logistic | None:
    unit = _mean_order(past)
    rows = np.vstack([logistic.features(one.then, unit) for one in lessons])
    return logistic.fit(rows, np.concatenate([one.returned for one in lessons]))


def _mean_order(past: Orders) -> float:
    return float(np.maximum(past.amount, 0).mean()) or 1.0
