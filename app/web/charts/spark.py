"""The small line of orders on a candidate card: dots on a rail, dotted to the as-of date."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.web.charts.marks import TRIAL, Dot, Marks, Scale, largest_amount, radius_for, usual_gap

WIDTH = 350
HEIGHT = 28
MIDDLE = 14
LEFT = 8.0
RIGHT = 340.0


@dataclass(frozen=True, slots=True)
class Spark:
    """Geometry of a card's order line in a box of 350 × 28; every path is empty when it has nothing to draw.

    `crowded`: dots stand so close that they are drawn without their white edge.
    """

    width: int
    height: int
    y: int
    axis: str
    rail: str
    rail_off: str
    cross: str
    dots: tuple[Dot, ...]
    crowded: bool
    orders: int
    cancelled: bool


@dataclass(frozen=True, slots=True)
class SharedScale:
    """What cards shown together have in common, so that their lines can be compared."""

    window_days: int
    largest: Decimal


def shared_scale(people: Iterable[Marks]) -> SharedScale:
    """Return the longest time to the as-of date and the largest amount among people."""
    window, largest = 1, Decimal(0)
    for marks in people:
        window = max(window, marks.as_of_day)
        largest = max(largest, largest_amount(marks))
    return SharedScale(window_days=window, largest=largest)


def spark(marks: Marks, *, window_days: int | None = None, largest: Decimal | None = None) -> Spark:
    """Return the order line of one person.

    Give `window_days` (the longest time from first order to as-of among the cards shown together) and
    `largest` (the biggest amount among them) so that cards can be compared; without them each card has its own scale.
    """
    window = max(window_days or 0, marks.as_of_day, 1)
    scale = Scale(first_day=marks.as_of_day - window, last_day=marks.as_of_day, left=LEFT, right=RIGHT)
    gap = usual_gap(marks, scale)
    crowd = 1.0 if gap is None else min(1.0, max(gap / 9, 0.3))
    radius = radius_for(largest or largest_amount(marks), widest=6.5 * crowd, smallest=3.0 * crowd)
    dots = tuple(
        Dot(cx=scale.x(mark.day), r=radius.of(mark.amount), hollow=mark.kind == TRIAL, number=mark.number)
        for mark in marks.orders
    )
    cancelled = marks.cancelled_day
    return Spark(
        width=WIDTH,
        height=HEIGHT,
        y=MIDDLE,
        axis=f"M{RIGHT + 4:g} 5v18",
        rail=_rail(dots, scale, cancelled),
        rail_off=f"M{dots[-1].cx} {MIDDLE}H{RIGHT:g}" if dots and cancelled is None else "",
        cross=_cross(scale.x(cancelled), dots) if dots and cancelled is not None else "",
        dots=dots,
        crowded=crowd < 0.75,
        orders=len(dots),
        cancelled=cancelled is not None,
    )


def _rail(dots: tuple[Dot, ...], scale: Scale, cancelled: int | None) -> str:
    if not dots:
        return ""
    end = max(dots[-1].cx, scale.x(cancelled)) if cancelled is not None else dots[-1].cx
    return f"M{dots[0].cx} {MIDDLE}H{end}"


def _cross(x: float, dots: tuple[Dot, ...]) -> str:
    """A cross right of the last dot, never under it and never outside the box."""
    x = min(max(x, dots[-1].cx + dots[-1].r + 7), WIDTH - 8)
    return f"M{x - 5:.1f} {MIDDLE - 5}l10 10m0 -10l-10 10"
