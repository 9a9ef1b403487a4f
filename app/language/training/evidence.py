"""Trains the evidence model: what speaks for each stage, then spans as one choice among all stretches of a sentence."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from app.language.codebook import STAGES
from app.language.evidence.features import Array, Places, Words, words_of
from app.language.evidence.model import BITS, EvidenceModel, span_places
from app.language.evidence.relevance import BITS as STAGE_BITS
from app.language.evidence.relevance import LONGEST, relevance, run_places
from app.language.evidence.spans import LENGTHS
from app.language.lines import Line, read_lines
from app.language.measure.labelled import labels_of
from app.language.schemas import Token

Floats = NDArray[np.float64]
Cut = Callable[[str, str], Sequence[Token]]

SEEN_TWICE: Final = 2
STAGE_STRENGTH: Final = 10.0
PARTS: Final = 3
"""The words of an author are weighed for stages by a model that has not read the author, as later for new sentences."""
SHRINKING: Final = 160.0
STEPS: Final = 100
SILENT: Final = 0.004
"""Weights smaller than this are not kept."""
BATCH: Final = 256


@dataclass(frozen=True)
class Marked:
    """A sentence, its author, its stages by number, and the first and last word of the evidence of each."""

    words: Words
    author: str
    stages: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


def read_marked(sources: Sequence[Path], cut: Cut) -> list[Marked]:
    """Return the sentences of labelled files; `cut` gives the words of a text of a language.

    Raises:
        AppError: a file cannot be read, or holds a line that is no labelled sentence.
    """
    return [marked(line, cut) for source in sources for line in read_lines(source) if line.sentence.text.strip()]


def marked(line: Line, cut: Cut) -> Marked:
    """Return one line; of several spans of a stage the first counts."""
    sentence, labels = line.sentence, labels_of(line.given, line.number)
    tokens = cut(sentence.text, sentence.lang)
    spans = {}
    for span in reversed(labels.evidence):
        under = [
            place for place, token in enumerate(tokens) if token.start < span.end and span.start < token.end
        ]  # fmt: skip
        spans[STAGES.index(span.stage)] = (under[0], under[-1])
    stages = tuple(place for place, stage in enumerate(STAGES) if stage in labels.stages and place in spans)
    return Marked(
        words=words_of(tokens, sentence.lang),
        author=str(line.given.get("author", line.number)),
        stages=stages,
        spans=tuple(spans[stage] for stage in stages),
    )


def train_evidence(sentences: Sequence[Marked]) -> EvidenceModel:
    """Return the weights learned from sentences, those without a stage among them."""
    runs = [run_places(one.words) for one in sentences]
    authors = sorted({one.author for one in sentences})
    relevant: list[Array] = [np.zeros(0, np.float32)] * len(sentences)
    for part in range(PARTS):
        left = set(authors[part::PARTS])
        table = stage_table(
            *zip(*[(run, one) for run, one in zip(runs, sentences, strict=True) if one.author not in left], strict=True)
        )
        for place, (run, one) in enumerate(zip(runs, sentences, strict=True)):
            if one.author in left:
                relevant[place] = relevance(table, run)
    words, lengths = fitted(list(choices(sentences, relevant)))
    return EvidenceModel(stages=stage_table(runs, sentences), words=words, lengths=lengths)


def stage_table(runs: Sequence[Places], sentences: Sequence[Marked]) -> Array:
    """Return how much every run of words speaks for every stage, shape (2 ** STAGE_BITS, stages)."""
    ends = np.cumsum([0, *(run.size for run in runs)])
    values = np.concatenate([np.full(run.size, 1 / np.sqrt(LONGEST * run.shape[1])) for run in runs])
    given = sparse.csr_matrix(
        (values, np.concatenate([run.ravel() for run in runs]), ends), shape=(len(runs), 1 << STAGE_BITS)
    )
    given.sum_duplicates()
    given.data *= (np.bincount(given.indices, minlength=given.shape[1]) >= SEEN_TWICE)[given.indices]
    found = np.zeros((1 << STAGE_BITS, len(STAGES)), np.float32)
    for stage in range(len(STAGES)):
        carried = [stage in one.stages for one in sentences]
        if any(carried) and not all(carried):
            learned = LogisticRegression(
                C=STAGE_STRENGTH, class_weight="balanced", solver="liblinear", random_state=0
            )  # fmt: skip
            found[:, stage] = learned.fit(given, carried).coef_[0]
    return found


@dataclass(frozen=True)
class Choice:
    """One stage of one sentence: its features (features, words), and which stretch is right."""

    places: Places
    first: int
    last: int


def choices(sentences: Sequence[Marked], relevant: Sequence[Array]) -> Iterator[Choice]:
    """Yield every stage of every sentence."""
    for one, given in zip(sentences, relevant, strict=True):
        for places, (first, last) in zip(span_places(one.words, one.stages, given), one.spans, strict=True):
            yield Choice(places, first, last)


@dataclass(frozen=True)
class Batch:
    """Choices of about the same number of words: where each word stands among all, -1 beyond the end, and the right ones."""

    rows: NDArray[np.intp]
    first: NDArray[np.intp]
    last: NDArray[np.intp]


def fitted(given: Sequence[Choice]) -> tuple[Array, Array]:
    """Return the weights of words (2 ** BITS, 3) and of lengths that make the right stretches likeliest.

    The chance of a stretch is its share of exp(score) among all of its sentence (a log-linear model over segments, Sarawagi
    and Cohen 2004, with one segment); its logarithm is summed, weights are kept small by their squares.
    """
    given = sorted(given, key=lambda one: one.places.shape[1])
    met, features = matrix(given)
    turned = features.T.tocsr()
    batches = list(batched(given))
    size = 3 * len(met)

    def loss(weights: Floats) -> tuple[float, Floats]:
        lengths = weights[size:]
        speaking = features @ weights[:size].reshape(-1, 3)
        wrong, wrong_lengths = np.zeros_like(speaking), np.zeros_like(lengths)
        total = 0.0
        for batch in batches:
            total += batch_loss(batch, speaking, lengths, wrong, wrong_lengths)
        slope = np.concatenate([(turned @ wrong).ravel(), wrong_lengths])
        return total + SHRINKING / 2 * float(weights @ weights), slope + SHRINKING * weights

    start = np.zeros(size + LENGTHS)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "maxcor": 8}).x
    found[np.abs(found) < SILENT] = 0
    words = np.zeros((1 << BITS, 3), np.float32)
    words[met] = found[:size].reshape(-1, 3)
    return words, found[size:].astype(np.float32)


def matrix(given: Sequence[Choice]) -> tuple[Places, sparse.csr_matrix]:
    """Return the places met, and which of them every word has, one word below the other: shape (words, places met)."""
    ends = np.cumsum([0, *(len(one.places) for one in given for _ in range(one.places.shape[1]))])
    met, at = np.unique(np.concatenate([one.places.T.ravel() for one in given]), return_inverse=True)
    return met, sparse.csr_matrix((np.ones(len(at)), at, ends), shape=(len(ends) - 1, len(met)))


def batched(given: Sequence[Choice]) -> Iterator[Batch]:
    """Yield choices in their order, `BATCH` at a time."""
    offset = 0
    for _, group in groupby(enumerate(given), key=lambda pair: pair[0] // BATCH):
        some = [one for _, one in group]
        sizes = [one.places.shape[1] for one in some]
        rows = np.full((len(some), max(sizes)), -1, np.intp)
        for row, size in zip(rows, sizes, strict=True):
            row[:size] = np.arange(offset, offset + size)
            offset += size
        yield Batch(rows, np.array([one.first for one in some]), np.array([one.last for one in some]))


def batch_loss(batch: Batch, speaking: Floats, lengths: Floats, wrong: Floats, wrong_lengths: Floats) -> float:
    """Return minus the logarithm of the chances of the right stretches; its slope is added to the last two arrays."""
    known = batch.rows >= 0
    given = np.where(known[..., None], speaking[batch.rows], 0)
    place = np.arange(known.shape[1])
    length = place[None] - place[:, None]
    step = np.clip(length, 0, LENGTHS - 1)
    inside = np.cumsum(given[..., 2], axis=1)
    scores = (given[..., 0] - inside + given[..., 2])[:, :, None] + (given[..., 1] + inside)[:, None] + lengths[step]
    scores = np.where((length >= 0) & known[:, None], scores, -np.inf)
    top = scores.max(axis=(1, 2), keepdims=True)
    chances = np.exp(scores - top)
    total = chances.sum(axis=(1, 2), keepdims=True)
    right = (np.arange(len(known)), batch.first, batch.last)
    lost = float((np.log(total) + top).sum() - scores[right].sum())
    chances /= total
    chances[right] -= 1
    first, last = chances.sum(axis=2), chances.sum(axis=1)
    within = np.cumsum(first, axis=1) - np.cumsum(last, axis=1) + last
    wrong[batch.rows[known]] = np.stack([first, last, within], axis=-1)[known]
    wrong_lengths += np.bincount(step.ravel(), chances.sum(axis=0).ravel(), minlength=LENGTHS)
    return lost
