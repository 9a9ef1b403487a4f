"""Learns where sentences end without marks: logistic regression over the gaps of words in answers written without any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from app.core.errors import AppError
from app.core.i18n import N_
from app.core.weights import write_arrays
from app.language.measure.boundaries import JOINTS, Spoken
from app.language.schemas import Token
from app.language.script import fold
from app.language.sentences import ruled_cuts
from app.language.speech.gaps import BITS, features
from app.language.speech.unmarked import WEIGHTS, Boundaries

PENALTY = 0.5
"""Weight of half the squared weights (C = 2 in other libraries)."""
BIAS = 0.5
"""Log-odds added to every gap: the best F1 on authors left out, for penalised weights find too few ends."""


class Cutter(Protocol):
    """What cuts text into words: a loaded pipeline."""

    def tokens(self, text: str, lang: str) -> list[Token]:
        """Return the words of a text."""


@dataclass(frozen=True)
class Gaps:
    """The gaps of one answer: hashed features, and whether a sentence ends there."""

    features: NDArray[np.intp]
    ends: NDArray[np.bool_]


def learn(answers: Sequence[Spoken], words: Cutter, *, lang: str) -> Boundaries:
    """Return the model of a language from those answers in it that have no marks.

    Raises:
        AppError: there are none.
    """
    bare = [answer for answer in answers if answer.lang == lang and not answer.is_punctuated]
    told = [gaps for answer in bare if (gaps := gaps_of(answer, words)) is not None]
    if not told:
        raise AppError("no_answers", N_("There are no answers without marks in this language: {lang}."), lang=lang)
    weights = fit(np.concatenate([one.features for one in told]), np.concatenate([one.ends for one in told]))
    return Boundaries(lang, weights=weights[:-1].astype(np.float32), bias=float(weights[-1]) + BIAS)


def save(models: Mapping[str, Boundaries], texts: NDArray[np.uint8]) -> None:
    """Write the models of all languages to where they are read, with the SHA-256 of the texts that taught them."""
    held: dict[str, NDArray[Any]] = {"texts": texts}
    for lang, model in models.items():
        held[f"{lang}_weights"] = model.weights
        held[f"{lang}_bias"] = np.array(model.bias, np.float32)
    write_arrays(WEIGHTS, held, half=[f"{lang}_weights" for lang in models])


def gaps_of(answer: Spoken, words: Cutter) -> Gaps | None:
    """Return the gaps of an answer without marks; none where it is a single word."""
    text = fold(answer.text)
    tokens = words.tokens(text, answer.lang)
    if len(tokens) < 2:
        return None
    ends, at = set(), 0
    for sentence in answer.sentences:
        at += len(sentence)
        ends.add(at)
        at += len(JOINTS[answer.lang])
    return Gaps(
        features=features(text, tokens, ruled_cuts(text, tokens) if answer.lang == "ja" else set(), answer.lang),
        ends=np.array([token.end in ends for token in tokens[:-1]]),
    )


def fit(rows: NDArray[np.intp], ends: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the weights of L2-penalised logistic regression, the intercept last; the same at every call."""
    size = 2**BITS

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = weights[rows].sum(axis=1) + weights[-1]
        signed = np.where(ends, -scores, scores)
        slopes = expit(scores) - ends
        slope = np.bincount(rows.ravel(), np.repeat(slopes, rows.shape[1]), size + 1).astype(np.float64)
        slope[:-1] += PENALTY * weights[:-1]
        slope[-1] = slopes.sum()
        return float(np.logaddexp(0, signed).sum() + PENALTY / 2 * (weights[:-1] ** 2).sum()), slope

    return np.asarray(minimize(loss, np.zeros(size + 1), jac=True, method="L-BFGS-B", options={"maxiter": 150}).x)
