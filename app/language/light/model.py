"""The weights of the light model, and what they say of a sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from app.core.weights import read_arrays, write_arrays
from app.language.codebook import STAGES
from app.language.light.context import SIZE
from app.language.light.features import BUCKETS, Array, Places, Reading

Vector = Callable[[str], NDArray[np.float32]]
"""The meaning of a word, all zero where it has none."""
MEANING_SHARE = np.float32(0.5)
"""How loudly meanings speak beside words and letters."""
DIMENSIONS: Final = 300
"""Numbers that make up the meaning of a word."""
SHAPES: Final = {
    "rarity": (2, BUCKETS),
    "weights": (2, BUCKETS, len(STAGES)),
    "meanings": (DIMENSIONS, len(STAGES)),
    "bias": (len(STAGES),),
    "asked": (len(STAGES), SIZE),
    "free": (len(STAGES), SIZE),
    "thresholds": (3,),
    "corpus": (32,),
}


@dataclass(frozen=True)
class LightModel:
    """The weights of both layers, as arrays.

    First layer: `rarity` (2, BUCKETS) and `weights` (2, BUCKETS, stages) of words and letters, `meanings` (300, stages),
    `bias` (stages,). Second layer: `asked` and `free` (stages, context.SIZE), with and without a question of the guide.
    `thresholds`: of the stage a question asks for, of the others then, and of all without a question. `corpus` is the
    SHA-256 of what it was trained on, as bytes.
    """

    rarity: Array
    weights: Array
    meanings: Array
    bias: Array
    asked: Array
    free: Array
    thresholds: Array
    corpus: NDArray[np.uint8]

    def save(self, path: Path) -> None:
        """Write the weights."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        write_arrays(path, given, half={"rarity", "weights", "meanings"})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the weights.

        Raises:
            UnusableWeights: there is no such file, or it does not hold them.
        """
        return cls(**read_arrays(path, SHAPES))

    def logits(self, reading: Reading, vector: Vector) -> Array:
        """Return the stages' log-odds by the sentence alone, shape (stages,)."""
        found = self.bias + self._of(0, reading.words) + self._of(1, reading.letters)
        meaning = mean_vector(reading.meant, vector)
        if meaning is not None:
            found = found + (MEANING_SHARE * meaning) @ self.meanings
        return np.asarray(found, np.float32)

    def _of(self, kind: int, places: Places) -> Array:
        values = weighed(places, self.rarity[kind])
        found: Array = values @ self.weights[kind][places.at]
        return found


def weighed(places: Places, rarity: Array) -> Array:
    """Return what the places weigh, brought to length 1 so that long sentences do not speak louder."""
    values = places.weights * rarity[places.at]
    length = float(np.sqrt(values @ values))
    return values / np.float32(length) if length else values


def mean_vector(words: Sequence[str], vector: Vector) -> Array | None:
    """Return the mean meaning of words brought to length 1, shape (300,); None where no word has one."""
    known = [one for one in map(vector, words) if one.any()]
    if not known:
        return None
    mean = np.mean(known, axis=0, dtype=np.float32)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


def shares(logits: Array) -> Array:
    """Return probabilities (0 to 1) for log-odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), np.float32)
