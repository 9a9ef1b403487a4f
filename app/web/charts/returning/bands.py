"""Expected beside real: for each band of chances a column as high as the share who came back, and a line at what was expected."""

from collections.abc import Sequence
from dataclasses import dataclass

LEFT, RIGHT, TOP, BOTTOM = 44.0, 8.0, 22.0, 44.0
WIDEST = 72.0
LEAST = 30
"""Fewer people than this are no share worth a full column."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One band as it is drawn: from–to in percent, its people, shares; None of nobody."""

    low: int
    high: int
    people: int
    expected: float | None
    real: float | None


@dataclass(frozen=True, slots=True)
class BandColumn:
    """A column from `y` to the base, the line of what was expected at `line`; `few`: hardly anybody stands there."""

    band: Measured
    x: float
    width: float
    middle: float
    y: float
    height: float
    line: float
    few: bool


@dataclass(frozen=True, slots=True)
class BandChart:
    """Geometry in a box of its own; `rows` are (height, percent) of the grid. Bands of nobody have no column."""

    width: int
    height: int
    base_y: float
    left: float
    right: float
    rows: tuple[tuple[float, int], ...]
    columns: tuple[BandColumn, ...]
    empty: tuple[tuple[float, Measured], ...]


def band_chart(bands: Sequence[Measured], *, width: int = 720, height: int = 280) -> BandChart:
    """Return the figure; shares go from 0 to 100 %."""
    right, base = width - RIGHT, height - BOTTOM
    room = (right - LEFT) / max(len(bands), 1)
    wide = min(room * 0.66, WIDEST)

    def y(share: float) -> float:
        return round(base - (base - TOP) * min(max(share, 0.0), 1.0), 1)

    columns, empty = [], []
    for place, band in enumerate(bands):
        middle = round(LEFT + room * (place + 0.5), 1)
        if band.expected is None or band.real is None:
            empty.append((middle, band))
            continue
        top = y(band.real)
        columns.append(
            BandColumn(
                band=band,
                x=round(middle - wide / 2, 1),
                width=round(wide, 1),
                middle=middle,
                y=top,
                height=round(base - top, 1),
                line=y(band.expected),
                few=band.people < LEAST,
            )
        )
    rows = tuple((y(percent / 100), percent) for percent in (25, 50, 75, 100))
    return BandChart(width, height, base, LEFT, right, rows, tuple(columns), tuple(empty))
