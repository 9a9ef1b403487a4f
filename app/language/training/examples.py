"""Labelled sentences as training reads them."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.language.codebook import QUESTION_STAGE, STAGES
from app.language.lines import Line, read_lines
from app.language.measure.labelled import labels_of
from app.language.schemas import SentenceInput

MIXED = "enriched"
"""The style of authors who were asked to leave the question; see the corpus' datasheet."""
SPEAKS_ELSEWHERE, SAYS_NOTHING = 0.095, 0.055
"""How many of the sentences under a question, in real interviews, say something else than was asked, or nothing: 13 % of
them lacked what was asked in 36 real-style interviews; the rest is judgement."""
SAYS_BOTH = 0.5
"""How often, of 1, a sentence that says what was asked and more is expected in real interviews beside the mixed ones."""


@dataclass(frozen=True)
class Examples:
    """Sentences with their true stages (sentences, stages), authors, interviews, and how much each counts."""

    sentences: tuple[SentenceInput, ...]
    stages: NDArray[np.bool_]
    authors: tuple[str, ...]
    interviews: tuple[str, ...]
    counts: NDArray[np.float64]

    def some(self, kept: Sequence[int]) -> "Examples":
        """Return these of the sentences, by their places."""
        return Examples(
            sentences=tuple(self.sentences[place] for place in kept),
            stages=self.stages[kept],
            authors=tuple(self.authors[place] for place in kept),
            interviews=tuple(self.interviews[place] for place in kept),
            counts=self.counts[kept],
        )


def read_examples(sources: Sequence[Path]) -> Examples:
    """Return the sentences of labelled files.

    Raises:
        AppError: a file cannot be read, or holds a line that is no labelled sentence.
    """
    lines = [line for source in sources for line in read_lines(source)]
    stages = np.array([true_stages(line) for line in lines], bool).reshape(len(lines), len(STAGES))
    sentences = tuple(line.sentence for line in lines)
    mixed = np.array([line.given.get("style") == MIXED for line in lines], bool)
    return Examples(
        sentences=sentences,
        stages=stages,
        authors=tuple(str(line.given.get("author", line.number)) for line in lines),
        interviews=tuple(str(line.given.get("interview", line.number)) for line in lines),
        counts=counts_of(sentences, stages, mixed),
    )


def true_stages(line: Line) -> list[bool]:
    """Return for every stage whether a line carries it."""
    given = labels_of(line.given, line.number).stages
    return [stage in given for stage in STAGES]


def counts_of(
    sentences: Sequence[SentenceInput], stages: NDArray[np.bool_], mixed: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return how much each sentence counts, so that under every question the mixed ones count as real interviews do."""
    found = np.ones(len(sentences))
    questions = np.array([sentence.question for sentence in sentences], str)
    for question, stage in QUESTION_STAGE.items():
        here = mixed & (questions == question)
        asked = stages[:, STAGES.index(stage)]
        others = stages.sum(axis=1) - asked > 0
        found[here & asked & others] = SAYS_BOTH
        answered = found[here & asked].sum() / (1 - SPEAKS_ELSEWHERE - SAYS_NOTHING)
        for share, part in ((SPEAKS_ELSEWHERE, here & ~asked & others), (SAYS_NOTHING, here & ~asked & ~others)):
            found[part] = min(1.0, share * answered / max(part.sum(), 1))
    return found


def first_interviews(examples: Examples, size: int) -> Examples:
    """Return whole interviews, from all authors in an order that means nothing, until there are about so many sentences."""
    names = sorted(set(examples.interviews), key=lambda name: hashlib.sha256(name.encode()).digest())
    held = Counter(examples.interviews)
    kept: set[str] = set()
    for name in names:
        if sum(held[one] for one in kept) >= size:
            break
        kept.add(name)
    return examples.some([place for place, name in enumerate(examples.interviews) if name in kept])


def digest(sources: Sequence[Path]) -> NDArray[np.uint8]:
    """Return the SHA-256 of files one after the other, shape (32,)."""
    found = hashlib.sha256()
    for source in sources:
        found.update(source.read_bytes())
    return np.frombuffer(found.digest(), np.uint8)
