"""Survival drawn: the observed share as steps down, the fitted curve as a line, dashed where it is a forecast."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.purchases.stopping.schemas import Survival

LEFT, RIGHT, TOP, BOTTOM = 44.0, 14.0, 18.0, 34.0
KNOWN = 30
"""Fewer subscriptions than this behind a step are no share to read a curve against."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis with its number."""

    at: float
    number: int


@dataclass(frozen=True, slots=True)
class SurvivalShape:
    """Geometry in a box of its own: shares upwards, deliveries to the right; paths are empty where nothing is known.

    `faint` are the steps behind which few subscriptions stand, `ahead` the part of the curve beyond the known steps.
    """

    width: int
    height: int
    left: float
    right: float
    base_y: float
    steps: str
    faint: str
    line: str
    ahead: str
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]


def survival_shape(found: Survival, *, width: int = 720, height: int = 280) -> SurvivalShape:
    """Return the figure of one product."""
    curve = found.curve.ahead if found.curve else ()
    longest = max(len(curve), found.steps[-1].nth if found.steps else 1)
    right, base = width - RIGHT, height - BOTTOM

    def x(nth: float) -> float:
        return round(LEFT + (right - LEFT) * nth / longest, 1)

    def y(share: float) -> float:
        return round(base - (base - TOP) * share, 1)

    known = max((step.nth for step in found.steps if step.had >= KNOWN), default=0)
    stairs = [(0, 1.0), *((step.nth, step.still) for step in found.steps)]
    points = [(0, 1.0), *((place, share) for place, share in enumerate(curve, 1))] if curve else []
    every = max(1, -(-longest // (12 if width > 500 else 6)))
    return SurvivalShape(
        width=width,
        height=height,
        left=LEFT,
        right=right,
        base_y=base,
        steps=_stairs([(x(n), y(share)) for n, share in stairs if n <= known]),
        faint=_stairs([(x(n), y(share)) for n, share in stairs if n >= known]),
        line=_line([(x(n), y(share)) for n, share in points if n <= known]),
        ahead=_line([(x(n), y(share)) for n, share in points if n >= known]),
        rows=tuple(Tick(y(percent / 100), percent) for percent in (25, 50, 75, 100)),
        columns=tuple(Tick(x(n), n) for n in range(every, longest + 1, every)),
    )


def _stairs(points: Sequence[tuple[float, float]]) -> str:
    if len(points) < 2:
        return ""
    return f"M{points[0][0]:g} {points[0][1]:g}" + "".join(f"H{x:g}V{y:g}" for x, y in points[1:])


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) if len(points) > 1 else ""
