"""Between which two orders a customer changed: where the loyalty trigger is to be asked for."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

from app.purchases.schemas import Order
from app.purchases.timelines import order_kind

SHORTENED = 1.3


def gaps(orders: Sequence[Order]) -> list[int]:
    """Return the days between consecutive orders."""
    return [(after.ordered_on - before.ordered_on).days for before, after in pairwise(orders)]


def subscription_start(orders: Sequence[Order]) -> int | None:
    """Return the number of the first subscription order if something else came before it."""
    for before, order in pairwise(orders):
        if order_kind(order) == "subscription":
            return None if order_kind(before) == "subscription" else order.number
    return None


def turning_order(orders: Sequence[Order]) -> int | None:
    """Return k: the trigger lies between order k and k + 1; None with fewer than two orders.

    The move to a subscription; else where the gaps shortened most (at least 1.3 times);
    else the step from the first order to the second.
    """
    if len(orders) < 2:
        return None
    moved = subscription_start(orders)
    if moved is not None:
        return moved - 1
    days = gaps(orders)
    splits = [(_shortening(days, at), at) for at in range(1, len(days))]
    best = max(splits, key=lambda split: (split[0], -split[1]), default=(0.0, 0))
    return orders[best[1]].number if best[0] >= SHORTENED else orders[0].number


def _shortening(days: Sequence[int], at: int) -> float:
    """Return how many times shorter the mean gap is from `at` on."""
    return fmean(days[:at]) / max(fmean(days[at:]), 1.0)
