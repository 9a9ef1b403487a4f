"""Bootstrap intervals: whole groups (interviews) are drawn again, since sentences of one talk are alike."""

from collections.abc import Callable
from dataclasses import dataclass

from app.language.measure.arrays import Sums

DRAWS, SEED = 1000, 20261122
LOW, HIGH = 0.025, 0.975


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
    drawn = np.random.default_rng(SEED).multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=DRAWS)
    value = float(score(counts.sum(axis=0)))
    again = score(np.tensordot(drawn.astype(float), counts, axes=1))
    if np.isnan(value):
        return Figure(None, None, None)
    low, high = np.nanquantile(again, [LOW, HIGH])
    return Figure(round(value, 4), round(float(low), 4), round(float(high), 4))
