"""Deciles as a line: the share of sales that the best so many percent of the customers bring."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.purchases.scoring.schemas import DecileRow

LEFT, RIGHT, TOP, BOTTOM = 40.0, 14.0, 14.0, 28.0
QUARTERS = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Point:
    """One decile on the line: where it ends, its name, and its percents."""

    x: float
    y: float
    decile: int
    percent: float


@dataclass(frozen=True, slots=True)
class Lorenz:
    """Geometry of the line and of the straight one that equal customers would draw."""

    width: int
    height: int
    left: float
    right: float
    top: float
    base_y: float
    line: str
    area: str
    equal: str
    points: tuple[Point, ...]
    rows: tuple[tuple[float, int], ...]
    columns: tuple[tuple[float, int], ...]


def lorenz(rows: Sequence[DecileRow], *, width: int = 420, height: int = 300) -> Lorenz | None:
    """Return the line over the best customers first; None where returns outweigh sales, or nobody is there."""
    if not rows or any(not 0 <= row.cumulative <= 1.0001 for row in rows):
        return None
    right, base = width - RIGHT, height - BOTTOM

    def place(people: float, amount: float) -> tuple[float, float]:
        return round(LEFT + (right - LEFT) * people, 1), round(base - (base - TOP) * amount, 1)

    ends = [place(row.people_share, row.cumulative) for row in rows]
    line = f"M{LEFT:g} {base:g}" + "".join(f"L{x:g} {y:g}" for x, y in ends)
    return Lorenz(
        width=width,
        height=height,
        left=LEFT,
        right=right,
        top=TOP,
        base_y=base,
        line=line,
        area=f"{line}L{ends[-1][0]:g} {base:g}Z",
        equal=f"M{LEFT:g} {base:g}L{right:g} {TOP:g}",
        points=tuple(
            Point(x, y, row.decile, round(row.cumulative * 100, 1)) for (x, y), row in zip(ends, rows, strict=True)
        ),
        rows=tuple((place(0, percent / 100)[1], percent) for percent in QUARTERS),
        columns=tuple((place(percent / 100, 0)[0], percent) for percent in QUARTERS),
    )
