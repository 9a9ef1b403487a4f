"""Micro-F1 of the details that belong to a stage: channels, cancel reasons, kinds of worry; and of facets."""

from collections.abc import Sequence

from app.language.codebook import Stage
from app.language.measure.arrays import Sums, places
from app.language.measure.labelled import Labelled, Labels

BELONGS: dict[str, Stage | None] = {
    "channel": Stage.AWARENESS,
    "cancel_reason": Stage.CHURN_REASON,
    "anxiety_kind": Stage.ANXIETY,
    "facets": None,
}
"""Each list and the stage whose sentences it is counted on, whatever was proposed there; facets on all with a stage.

By the codebook a sentence with one of these stages has at least one value (`not_stated` where nothing is named), so one
without any was not labelled for it and is left out; facets are left out where the file has none at all.
"""


def counted(gold: Sequence[Labelled], found: Sequence[Labels], name: str) -> Sums:
    """Return counts per group of shape (groups, 3): values right, too many, missed."""
    import numpy as np

    groups = places(one.group for one in gold)
    counts = np.zeros((len(groups), 3))
    stage = BELONGS[name]
    labelled = any(getattr(one.labels, name) for one in gold)
    for one, guess in zip(gold, found, strict=True):
        given, proposed = getattr(one.labels, name), getattr(guess, name)
        if (stage in one.labels.stages and given) if stage else (one.labels.stages and labelled):
            counts[groups[one.group]] += (len(given & proposed), len(proposed - given), len(given - proposed))
    return counts
