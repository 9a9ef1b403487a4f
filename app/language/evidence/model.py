"""The weights of the evidence model, and the chances of spans they give."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from app.core.weights import read_arrays, write_arrays
from app.language.codebook import STAGES
from app.language.evidence.features import Array, Keys, Places, Words, hashed, key, read
from app.language.evidence.relevance import BITS as STAGE_BITS
from app.language.evidence.relevance import relevance, relevance_keys, run_places
from app.language.evidence.spans import LENGTHS

BITS: Final = 16
SHAPES: Final = {"stages": (1 << STAGE_BITS, len(STAGES)), "words": (1 << BITS, 3), "lengths": (LENGTHS,)}
_OWN: Final = np.array([key(f"of {stage}") for stage in STAGES], np.uint64) << np.uint64(17)
_OTHER: Final = np.array([key(f"beside {stage}") for stage in STAGES], np.uint64) << np.uint64(17)
_ANY_OTHER: Final = np.uint64(key("beside any")) << np.uint64(17)


@dataclass(frozen=True)
class EvidenceModel:
    """Tables of weights.

    `stages` (2 ** relevance.BITS, stages): how much a run of words speaks for each stage; `words` (2 ** BITS, 3): for a
    word as the first, as the last, and inside; `lengths` (spans.LENGTHS,): for each length of a span.
    """

    stages: Array
    words: Array
    lengths: Array

    def save(self, path: Path) -> None:
        """Write the weights in half precision."""
        write_arrays(path, {name: getattr(self, name) for name in SHAPES}, half=SHAPES)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the weights.

        Raises:
            UnusableWeights: there is no such file, or it does not hold them.
        """
        return cls(**read_arrays(path, SHAPES))

    def speaking(self, words: Words, stages: Sequence[int]) -> list[Array]:
        """Return for each stage what speaks for every word as the first, the last, and inside: shape (words, 3)."""
        relevant = relevance(self.stages, run_places(words))
        return [self.words[places].sum(axis=0) for places in span_places(words, stages, relevant)]


def span_places(words: Words, stages: Sequence[int], relevant: Array) -> list[Places]:
    """Return for each stage of a sentence the places of its features, shape (features, words)."""
    found = read(words)
    shared = hashed(np.vstack([found.plain, found.by_stage]), BITS)
    return [
        np.vstack([shared, hashed(_of_stage(found.by_stage, words, stage, stages, relevant), BITS)]) for stage in stages
    ]


def _of_stage(by_stage: Keys, words: Words, stage: int, stages: Sequence[int], relevant: Array) -> Keys:
    others = [other for other in stages if other != stage]
    parts = [by_stage + _OWN[stage], relevance_keys(stage, others, relevant, words.piece)]
    parts += [by_stage + _OTHER[other] for other in others]
    if others:
        parts.append(by_stage + _ANY_OTHER)
    return np.vstack(parts)
