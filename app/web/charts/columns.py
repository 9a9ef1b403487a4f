"""Columns side by side: people by week, amounts by order."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

FOOT, HEAD = 22.0, 18.0
WIDEST = 64.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `middle` is where its words stand, `number` its place from 1."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    number: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Geometry in a box of its own; the columns stand on `base_y`."""

    width: int
    height: int
    base_y: float
    columns: tuple[Column, ...]


def columns(values: Sequence[float | Decimal], *, width: int = 720, height: int = 180) -> Columns:
    """Return one column for each value, as high as its part of the largest; values below 0 have no height."""
    base = height - FOOT
    largest = max((float(value) for value in values), default=0.0) or 1.0
    room = width / max(len(values), 1)
    wide = min(room * 0.78, WIDEST)
    drawn = []
    for number, value in enumerate(values, start=1):
        tall = max(float(value), 0.0) / largest * (base - HEAD)
        middle = round(room * (number - 0.5), 1)
        drawn.append(
            Column(
                x=round(middle - wide / 2, 1),
                y=round(base - tall, 1),
                width=round(wide, 1),
                height=round(tall, 1),
                middle=middle,
                number=number,
            )
        )
    return Columns(width, height, base, tuple(drawn))
