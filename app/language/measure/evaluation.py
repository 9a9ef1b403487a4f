"""All figures of a tagger on labelled sentences, each with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from app.language.codebook import STAGES, Stage
from app.language.measure import calibration, lists, scores, spans
from app.language.measure.arrays import Sums
from app.language.measure.intervals import Figure, figure
from app.language.measure.labelled import Labelled, Labels


@dataclass(frozen=True)
class Proposed:
    """What a tagger gave one sentence, and its probability (0 to 1) of every stage, proposed or not."""

    labels: Labels
    chances: Mapping[Stage, float]


@dataclass(frozen=True)
class Evaluation:
    """Micro and macro F1 over (sentence, stage) pairs; the same off the question; each stage; details; evidence; ECE."""

    sentences: int
    groups: int
    micro: Figure
    macro: Figure
    off_question: Figure
    stages: Mapping[Stage, Figure]
    lists: Mapping[str, Figure]
    evidence: Figure
    ece: Figure


def evaluate(gold: Sequence[Labelled], found: Sequence[Proposed], cut: spans.Cut) -> Evaluation:
    """Return the figures; `cut` gives the words of a text as (start, end).

    `found` has one entry for each of `gold`, in the same order.
    """
    labels = [one.labels for one in found]
    counts = scores.tally(gold, labels)
    elsewhere = scores.tally(gold, labels, off_question=True)
    return Evaluation(
        sentences=len(gold),
        groups=len(counts),
        micro=figure(counts, scores.micro),
        macro=figure(counts, scores.macro),
        off_question=figure(elsewhere, scores.micro),
        stages={stage: figure(counts, partial(scores.of_stage, place)) for place, stage in enumerate(STAGES)},
        lists={name: figure(lists.counted(gold, labels, name), scores.f1) for name in lists.BELONGS},
        evidence=figure(spans.overlap(gold, labels, cut), spans.mean),
        ece=figure(_tops(gold, found), calibration.error),
    )


def _tops(gold: Sequence[Labelled], found: Sequence[Proposed]) -> Sums:
    tops = [max(STAGES, key=lambda stage: one.chances.get(stage, 0.0)) for one in found]
    return calibration.binned(
        [one.group for one in gold],
        [one.chances.get(top, 0.0) for one, top in zip(found, tops, strict=True)],
        [top in one.labels.stages for one, top in zip(gold, tops, strict=True)],
    )
