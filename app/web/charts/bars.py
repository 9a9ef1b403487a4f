"""Bars: parts of a whole in one line, and the five steps of the come-back share."""

from dataclasses import dataclass
from decimal import Decimal

STEPS = (0.15, 0.30, 0.45, 0.65)


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar: where it starts, how wide it is, and its paint class."""

    x: float
    width: float
    paint: str


def stacked(parts: tuple[tuple[str, Decimal], ...], *, width: float = 1000, gap: float = 1.5) -> tuple[Segment, ...]:
    """Return segments of (paint class, size); a part above 0 is never thinner than 4 units. Sizes below 0 count as 0."""
    sizes = [(paint, float(max(size, Decimal(0)))) for paint, size in parts if size > 0]
    total = sum(size for _, size in sizes)
    if not total:
        return ()
    room = width - gap * (len(sizes) - 1)
    wide = [max(4.0, size / total * room) for _, size in sizes]
    shrink = (sum(wide) - room) / max(sum(item for item in wide if item > 4.0), 1.0)
    segments: list[Segment] = []
    x = 0.0
    for (paint, _), item in zip(sizes, wide, strict=True):
        drawn = item * (1 - shrink) if item > 4.0 else item
        segments.append(Segment(x=round(x, 1), width=round(drawn, 1), paint=paint))
        x += drawn + gap
    return tuple(segments)


def step(share: float | None) -> int:
    """Return 1 (low) to 5 (high) for a share between 0 and 1, 0 when it is not known."""
    if share is None:
        return 0
    return 1 + sum(share >= bound for bound in STEPS)
