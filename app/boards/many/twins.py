"""Twins (明暗ペア): two people who started alike, one stayed and one left."""

from collections.abc import Mapping, Sequence

from app.boards.study_schemas import TwinLine, Twins
from app.purchases.classes import STOPPED


def pairs(lines: Mapping[int, TwinLine], twin_of: Sequence[tuple[int, int]]) -> tuple[Twins, ...]:
    """Return each pair once; `lines` by candidate row id, `twin_of` as (candidate, twin).

    Pairs in which nobody or everybody left are no twins.
    """
    found: dict[frozenset[int], Twins] = {}
    for one, other in twin_of:
        key = frozenset((one, other))
        if key in found or one not in lines or other not in lines:
            continue
        pair = twins(lines[one], lines[other])
        if pair is not None:
            found[key] = pair
    return tuple(found.values())


def twins(one: TwinLine, other: TwinLine) -> Twins | None:
    """Return the pair with the one who stayed first, None when they did not part."""
    gone = [line for line in (one, other) if line.customer_class in STOPPED]
    if len(gone) != 1 or not one.orders or not other.orders:
        return None
    left = gone[0]
    stayed = other if left is one else one
    return Twins(
        stayed=stayed,
        left=left,
        fork_after=len(left.orders),
        last_day=max(stayed.orders[-1].day, left.orders[-1].day),
    )
