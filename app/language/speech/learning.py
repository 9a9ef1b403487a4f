"""Learns where sentences end without marks: logistic regression over the gaps of words in written answers.

Answers with marks are read too, their marks taken away: people who write what was said without any are few.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from app.core.errors import AppError
from app.core.i18n import N_
from app.core.weights import write_arrays
from app.language.measure.boundaries import JOINTS, Spoken
from app.language.schemas import Token
from app.language.sentences import RULES
from app.language.speech.unmarked import BITS, LONGEST, WEIGHTS, Boundaries, features

MARKS = {"ja": re.compile(r"[。．！？!?、，,…「」『』（）()・〜～“”]"), "en": re.compile(r"[^\w\s'’$%-]")}
STRIPPED_WEIGHT = 0.5
"""How much an answer counts whose marks were taken away."""
PENALTY = 2.0
"""Weight of half the squared weights (C = 0.5 in other libraries)."""
BIAS = {"ja": 4.0, "en": 3.5}
"""Log-odds that make up for the shares of lengths; the best F1 in cross-validation by author."""
BONUS = {"ja": 3.0, "en": 3.0}
"""Log-odds that a rule adds: people who write without marks run on where the rules, and most listeners, hear an end."""


class Cutter(Protocol):
    """What cuts text into words: a loaded pipeline."""

    def tokens(self, text: str, lang: str) -> list[Token]:
        """Return the words of a text."""


@dataclass(frozen=True)
class Gaps:
    """The gaps of one answer: hashed features, whether a sentence ends there, and whether it had no marks of its own."""

    features: NDArray[np.intp]
    ends: NDArray[np.bool_]
    is_own: bool


def learn(answers: Sequence[Spoken], words: Cutter, *, lang: str) -> Boundaries:
    """Return the model of a language from answers in it.

    Raises:
        AppError: there are no answers in it.
    """
    told = [gaps for answer in answers if (gaps := gaps_of(answer, words)) is not None]
    if not told:
        raise AppError("no_answers", N_("There are no answers to learn from in this language: {lang}."), lang=lang)
    weights = fit(
        np.concatenate([one.features for one in told]),
        np.concatenate([one.ends for one in told]),
        np.concatenate([np.full(len(one.ends), 1.0 if one.is_own else STRIPPED_WEIGHT) for one in told]),
    )
    return Boundaries(
        weights=weights[:-1].astype(np.float32),
        bias=float(weights[-1]) + BIAS[lang],
        bonus=BONUS[lang],
        lengths=length_shares(told),
    )


def save(models: Mapping[str, Boundaries]) -> None:
    """Write the models of all languages to where they are read."""
    held: dict[str, NDArray[Any]] = {}
    for lang, model in models.items():
        held[f"{lang}_weights"] = model.weights
        held[f"{lang}_bias"] = np.array(model.bias, np.float32)
        held[f"{lang}_bonus"] = np.array(model.bonus, np.float32)
        held[f"{lang}_lengths"] = model.lengths
    write_arrays(WEIGHTS, held, half=[f"{lang}_weights" for lang in models])


def gaps_of(answer: Spoken, words: Cutter) -> Gaps | None:
    """Return the gaps of an answer without marks; none where a single word is left."""
    bare = answer if not answer.is_punctuated else stripped(answer)
    tokens = words.tokens(bare.text, bare.lang)
    if len(tokens) < 2:
        return None
    ends, at = set(), 0
    for sentence in bare.sentences:
        at += len(sentence)
        ends.add(at)
        at += len(JOINTS[bare.lang])
    return Gaps(
        features=features(bare.text, tokens, RULES[bare.lang](bare.text, tokens)),
        ends=np.array([token.end in ends for token in tokens[:-1]]),
        is_own=not answer.is_punctuated,
    )


def stripped(answer: Spoken) -> Spoken:
    """Return an answer without marks, in English without capitals too."""
    space = JOINTS[answer.lang]
    bare = [" ".join(MARKS[answer.lang].sub(space, sentence).split()) for sentence in answer.sentences]
    bare = [sentence.lower() if answer.lang == "en" else sentence for sentence in bare]
    return replace(answer, sentences=tuple(sentence for sentence in bare if any(map(str.isalnum, sentence))))


def fit(rows: NDArray[np.intp], ends: NDArray[np.bool_], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights of L2-penalised logistic regression, the intercept last; the same at every call."""
    size = 2**BITS

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = weights[rows].sum(axis=1) + weights[-1]
        signed = np.where(ends, -scores, scores)
        slopes = counts * (1 / (1 + np.exp(-scores)) - ends)
        slope = np.bincount(rows.ravel(), np.repeat(slopes, rows.shape[1]), size + 1).astype(np.float64)
        slope[:-1] += PENALTY * weights[:-1]
        slope[-1] = slopes.sum()
        return float((counts * np.logaddexp(0, signed)).sum() + PENALTY / 2 * (weights[:-1] ** 2).sum()), slope

    return np.asarray(minimize(loss, np.zeros(size + 1), jac=True, method="L-BFGS-B", options={"maxiter": 150}).x)


def length_shares(told: Sequence[Gaps]) -> NDArray[np.float32]:
    """Return for 1, 2, ... words the log-share of sentences that long, neighbours taken together."""
    counts = np.full(LONGEST, 0.02)
    for one in told:
        if one.is_own:
            edges = [-1, *np.flatnonzero(one.ends), len(one.ends)]
            np.add.at(counts, np.minimum(np.diff(edges), LONGEST) - 1, 1.0)
    smooth = np.convolve(counts, np.ones(7) / 7, "same")
    return np.asarray(np.log(smooth / smooth.sum()), np.float32)
