"""Which stretch of words is the evidence: chances of all stretches, and the one expected to overlap most with a reader's."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.language.evidence.features import Array

LENGTHS: Final = 24
"""Stretches of this many words or more weigh the same by their length."""
CANDIDATES: Final = 40
CALM: Final = np.float32(0.5)
"""The model is surer of a stretch than it is right."""
APART: Final = 2.0
"""How strongly two stages of a sentence keep off the same words."""


class Candidates(NamedTuple):
    """The likeliest stretches of a sentence, by first and last word, and their chances (sum 1)."""

    first: NDArray[np.intp]
    last: NDArray[np.intp]
    chance: NDArray[np.float64]


def scores(given: Array, lengths: Array, opens: NDArray[np.bool_]) -> Array:
    """Return the score of every stretch, shape (words, words), minus infinity where there is none.

    Args:
        given: what speaks for each word as the first, as the last, and for standing inside, shape (words, 3).
        lengths: what speaks for each length, shape (LENGTHS,).
        opens: whether a stretch may begin at each word.
    """
    size = len(given)
    inside = np.cumsum(given[:, 2])
    place = np.arange(size)
    length = place[None] - place[:, None]
    opening = given[:, 0] - inside + given[:, 2]
    closing = given[:, 1] + inside
    found = opening[:, None] + closing[None] + lengths[np.clip(length, 0, LENGTHS - 1)]
    return np.where((length >= 0) & opens[:, None], found, -np.inf).astype(np.float32)


def candidates(found: Array) -> Candidates:
    """Return the likeliest stretches by their scores."""
    flat = found.ravel()
    size = len(found)
    count = min(CANDIDATES, size * (size + 1) // 2)
    best = np.argpartition(-flat, count - 1)[:count]
    best = best[np.isfinite(flat[best])]
    weight = np.exp(CALM * (flat[best] - flat[best].max()).astype(np.float64))
    return Candidates(best // size, best % size, weight / weight.sum())


def overlaps(one: Candidates, other: Candidates, counts: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return F1 of the words that count under each two stretches, shape (stretches of one, stretches of the other)."""
    until = np.concatenate([[0], np.cumsum(counts)])
    lengths = [until[each.last + 1] - until[each.first] for each in (one, other)]
    first = np.maximum(one.first[:, None], other.first[None])
    last = np.minimum(one.last[:, None], other.last[None])
    shared = np.where(last >= first, until[last + 1] - until[first], 0)
    found: NDArray[np.float64] = 2 * shared / np.maximum(lengths[0][:, None] + lengths[1][None], 1)
    return found


def chosen(given: Sequence[Candidates], counts: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return one stretch for each stage of a sentence, by first and last word."""
    apart = list(given)
    if len(given) > 1:
        apart = [_kept_apart(one, [other for other in given if other is not one], counts) for one in given]
    found = []
    for one in apart:
        best = int((overlaps(one, one, counts) @ one.chance).argmax())
        found.append((int(one.first[best]), int(one.last[best])))
    return found


def _kept_apart(one: Candidates, others: Sequence[Candidates], counts: NDArray[np.bool_]) -> Candidates:
    chance = one.chance
    for other in others:
        chance = chance * (np.exp(-APART * overlaps(one, other, counts)) @ other.chance)
    return one._replace(chance=chance / chance.sum())
