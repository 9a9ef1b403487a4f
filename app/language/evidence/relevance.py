"""How much every word of a sentence speaks for every stage: its share in a linear model of runs of one to three words."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.language.codebook import STAGES
from app.language.evidence.features import EDGE, MULTIPLIERS, Array, Keys, Places, Words, hashed, key

BITS: Final = 15
LONGEST: Final = 3
WINDOW: Final = np.ones(5, np.float32)
BINS: Final = np.array([-0.6, -0.35, -0.2, -0.1, -0.05, 0, 0.05, 0.1, 0.2, 0.35, 0.6], np.float32)
_LENGTHS: Final = np.array([[key(f"run {length}")] for length in range(LONGEST)], np.uint64) << np.uint64(20)
_NAMES: Final = ("word", "piece", "window", "rank", "before", "after")
_OWN, _AGAINST = (
    np.array([[key(f"{kind} {name}")] for name in _NAMES], np.uint64) << np.uint64(19) for kind in ("own", "against")
)


def run_places(words: Words) -> Places:
    """Return the places of the runs that start at every word, shape (lengths, words); a run may reach over the end."""
    size = len(words.mark)
    first, second, third = (words.lemma[EDGE + by : EDGE + by + size] * MULTIPLIERS[by] for by in range(LONGEST))
    return hashed(np.stack([first, first + second, first + second + third]) + _LENGTHS, BITS)


def relevance(table: Array, runs: Places) -> Array:
    """Return what every word adds to the log-odds of every stage, shape (words, stages).

    A run's weight (table of shape (2 ** BITS, stages)) is spread evenly over its words; the whole is divided by the root
    of the number of runs, as long sentences say more of everything.
    """
    size = runs.shape[1]
    found = np.zeros((size, len(STAGES)), np.float32)
    for length in range(LONGEST):
        weights = table[runs[length]] / (length + 1)
        for by in range(min(length + 1, size)):
            found[by:] += weights[: size - by]
    return np.asarray(found / np.sqrt(LONGEST * size), np.float32)


def relevance_keys(stage: int, others: Sequence[int], given: Array, piece: Places) -> Keys:
    """Return hashed features of a stage's relevance, and of its lead over the other stages of the sentence."""
    own = given[:, stage]
    found = [_binned(own, piece) * MULTIPLIERS[0] + _OWN]
    if others:
        lead = own - given[:, list(others)].max(axis=1)
        found.append(_binned(lead, piece) * MULTIPLIERS[0] + _AGAINST)
    return np.vstack(found)


def _binned(values: NDArray[np.float32], piece: Places) -> Keys:
    """Return the steps of a word's value, of its piece, its neighbourhood, its piece's rank, and what stands on its sides."""
    by_piece = np.bincount(piece, values)
    rank = np.argsort(np.argsort(-by_piece))
    around = np.convolve(values, WINDOW)[2:-2]
    before = np.cumsum(values) - values
    after = values.sum() - before - values
    found = np.searchsorted(BINS, np.stack([values, by_piece[piece] / 2, around / 2, before / 2, after / 2]))
    place = np.minimum(rank[piece], 3) * 5 + min(len(by_piece) - 1, 4)
    return np.vstack([found[:3], place[None], found[3:]]).astype(np.uint64) + np.uint64(1)
