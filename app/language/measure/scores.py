"""F1 over (sentence, stage) pairs, from counts of pairs that agree, are too many, or are missed.

Counts stand per group of sentences and stage, so that groups can be drawn again (bootstrap).
F1 = 2 right / (2 right + extra + missed). A stage that is neither given nor proposed has none and is left out of a mean.
"""

from collections.abc import Sequence

from app.language.codebook import STAGES, Stage
from app.language.measure.arrays import Sums, places, ratio
from app.language.measure.labelled import Labelled, Labels, asked

RIGHT, EXTRA, MISSED = range(3)
PLACE = {stage: place for place, stage in enumerate(STAGES)}


def tally(gold: Sequence[Labelled], found: Sequence[Labels], *, off_question: bool = False) -> Sums:
    """Return counts of shape (groups, stages, 3): right, extra, missed.

    `off_question` leaves out, on both sides, the stage that the question asks for.
    """
    import numpy as np

    groups = places(one.group for one in gold)
    counts = np.zeros((len(groups), len(STAGES), 3))
    for one, guess in zip(gold, found, strict=True):
        left_out = {asked(one.question)} if off_question else set()
        row = counts[groups[one.group]]
        for stage in (one.labels.stages | guess.stages) - left_out:
            row[PLACE[stage], _kind(stage, one.labels, guess)] += 1
    return counts


def _kind(stage: Stage, gold: Labels, found: Labels) -> int:
    if stage in gold.stages and stage in found.stages:
        return RIGHT
    return MISSED if stage in gold.stages else EXTRA


def f1(counts: Sums) -> Sums:
    """Return F1 of counts of shape (…, 3); NaN where nothing was given or proposed."""
    return ratio(2 * counts[..., RIGHT], 2 * counts[..., RIGHT] + counts[..., EXTRA] + counts[..., MISSED])


def micro(counts: Sums) -> Sums:
    """Return F1 over all stages together, of counts of shape (…, stages, 3)."""
    return f1(counts.sum(axis=-2))


def macro(counts: Sums) -> Sums:
    """Return the mean F1 of the stages, of counts of shape (…, stages, 3)."""
    import numpy as np

    found = f1(counts)
    known = ~np.isnan(found)
    return ratio(np.where(known, found, 0).sum(axis=-1), known.sum(axis=-1))


def of_stage(place: int, counts: Sums) -> Sums:
    """Return F1 of one stage, by its place in journey order, of counts of shape (…, stages, 3)."""
    return f1(counts[..., place, :])
