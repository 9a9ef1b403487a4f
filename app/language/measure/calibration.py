"""Expected calibration error (Naeini et al. 2015; Guo et al. 2017) of the most likely stage, over 15 equal bins."""

from collections.abc import Sequence

from app.language.measure.arrays import Sums, places, ratio

BINS = 15


def binned(
    groups: Sequence[str], confidence: Sequence[float], right: Sequence[bool]
) -> Sums:  # fmt: skip
    """Return sums per group of shape (groups, bins, 3): sentences, their confidence (0 to 1), how many were right."""
    import numpy as np

    rows = places(groups)
    sums = np.zeros((len(rows), BINS, 3))
    for group, sure, good in zip(groups, confidence, right, strict=True):
        sums[rows[group], min(int(sure * BINS), BINS - 1)] += (1, sure, good)
    return sums


def error(sums: Sums) -> Sums:
    """Return Σ |right - confidence| / sentences over the bins, of sums of shape (…, bins, 3)."""
    import numpy as np

    apart = np.abs(sums[..., 2] - sums[..., 1]).sum(axis=-1)
    return ratio(apart, sums[..., 0].sum(axis=-1))
