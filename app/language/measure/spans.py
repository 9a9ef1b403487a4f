"""Evidence: how well the proposed span of a stage covers the words that readers marked (token F1, as in SQuAD's F1).

A sentence counts once for each stage that both sides give it; words of all spans of the stage are taken together.
"""

import re
from collections.abc import Callable, Sequence

from app.language.codebook import Stage
from app.language.measure.arrays import Sums, places, ratio
from app.language.measure.labelled import Labelled, Labels, Span

Cut = Callable[[str], Sequence[tuple[int, int]]]
WORD = re.compile(r"\w")


def token_f1(text: str, gold: Sequence[Span], found: Sequence[Span], cut: Cut) -> float:
    """Return F1 of the words under two sets of spans; a word counts when a span holds any of it, marks never count."""
    words = [(start, end) for start, end in cut(text) if WORD.search(text, start, end)]
    right, guessed = (_under(words, spans) for spans in (gold, found))
    if not right and not guessed:
        return 1.0
    return 2 * len(right & guessed) / (len(right) + len(guessed))


def _under(words: Sequence[tuple[int, int]], spans: Sequence[Span]) -> set[int]:
    return {
        place
        for place, (start, end) in enumerate(words)
        if any(start < span.end and span.start < end for span in spans)
    }


def overlap(gold: Sequence[Labelled], found: Sequence[Labels], cut: Cut) -> Sums:
    """Return sums per group of shape (groups, 2): token F1 of the spans compared, and how many they are."""
    import numpy as np

    groups = places(one.group for one in gold)
    sums = np.zeros((len(groups), 2))
    for one, guess in zip(gold, found, strict=True):
        for stage in one.labels.stages & guess.stages:
            marked = _of(one.labels, stage)
            if marked:
                sums[groups[one.group]] += (token_f1(one.text, marked, _of(guess, stage), cut), 1)
    return sums


def _of(labels: Labels, stage: Stage) -> list[Span]:
    return [span for span in labels.evidence if span.stage is stage]


def mean(sums: Sums) -> Sums:
    """Return the mean of sums of shape (…, 2); NaN of none."""
    return ratio(sums[..., 0], sums[..., 1])
