"""Who comes first inside a lane by the chance of ordering again. The lane is the class; the chance never decides it."""

from collections.abc import Callable, Mapping

from app.purchases.classes import CustomerClass
from app.purchases.returning.explanation import Explanation
from app.purchases.schemas import CustomerSummary

Rank = Callable[[CustomerSummary], float]
Key = tuple[str, str]
LOW, HIGH = 0.1, 0.35
REPEAT = 2


def level(summary: CustomerSummary) -> float:
    """Put nobody before anybody."""
    del summary
    return 0.0


def rank_of(lane: CustomerClass, known: Mapping[Key, Explanation]) -> Rank:
    """Return what people of a lane are ordered by, the least first; nobody before anybody where nothing is known.

    Loyal: the higher the chance, the earlier. Lapsed: first repeat buyers with a chance of 10 to 35 %. Churned: first
    those who cancelled, and repeat buyers with a chance below 10 %.
    """
    if not any(one.p_return is not None for one in known.values()):
        return level

    def rank(summary: CustomerSummary) -> float:
        one = known.get((summary.source, summary.customer_id))
        chance = one.p_return if one else None
        if lane is CustomerClass.LOYAL:
            return -round(chance or 0.0, 2)
        repeat = summary.orders >= REPEAT and chance is not None
        if lane is CustomerClass.LAPSED:
            return 0.0 if repeat and LOW <= (chance or 0.0) <= HIGH else 1.0
        cancelled = summary.stop_point is not None and summary.stop_point.ending == "cancelled"
        return 0.0 if cancelled or (repeat and (chance or 0.0) < LOW) else 1.0

    return rank
