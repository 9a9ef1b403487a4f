"""Trains the model of facets and details: one logistic regression for each value, on the sentences it is asked of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from app.language.light.details import BUCKETS, COLUMNS, ROWS, STAGE_OF, VALUES, DetailsModel, inputs
from app.language.light.features import Places, read
from app.language.light.model import DIMENSIONS, Vector
from app.language.lines import Line, read_lines
from app.language.measure.labelled import Labels, labels_of
from app.language.schemas import Token

Cut = Callable[[str, str], Sequence[Token]]

STRENGTH: Final = 10.0
SEEN: Final = 3
"""Sentences that a word or run of letters must stand in to be learned from."""
NEVER: Final = -9.0


@dataclass(frozen=True)
class Told:
    """A sentence as the model reads it, with its labels and author."""

    inputs: Places
    labels: Labels
    author: str


def read_told(sources: Sequence[Path], cut: Cut, vector: Vector) -> list[Told]:
    """Return the sentences of labelled files that have a stage; `cut` gives the words of a text of a language.

    Raises:
        AppError: a file cannot be read, or holds a line that is no labelled sentence.
    """
    lines = [line for source in sources for line in read_lines(source)]
    return [one for one in (told(line, cut, vector) for line in lines) if one.labels.stages]


def told(line: Line, cut: Cut, vector: Vector) -> Told:
    """Return one line."""
    sentence = line.sentence
    reading = read(sentence.text, cut(sentence.text, sentence.lang))
    return Told(
        inputs=inputs(sentence, reading, vector),
        labels=labels_of(line.given, line.number),
        author=str(line.given.get("author", line.number)),
    )


def train_details(sentences: Sequence[Told]) -> DetailsModel:
    """Return the weights learned; a value that nobody was given is never proposed."""
    weights = np.zeros((ROWS, len(VALUES)), np.float32)
    bias = np.full(len(VALUES), NEVER, np.float32)
    for detail, columns in COLUMNS.items():
        some = [one for one in sentences if asked_of(one.labels, detail)]
        if not some:
            continue
        given = matrix(some, columns)
        for column in columns:
            true = [VALUES[column][1] in getattr(one.labels, detail) for one in some]
            if any(true) and not all(true):
                learned = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0).fit(given, true)
                weights[:, column], bias[column] = learned.coef_[0], learned.intercept_[0]
    return DetailsModel(read=weights, bias=bias)


def asked_of(labels: Labels, detail: str) -> bool:
    """Return whether readers were asked for a detail of a sentence."""
    return detail not in STAGE_OF or (STAGE_OF[detail] in labels.stages and bool(getattr(labels, detail)))


def matrix(sentences: Sequence[Told], columns: Sequence[int]) -> sparse.csr_matrix:
    """Return the inputs, shape (sentences, ROWS), without what is rare and without the cues of other details."""
    ends = np.cumsum([0, *(len(one.inputs.at) for one in sentences)])
    at = np.concatenate([one.inputs.at for one in sentences])
    values = np.concatenate([one.inputs.weights for one in sentences])
    given = sparse.csr_matrix((values, at, ends), shape=(len(sentences), ROWS))
    given.sum_duplicates()
    kept = np.bincount(given.indices, minlength=ROWS) >= SEEN
    kept[2 * BUCKETS + DIMENSIONS :] = False
    kept[np.array(columns) + 2 * BUCKETS + DIMENSIONS] = True
    given.data *= kept[given.indices]
    return given
