"""Why somebody has the score they have, as numbers: own rhythm, days since, and how people like them did."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from app.purchases.returning.past_shares import Alike, cells
from app.purchases.returning.scores import Method, Scores
from app.purchases.returning.state import day_of


@dataclass(frozen=True)
class Explanation:
    """What can be said of one customer: "4 orders, the last 132 days ago, usually 34 days apart; of 310 alike 29 % came back".

    `usual_days` are the mean days between purchase days, None where there was one; `times_usual` is `days_since` by it.
    `probability` is of another order within `within_days`. `alike` are the people with as many orders and as long
    without one on the days of `alike_on`: counted, not modelled.
    """

    orders: int
    purchase_days: int
    days_since: int
    usual_days: float | None
    times_usual: float | None
    within_days: int
    probability: float | None
    alike: Alike | None
    alike_on: tuple[date, ...]


def explain(scores: Scores, customer: int) -> Explanation | None:
    """Return what is known of a customer, None of somebody without an order."""
    then = scores.state
    place = int(np.searchsorted(then.customer, customer))
    if place == len(then) or then.customer[place] != customer:
        return None
    usual = float(then.interval[place]) if then.x[place] else None
    since = int(then.recency[place])
    return Explanation(
        orders=int(then.n[place]),
        purchase_days=int(then.x[place]) + 1,
        days_since=since,
        usual_days=usual,
        times_usual=since / usual if usual else None,
        within_days=scores.days,
        probability=None if scores.method is Method.NONE else float(scores.probability[place]),
        alike=scores.past.alike(int(cells(then)[place])) if scores.past else None,
        alike_on=tuple(day_of(one.cutoff) for one in scores.training),
    )
