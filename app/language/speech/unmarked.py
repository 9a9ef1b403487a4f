"""Where sentences end in text without marks, as recognition of speech gives it: a linear model over the gaps of words.

A sum of the weights of what is told of a gap (`gaps`) gives the log-odds of an end there. `learning` makes the weights.
"""

import logging
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.core.weights import UnusableWeights, read_arrays
from app.language.schemas import Token
from app.language.speech.gaps import BITS, features

log = logging.getLogger(__name__)
WEIGHTS = Path(__file__).resolve().parents[3] / "seed_data" / "tagger" / "boundaries.npz"
SHAPES: dict[str, tuple[int, ...]] = {"weights": (2**BITS,), "bias": ()}


@dataclass(frozen=True)
class Boundaries:
    """The model of one language: weights of hashed features, log-odds of any gap."""

    lang: str
    weights: NDArray[np.float32]
    bias: float

    def cuts(self, text: str, tokens: Sequence[Token], ruled: AbstractSet[int]) -> set[int]:
        """Return the code points at which sentences end inside a text; `ruled` are those that rules would choose."""
        if len(tokens) < 2:
            return set()
        scores = self.weights[features(text, tokens, ruled, self.lang)].sum(axis=1) + self.bias
        return {tokens[gap].end for gap in np.flatnonzero(scores > 0).tolist()}


@cache
def load(lang: str) -> Boundaries | None:
    """Return the model of a language; without usable weights there is none, and a line in the log says so."""
    try:
        held = read_arrays(WEIGHTS, {f"{lang}_{name}": shape for name, shape in SHAPES.items()})
    except UnusableWeights as fault:
        log.warning("sentences without marks are found by rules in Japanese, not at all in English: %s", fault)
        return None
    return Boundaries(lang, weights=held[f"{lang}_weights"], bias=float(held[f"{lang}_bias"]))
