"""The pyramid of customers: slices of equal height, the best on top. It shows the order of the layers, not their sizes."""

from collections.abc import Sequence
from dataclasses import dataclass

SLICE, GAP = 56.0, 3.0


@dataclass(frozen=True, slots=True)
class Slice:
    """One layer: its outline and the height of its text; `hatched` where purchase data cannot see it."""

    key: str
    path: str
    text_y: float
    hatched: bool
    shade: int


@dataclass(frozen=True, slots=True)
class Pyramid:
    """Geometry of all layers in a box of its own."""

    width: int
    height: int
    middle: float
    slices: tuple[Slice, ...]


def pyramid(keys: Sequence[str], seen: int, *, width: int = 420) -> Pyramid:
    """Return the slices of these layers, of which the first `seen` are in purchase data."""
    height = len(keys) * SLICE
    middle, top = width / 2, width * 0.3

    def edge(y: float) -> float:
        return (top + (width - top) * y / height) / 2

    slices = []
    for place, key in enumerate(keys):
        y, end = place * SLICE, (place + 1) * SLICE - GAP
        one, other = edge(y), edge(end)
        path = f"M{middle - one:.1f} {y:g}H{middle + one:.1f}L{middle + other:.1f} {end:g}H{middle - other:.1f}Z"
        slices.append(Slice(key, path, round(y + SLICE / 2, 1), place >= seen, max(seen - place, 0)))
    return Pyramid(width, int(height), middle, tuple(slices))
