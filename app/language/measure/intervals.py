"""Bootstrap intervals: whole groups (interviews) are drawn again, since sentences of one talk are alike."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from app.language.measure.arrays import Sums

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAWS, SEED = 1000, 20261122
LOW, HIGH = 0.025, 0.975
AT_ONCE = 100
"""Draws that are reckoned together: of twenty thousand groups a thousand draws as floats are 160 MB."""


@dataclass(frozen=True)
class Figure:
    """One figure with its 95 % interval; None where it cannot be counted."""

    value: float | None
    low: float | None
    high: float | None


def figure(counts: Sums, score: Callable[[Sums], Sums]) -> Figure:
    """Return a score of the sums over groups; `counts` has one row per group, `score` takes sums of shape (…, row)."""
    import numpy as np

    if not len(counts):
        return Figure(None, None, None)
    value = float(score(counts.sum(axis=0)))
    if np.isnan(value):
        return Figure(None, None, None)
    parts = np.split(draws(len(counts)), DRAWS // AT_ONCE)
    again = np.concatenate([score(np.tensordot(part.astype(float), counts, axes=1)) for part in parts])
    low, high = np.nanquantile(again, [LOW, HIGH])
    return Figure(round(value, 4), round(float(low), 4), round(float(high), 4))


@lru_cache(maxsize=1)
def draws(groups: int) -> "NDArray[np.uint16]":
    """Return how often each group is drawn in each draw, shape (DRAWS, groups); the same for all figures of a file."""
    import numpy as np

    found = np.random.default_rng(SEED).multinomial(groups, np.full(groups, 1 / groups), size=DRAWS)
    return found.astype(np.uint16)
