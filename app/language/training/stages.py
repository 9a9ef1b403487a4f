"""Fits the light model: the first layer on sentences alone, the second on what the first finds in authors it has not read.

Logistic regressions, one for each stage. Whatever is fitted on top of others' findings, and the thresholds, are fitted on
findings for authors that were left out (stacking, Wolpert 1992), so that nothing learns to trust what was learned by heart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from app.core.errors import AppError
from app.core.i18n import N_
from app.language.codebook import QUESTION_STAGE, STAGES
from app.language.light import context
from app.language.light.features import BUCKETS, Array, Places, Reading, read
from app.language.light.model import DIMENSIONS, MEANING_SHARE, LightModel, mean_vector, shares, weighed
from app.language.light.tagger import Words
from app.language.lines import text_only
from app.language.rules import hits, scores
from app.language.schemas import SentenceInput
from app.language.training.examples import Examples

FOLDS = 5
FIRST_STRENGTH = 4.0
SECOND_STRENGTH = 1.0
"""Inverse of the L2 penalty, chosen by cross-validation over authors."""
SEEN_TWICE = 2
"""Features of fewer training sentences tell nothing."""
STEPS = np.arange(0.05, 0.95, 0.01)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FirstLayer:
    """What the first layer learned of some authors."""

    rarity: Array
    weights: Array
    meanings: Array
    bias: Array


@dataclass(frozen=True)
class Texts:
    """Every text that is read alone: sentences and the sentences before them, each with its author."""

    readings: list[Reading]
    meanings: sparse.csr_matrix
    authors: NDArray[np.str_]
    own: NDArray[np.int64]
    """Place of each example's text."""
    before: NDArray[np.int64]
    """Place of the sentence before each example, -1 where there is none."""


def fit(examples: Examples, words: Words, corpus: NDArray[np.uint8]) -> LightModel:
    """Return the light model of these examples; the same examples give the same weights.

    Raises:
        AppError: a stage is said by too few authors, or by all sentences, to be learned.
    """
    if not teaches_every_stage(examples):
        raise AppError(
            "corpus_too_small",
            N_(
                "Nothing can be learned from these sentences: every stage must be said by at least two authors, under a question."
            ),
        )
    with threadpool_limits(1):  # threads of small matrices wait for each other longer than they work
        return _fit(examples, words, corpus)


def teaches_every_stage(examples: Examples) -> bool:
    """Return whether every stage is said and not said by what is left when some authors are left out, under questions too."""
    if len(set(examples.authors)) < 2:
        return False
    asked = np.array([sentence.question in QUESTION_STAGE for sentence in examples.sentences])
    parts = [kept for kept, _ in folds(examples.authors)]
    return all(examples.stages[part].any(0).all() and not examples.stages[part].all(0).any() for part in parts) and all(
        examples.stages[part][asked[part]].any(0).all() for part in parts
    )


def _fit(examples: Examples, words: Words, corpus: NDArray[np.uint8]) -> LightModel:
    texts = texts_of(examples, words)
    everything = np.arange(len(examples.sentences))
    whole = first_layer(texts, examples, everything)
    unseen = np.zeros((len(texts.readings), len(STAGES)), np.float32)
    for kept, left in folds(examples.authors):
        layer = first_layer(texts, examples, kept)
        places = np.flatnonzero(np.isin(texts.authors, [examples.authors[place] for place in left]))
        unseen[places] = logits(layer, texts, places)
    asked = Second.of(examples, texts, unseen, asked=True)
    free = Second.of(examples, texts, unseen, asked=False)
    return LightModel(
        rarity=whole.rarity,
        weights=whole.weights,
        meanings=whole.meanings,
        bias=whole.bias,
        asked=asked.fitted(),
        free=free.fitted(),
        thresholds=np.array([*asked.two_thresholds(), free.one_threshold()], np.float32),
        corpus=corpus,
    )


def folds(authors: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return places to learn from and places left out, whole authors at a time."""
    parts = min(FOLDS, len(set(authors)))
    return list(GroupKFold(parts).split(np.zeros(len(authors)), groups=np.array(authors)))


def texts_of(examples: Examples, words: Words) -> Texts:
    """Return every text once for each author."""
    places: dict[tuple[str, str, str], int] = {}

    def place(text: str, sentence: SentenceInput, author: str) -> int:
        return places.setdefault((author, sentence.lang, text), len(places)) if text else -1

    pairs = list(zip(examples.sentences, examples.authors, strict=True))
    own = np.array([place(one.text, one, author) for one, author in pairs])
    before = np.array([place(one.previous, one, author) for one, author in pairs])
    readings = [read(text, words.tokens(text, lang)) for _, lang, text in places]
    return Texts(
        readings=readings,
        meanings=meanings_of(readings, words),
        authors=np.array([author for author, _, _ in places]),
        own=own,
        before=before,
    )


def meanings_of(readings: Sequence[Reading], words: Words) -> sparse.csr_matrix:
    """Return the mean meanings, shape (texts, 300)."""
    found = np.zeros((len(readings), DIMENSIONS), np.float32)
    for row, reading in enumerate(readings):
        mean = mean_vector(reading.meant, words.vector)
        if mean is not None:
            found[row] = MEANING_SHARE * mean
    return sparse.csr_matrix(found)


def first_layer(texts: Texts, examples: Examples, kept: NDArray[np.int64]) -> FirstLayer:
    """Return what the first layer learns of the examples at these places."""
    rows = texts.own[kept]
    kinds = [[getattr(texts.readings[row], name) for row in rows] for name in ("words", "letters")]
    rarity = np.stack([rarity_of(kind) for kind in kinds])
    given = sparse.hstack(
        [matrix(kind, rare) for kind, rare in zip(kinds, rarity, strict=True)] + [texts.meanings[rows]]
    ).tocsr()
    found = np.zeros((given.shape[1], len(STAGES)), np.float32)
    bias = np.zeros(len(STAGES), np.float32)
    for stage in range(len(STAGES)):
        learned = LogisticRegression(C=FIRST_STRENGTH, solver="liblinear", random_state=0)
        learned.fit(given, examples.stages[kept, stage])
        found[:, stage], bias[stage] = learned.coef_[0], learned.intercept_[0]
    return FirstLayer(
        rarity=rarity,
        weights=found[: 2 * BUCKETS].reshape(2, BUCKETS, len(STAGES)),
        meanings=found[2 * BUCKETS :],
        bias=bias,
    )


def rarity_of(kind: Sequence[Places]) -> Array:
    """Return the inverse document frequency of every place, smoothed; none for what hardly ever occurs."""
    seen = np.bincount(np.concatenate([places.at for places in kind]), minlength=BUCKETS)
    rare = np.log((1 + len(kind)) / (1 + seen)) + 1
    return np.where(seen >= SEEN_TWICE, rare, 0).astype(np.float32)


def matrix(kind: Sequence[Places], rarity: Array) -> sparse.csr_matrix:
    """Return features as rows of length 1, shape (texts, BUCKETS)."""
    ends = np.cumsum([0, *(len(places.at) for places in kind)])
    return sparse.csr_matrix(
        (
            np.concatenate([weighed(places, rarity) for places in kind]),
            np.concatenate([places.at for places in kind]),
            ends,
        ),
        shape=(len(kind), BUCKETS),
    )


def logits(layer: FirstLayer, texts: Texts, places: NDArray[np.int64]) -> Array:
    """Return what a first layer says of these texts, shape (places, stages)."""
    found = np.asarray(texts.meanings[places] @ layer.meanings) + layer.bias
    for kind, name in enumerate(("words", "letters")):
        rows = [getattr(texts.readings[place], name) for place in places]
        found = found + matrix(rows, layer.rarity[kind]) @ layer.weights[kind]
    return np.asarray(found, np.float32)


@dataclass(frozen=True)
class Second:
    """The second layer's inputs (stages, sentences, SIZE), true stages, counts, default stages and authors."""

    given: Array
    stages: NDArray[np.bool_]
    default: NDArray[np.bool_]
    counts: Floats
    authors: tuple[str, ...]

    @classmethod
    def of(cls, examples: Examples, texts: Texts, unseen: Array, *, asked: bool) -> "Second":
        """Return the inputs with the question; without one every sentence stands once with its context and once bare."""
        rows = []
        places = []
        for place, sentence in enumerate(examples.sentences):
            before = texts.before[place]
            known = shares(unseen[before]) if before >= 0 else None
            alone = unseen[texts.own[place]]
            if asked:
                if sentence.question in QUESTION_STAGE:
                    rows.append(row(sentence, known, alone))
                    places.append(place)
                continue
            rows += [row(replace(sentence, question=""), known, alone), row(text_only(sentence), None, alone)]
            places += [place, place]
        some = examples.some(places)
        return cls(
            given=np.stack(rows, axis=1),
            stages=some.stages,
            default=np.array(
                [[QUESTION_STAGE.get(one.question) is stage for stage in STAGES] for one in some.sentences]
            ),
            counts=some.counts,
            authors=some.authors,
        )

    def fitted(self) -> Array:
        """Return the second layer, shape (stages, SIZE)."""
        return np.stack([self._stage(stage, np.arange(len(self.authors))) for stage in range(len(STAGES))])

    def _stage(self, stage: int, kept: NDArray[np.int64]) -> Array:
        learned = LogisticRegression(C=SECOND_STRENGTH, max_iter=1_000)
        learned.fit(self.given[stage, kept, :-1], self.stages[kept, stage], sample_weight=self.counts[kept])
        return np.append(learned.coef_[0], learned.intercept_[0]).astype(np.float32)

    def unseen(self) -> Array:
        """Return the chances of sentences whose authors were left out, shape (sentences, stages)."""
        found = np.zeros((len(self.authors), len(STAGES)), np.float32)
        for kept, left in folds(self.authors):
            for stage in range(len(STAGES)):
                found[left, stage] = shares(self.given[stage, left] @ self._stage(stage, kept))
        return found

    def two_thresholds(self) -> tuple[float, float]:
        """Return the threshold of the stage asked for and of the others: best micro F1 off the question, then macro F1."""
        found = self.unseen()
        others = best(lambda step: self.f1((found >= step) & ~self.default, self.stages & ~self.default))
        default = best(
            lambda step: self.macro(np.where(self.default, found >= step, found >= others)),
        )
        return default, others

    def one_threshold(self) -> float:
        """Return the threshold without a question: best macro F1."""
        found = self.unseen()
        return best(lambda step: self.macro(found >= step))

    def f1(self, proposed: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
        """Return F1 over pairs, each sentence as much as it counts."""
        counts = self.counts[:, None]
        both = float(((proposed & true) * counts).sum())
        either = float(((proposed ^ true) * counts).sum())
        return 2 * both / (2 * both + either) if both else 0.0

    def macro(self, proposed: NDArray[np.bool_]) -> float:
        """Return the mean F1 of the stages."""
        return float(np.mean([self.f1(proposed[:, [one]], self.stages[:, [one]]) for one in range(len(STAGES))]))


def row(sentence: SentenceInput, before: Array | None, alone: Array) -> Array:
    """Return the second layer's input of one sentence."""
    fired = hits(sentence.text, lang=sentence.lang, question="", customer=sentence.customer)
    return context.stacked(context.shared(sentence, before), alone, scores(fired))


def best(score: Callable[[float], float]) -> float:
    """Return the step with the best score."""
    return float(max(STEPS, key=lambda step: score(float(step))))
