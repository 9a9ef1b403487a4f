"""How well scores told who came back: measured on a day of the past whose horizon is over."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np

from app.core.i18n import N_
from app.purchases.returning.scores import Method, Reason, Scores, score
from app.purchases.returning.state import Bools, Floats, Orders, came_back, day_number, day_of

EDGES = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
ENDS = 50


@dataclass(frozen=True)
class Band:
    """Customers with a probability of at least `low` and below `high` (the last band holds 1 too); None of nobody."""

    low: float
    high: float
    n: int
    predicted: float | None
    actual: float | None


@dataclass(frozen=True)
class Backtest:
    """Scores of one day against what happened. A measure that the customers are too few or too alike for is None.

    `auc_all`: chance that of two customers the one who came back has the higher score; `auc_repeat`: the same among those
    with two purchase days or more. `p50`: of the 50 of those with the lowest scores, the share who did not come back;
    `ret50`: of the 50 customers with the highest ones, the share who did. `trained_on`: the days that were learned from.
    """

    cutoff: date
    days: int
    people: int
    repeat_people: int
    came_back: int
    method: Method
    reason: Reason | None
    auc_all: float | None
    auc_repeat: float | None
    p50: float | None
    ret50: float | None
    bands: tuple[Band, ...]
    trained_on: tuple[date, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return what the command line prints as JSON."""
        names = ("people", "repeat_people", "came_back", "auc_all", "auc_repeat", "p50", "ret50")
        return {
            "cutoff": self.cutoff.isoformat(),
            "horizon": self.days,
            "method": self.method.value,
            "reason": self.reason and self.reason.value,
            "trained_on": [day.isoformat() for day in self.trained_on],
            **{name: getattr(self, name) for name in names},
            "bands": [
                {"from": one.low, "to": one.high, "n": one.n, "predicted": one.predicted, "actual": one.actual}
                for one in self.bands
            ],
        }


class Obstacle(StrEnum):
    """Why a day cannot be measured."""

    NO_ORDERS = "no_orders"
    WINDOW_NOT_OVER = "window_not_over"
    HISTORY_TOO_SHORT = "history_too_short"


OBSTACLE_TEXTS = {
    Obstacle.NO_ORDERS: N_("No order of a known customer lies on or before {cutoff}."),
    Obstacle.WINDOW_NOT_OVER: N_(
        "The {days} days after {cutoff} are not over: the newest order is of {newest}. Choose an earlier day."
    ),
    Obstacle.HISTORY_TOO_SHORT: N_(
        "There are no {days} days of orders before {cutoff}, so there is nothing to learn from. Choose a later day."
    ),
}


@dataclass(frozen=True)
class NotMeasured:
    """A day that cannot be measured; `orders_until` is the day of the newest order, None where there is none."""

    cutoff: date
    days: int
    obstacle: Obstacle
    orders_until: date | None


def backtest(known: Orders, cutoff: date, days: int) -> Backtest | NotMeasured:
    """Score customers on a day from what was known then, and measure it on the `days` days after."""
    day = day_number(cutoff)
    newest = int(known.day.max()) if len(known.day) else None
    scores = score(known, day, days)
    return measured(scores, came_back(known, scores.state, days), newest)


def measured(scores: Scores, returned: Bools, newest: int | None) -> Backtest | NotMeasured:
    """Measure scores against who came back; `newest` is the day of the newest order that is known today."""
    cutoff, days = day_of(scores.state.cutoff), scores.days
    obstacle = _obstacle(scores, newest)
    if obstacle:
        return NotMeasured(cutoff, days, obstacle, None if newest is None else day_of(newest))
    chance = scores.probability
    repeat = scores.state.x > 0
    return Backtest(
        cutoff=cutoff,
        days=days,
        people=len(scores.state),
        repeat_people=int(repeat.sum()),
        came_back=int(returned.sum()),
        method=scores.method,
        reason=scores.reason,
        auc_all=auc(chance, returned),
        auc_repeat=auc(chance[repeat], returned[repeat]),
        p50=share_of_lowest(chance[repeat], ~returned[repeat]),
        ret50=share_of_lowest(-chance, returned),
        bands=bands(chance, returned),
        trained_on=tuple(day_of(one.cutoff) for one in scores.training),
    )


def _obstacle(scores: Scores, newest: int | None) -> Obstacle | None:
    if newest is None or not len(scores.state):
        return Obstacle.NO_ORDERS
    if newest < scores.state.cutoff + scores.days:
        return Obstacle.WINDOW_NOT_OVER
    return Obstacle.HISTORY_TOO_SHORT if scores.method is Method.NONE else None


def auc(scores: Floats, positive: Bools) -> float | None:
    """Return the area under the ROC curve, ties counting half (Mann and Whitney 1947); None where all are of one kind."""
    ones = int(positive.sum())
    zeros = len(positive) - ones
    if not ones or not zeros:
        return None
    _, place, times = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(times) - (times - 1) / 2)[place]
    return float((rank[positive].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def share_of_lowest(scores: Floats, hit: Bools, size: int = ENDS) -> float | None:
    """Return the share of hits among the lowest scores; None where there are fewer than that.

    Of those whose score ties with the last one taken, each is taken in part: no sequence of customers matters.
    """
    if len(scores) < size:
        return None
    last = np.partition(scores, size - 1)[size - 1]
    below, level = scores < last, scores == last
    room = size - int(below.sum())
    return float((hit[below].sum() + room * hit[level].mean()) / size)


def bands(chance: Floats, returned: Bools) -> tuple[Band, ...]:
    """Return predicted and actual share by band of probability."""
    place = np.minimum(np.searchsorted(np.array(EDGES), chance, side="right") - 1, len(EDGES) - 2)
    found = []
    for number, (low, high) in enumerate(pairwise(EDGES)):
        here = place == number
        people = int(here.sum())
        predicted = float(chance[here].mean()) if people else None
        found.append(Band(low, high, people, predicted, float(returned[here].mean()) if people else None))
    return tuple(found)
