"""A share that grows with the days: line, area, grid, and the marked days with their percent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.purchases.repeat.schemas import Within

LEAST = 30
"""Fewer people than this are no share worth a line."""
TOPS = (10, 20, 30, 40, 60, 80, 100)
LEFT, RIGHT, TOP, BOTTOM = 40.0, 16.0, 20.0, 30.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A line of the grid: where it is, and its number (percent or days)."""

    at: float
    number: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked day on the line with its percent."""

    x: float
    y: float
    days: int
    percent: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Geometry of the curve in a box of its own; `days` is how far it reaches."""

    width: int
    height: int
    left: float
    right: float
    base_y: float
    line: str
    area: str
    rows: tuple[Grid, ...]
    columns: tuple[Grid, ...]
    marks: tuple[Mark, ...]
    days: int


def curve(points: Iterable[Within], marked: Sequence[int], *, width: int = 720, height: int = 240) -> Curve | None:
    """Return the curve as far as at least `LEAST` people had the time; None where not even the first steps have them."""
    there = [(one.days, one.went_on.share or 0.0) for one in points if one.went_on.base >= LEAST]
    if len(there) < 2:
        return None
    longest = there[-1][0]
    top = next((percent for percent in TOPS if percent >= 100 * max(share for _, share in there)), 100)
    right, base = width - RIGHT, height - BOTTOM

    def place(days: int, share: float) -> tuple[float, float]:
        x = LEFT + (right - LEFT) * days / longest
        return round(x, 1), round(base - (base - TOP) * 100 * share / top, 1)

    drawn = [place(days, share) for days, share in there]
    line = "M" + "L".join(f"{x:g} {y:g}" for x, y in drawn)
    shares = dict(there)
    return Curve(
        width=width,
        height=height,
        left=LEFT,
        right=right,
        base_y=base,
        line=line,
        area=f"{line}V{base:g}H{drawn[0][0]:g}Z",
        rows=tuple(Grid(place(0, percent / 100)[1], percent) for percent in (top // 2, top)),
        columns=tuple(Grid(place(days, 0)[0], days) for days in marked if days <= longest),
        marks=tuple(
            Mark(*place(days, shares[days]), days, round(shares[days] * 100, 1)) for days in marked if days in shares
        ),
        days=longest,
    )
