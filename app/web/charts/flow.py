"""People who flow from places on the left to places on the right: nodes and ribbons, heights by people."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.purchases.movement.schemas import Arrow

Tone = Literal["", "hi", "dn"]
HEIGHT, TOP, LEAST_GAP = 340.0, 34.0, 26.0
NODE = 7.0
THINNEST = 0.8


@dataclass(frozen=True, slots=True)
class Node:
    """A place on one side with its people; `middle` is where its words stand."""

    place: str
    people: int
    change: int
    y: float
    height: float
    middle: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """People who flow; `tone` is how it is read: up (hi), down (dn), or neither."""

    before: str
    after: str
    people: int
    path: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Flow:
    """Geometry of the figure; ribbons of a tone lie above the others."""

    width: float
    height: float
    left: float
    right: float
    nodes: tuple[Node, ...]
    ends: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]


def flow(
    arrows: Iterable[Arrow], before: Sequence[str], after: Sequence[str], tone: Callable[[str, str], Tone], *,
    width: float = 620, side: float = 190,
) -> Flow | None:  # fmt: skip
    """Return the figure of places in this order from top to bottom; None of nobody. `side` is the room for words."""
    listed = {(one.before, one.after): one.people for one in arrows if one.people}
    starts = {place: sum(n for (was, _), n in listed.items() if was == place) for place in before}
    ends = {place: sum(n for (_, now), n in listed.items() if now == place) for place in after}
    total = sum(listed.values())
    if not total:
        return None
    left, right = side, width - side
    scale = (HEIGHT - LEAST_GAP * (max(len(before), len(after)) - 1)) / total
    nodes, last = _nodes(starts, {}, scale), _nodes(ends, starts, scale)
    out, into = ({node.place: node.y for node in some} for some in (nodes, last))
    ribbons = []
    for was in before:
        for now in after:
            people = listed.get((was, now), 0)
            if people:
                high = people * scale
                path = _ribbon((left + NODE, out[was]), (right - NODE, into[now]), max(high, THINNEST))
                ribbons.append(Ribbon(was, now, people, path, tone(was, now)))
                out[was] += high
                into[now] += high
    ribbons.sort(key=lambda one: (bool(one.tone), -one.people))
    return Flow(width, HEIGHT + TOP + 10, left, right, nodes, last, tuple(ribbons))


def _nodes(people: dict[str, int], earlier: dict[str, int], scale: float) -> tuple[Node, ...]:
    """Return the places of one side, as far apart as the height allows."""
    used = sum(people.values()) * scale
    gap = (HEIGHT - used) / max(len(people) - 1, 1)
    found, y = [], TOP
    for place, n in people.items():
        high = n * scale
        found.append(
            Node(place, n, n - earlier.get(place, 0), round(y, 1), round(max(high, 1), 1), round(y + high / 2 + 5, 1))
        )
        y += high + gap
    return tuple(found)


def _ribbon(start: tuple[float, float], end: tuple[float, float], high: float) -> str:
    (x1, y1), (x2, y2) = start, end
    middle = (x1 + x2) / 2
    return (
        f"M{x1:g} {y1:.1f}C{middle:g} {y1:.1f} {middle:g} {y2:.1f} {x2:g} {y2:.1f}"
        f"V{y2 + high:.1f}C{middle:g} {y2 + high:.1f} {middle:g} {y1 + high:.1f} {x1:g} {y1 + high:.1f}Z"
    )
