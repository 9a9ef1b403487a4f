"""Facets and details by a linear model of words, letters, meanings and cues: what cue lists alone miss is paraphrase."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from app.core.weights import read_arrays, write_arrays
from app.language.codebook import DETAIL_LABELS, AnxietyKind, CancelReason, Channel, Facet, Stage
from app.language.details import matching, settled_channels, settled_reasons
from app.language.light.features import Array, Places, Reading
from app.language.light.model import DIMENSIONS, Vector, mean_vector
from app.language.schemas import SentenceInput, SentenceTags, StageTag
from app.language.script import fold

FILE = Path(__file__).resolve().parents[3] / "seed_data" / "tagger" / "details.npz"
BUCKETS: Final = 1 << 12
"""Places of words, and again of runs of letters: few, as few sentences teach a detail."""
VALUES: Final = tuple((detail, value) for detail, labels in DETAIL_LABELS.items() for value in labels)
"""All facets and details, in the order of the tables' columns."""
COLUMN: Final = {name: column for column, name in enumerate(VALUES)}
COLUMNS: Final = {detail: [COLUMN[detail, value] for value in labels] for detail, labels in DETAIL_LABELS.items()}
ROWS: Final = 2 * BUCKETS + DIMENSIONS + len(VALUES)
SHAPES: Final = {"read": (ROWS, len(VALUES)), "bias": (len(VALUES),)}
STAGE_OF: Final = {"channel": Stage.AWARENESS, "cancel_reason": Stage.CHURN_REASON, "anxiety_kind": Stage.ANXIETY}
LIKELY: Final = -1.0
"""Log-odds from which a value is given; where none reaches it, the likeliest is."""


@dataclass(frozen=True)
class DetailsModel:
    """Weights: `read` (ROWS, values) of what `inputs` gives, and `bias` (values,)."""

    read: Array
    bias: Array

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

    def logits(self, inputs: Places) -> Array:
        """Return the log-odds of every value, shape (values,)."""
        found: Array = inputs.weights @ self.read[inputs.at] + self.bias
        return found


def inputs(
    sentence: SentenceInput, reading: Reading, vector: Vector, details: Iterable[str] = tuple(DETAIL_LABELS)
) -> Places:
    """Return the rows of the table that a sentence asks for, and how much each counts.

    The cues of a detail speak for its own values alone, so those of details nobody wants need not be looked for.
    """
    meaning = mean_vector(reading.meant, vector)
    cues = [COLUMN[detail, value] for detail, value in cued(sentence, details)]
    parts = [
        (reading.words.at % BUCKETS, level(reading.words)),
        (reading.letters.at % BUCKETS + BUCKETS, level(reading.letters)),
        (np.arange(DIMENSIONS) + 2 * BUCKETS, np.zeros(DIMENSIONS, np.float32) if meaning is None else meaning),
        (np.array(cues, np.intp) + 2 * BUCKETS + DIMENSIONS, np.ones(len(cues), np.float32)),
    ]
    return Places(
        at=np.concatenate([at for at, _ in parts]).astype(np.int32),
        weights=np.concatenate([weights for _, weights in parts]),
    )


def level(places: Places) -> Array:
    """Return the weights brought to length 1."""
    length = float(np.linalg.norm(places.weights))
    return places.weights / np.float32(length) if length else places.weights


def cued(sentence: SentenceInput, details: Iterable[str]) -> list[tuple[str, str]]:
    """Return the values of these details, each with its detail, whose cues stand in a sentence."""
    text = fold(sentence.text)
    return [(detail, value) for detail in details for value in matching(detail, text, sentence.lang)]


class LightDetails:
    """Gives tagged sentences their facets and details."""

    def __init__(self, model: DetailsModel, vector: Vector) -> None:
        """Keep the weights, and what tells the meaning of a word."""
        self._model = model
        self._vector = vector

    def of(self, sentence: SentenceInput, reading: Reading, tags: tuple[StageTag, ...]) -> SentenceTags:
        """Return a sentence with its tags, facets and the details its stages ask for; offsets are of the sentence."""
        found: dict[str, list[str]] = {detail: [] for detail in COLUMNS}
        stages = {tag.stage for tag in tags}
        if tags:
            asked = [detail for detail in COLUMNS if detail not in STAGE_OF or STAGE_OF[detail] in stages]
            logits = self._model.logits(inputs(sentence, reading, self._vector, asked))
            found |= {detail: likely(detail, logits) for detail in asked}
        channel, reason = found["channel"], found["cancel_reason"]
        return SentenceTags(
            start=0,
            end=len(sentence.text),
            text=sentence.text,
            tags=tags,
            facets=tuple(map(Facet, found["facets"])),
            channel=settled_channels([*map(Channel, channel)]) if channel else (),
            cancel_reason=settled_reasons([*map(CancelReason, reason)]) if reason else (),
            anxiety_kind=tuple(map(AnxietyKind, found["anxiety_kind"])),
        )


def likely(detail: str, logits: Array) -> list[str]:
    """Return the values of a detail that are likely, at least one."""
    columns = COLUMNS[detail]
    found = [column for column in columns if logits[column] >= LIKELY]
    return [VALUES[column][1] for column in found or [max(columns, key=lambda column: float(logits[column]))]]
