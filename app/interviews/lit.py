"""Which orders a question or follow-up points at, so that they light up on the purchase timeline."""

from dataclasses import dataclass

from app.studies.schemas import PointsAt

BEFORE_FIRST = 0


@dataclass(frozen=True, slots=True)
class Lit:
    """Orders `first` to `last` are lit; order 0 is the time before the first one."""

    first: int
    last: int
    open_ended: bool = False

    def holds(self, number: int) -> bool:
        """Say whether the nth order is lit."""
        return max(self.first, 1) <= number <= self.last

    def holds_gap(self, after: int) -> bool:
        """Say whether the time between the nth order and the next one is lit."""
        return self.first <= after < self.last


def lit_orders(points_at: PointsAt, *, count: int, turn: int | None) -> Lit | None:
    """Return the orders that the guide's `points_at` means for a customer; None lights nothing.

    `count` is the customer's number of orders, `turn` the order k after which behaviour changed.
    """
    if count == 0 or not points_at:
        return None
    if points_at is PointsAt.BEFORE_FIRST:
        return Lit(BEFORE_FIRST, 1)
    if points_at is PointsAt.FIRST or count == 1:
        return Lit(1, 1)
    k = min(turn or 1, count - 1)
    places = {
        PointsAt.FIRST_TO_SECOND: Lit(1, 2),
        PointsAt.TURNING: Lit(k, k + 1),
        PointsAt.AFTER_TURNING: Lit(min(k + 2, count), count, open_ended=True),
        PointsAt.LATEST: Lit(count, count),
    }
    return places.get(points_at)
