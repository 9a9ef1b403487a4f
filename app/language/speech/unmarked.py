"""Where sentences end in text without marks, as recognition of speech gives it: a linear model over the gaps of words.

Every gap is told by the words, their kinds and inflections and the letters around it, hashed; a sum of weights gives the
log-odds of a boundary there. Of all ways to cut the text the best one is taken: the sum over its boundaries plus how usual
sentences of that many words are (dynamic programming). `learning` makes the weights.
"""

import logging
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from app.core.weights import UnusableWeights, read_arrays
from app.language.schemas import Token

log = logging.getLogger(__name__)
WEIGHTS = Path(__file__).resolve().parents[3] / "seed_data" / "tagger" / "boundaries.npz"
BITS = 16
LONGEST = 120
"""Words of the longest sentence that is looked for."""
LENGTH_WEIGHT = 0.7
PAD = 4
SHAPES: dict[str, tuple[int, ...]] = {"weights": (2**BITS,), "bias": (), "bonus": (), "lengths": (LONGEST,)}

Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class Boundaries:
    """The model of one language: weights of hashed features, log-odds of any gap and of a rule's, log-shares of lengths."""

    weights: NDArray[np.float32]
    bias: float
    bonus: float
    lengths: NDArray[np.float32]

    def cuts(self, text: str, tokens: Sequence[Token], ruled: AbstractSet[int]) -> set[int]:
        """Return the code points at which sentences end inside a text; `ruled` are those that rules would choose."""
        if len(tokens) < 2:
            return set()
        scores = self.weights[features(text, tokens, ruled)].sum(axis=1) + self.bias
        scores += self.bonus * np.array([token.end in ruled for token in tokens[:-1]], np.float32)
        return {tokens[gap].end for gap in best_gaps(scores, self.lengths)}


@cache
def load(lang: str) -> Boundaries | None:
    """Return the model of a language; without usable weights there is none, and a line in the log says so."""
    try:
        held = read_arrays(WEIGHTS, {f"{lang}_{name}": shape for name, shape in SHAPES.items()})
    except UnusableWeights as fault:
        log.warning("rules alone find sentences without marks: %s", fault)
        return None
    return Boundaries(
        weights=held[f"{lang}_weights"],
        bias=float(held[f"{lang}_bias"]),
        bonus=float(held[f"{lang}_bonus"]),
        lengths=held[f"{lang}_lengths"],
    )


def features(text: str, tokens: Sequence[Token], ruled: AbstractSet[int]) -> NDArray[np.intp]:
    """Return (gaps, features) hashed features of the gaps between words."""
    rule = np.array([token.end in ruled for token in tokens[:-1]], np.uint64)
    columns = [*word_columns(tokens, rule), *letter_columns(text, tokens)]
    hashed = [mixed(number, *parts) for number, parts in enumerate(columns, 1)]
    return np.stack(hashed, axis=1).astype(np.intp)


def word_columns(tokens: Sequence[Token], rule: Hashes) -> Iterator[tuple[Hashes, ...]]:
    """Yield what is told by words: surface or (en) lemma, kind, tag and inflection, alone and together."""
    words = around([token.text if token.tag else token.lemma for token in tokens])
    tags = around([token.tag for token in tokens])
    kinds = around(["-".join(token.tag.split("-")[:2]) for token in tokens])
    forms = around([token.tag.split("-")[0] + token.inflection.rpartition(";")[2] for token in tokens])
    lemmas = around([token.lemma + token.inflection.rpartition(";")[2] for token in tokens])
    for place in (-2, -1, 0, 1, 2, 3):
        yield (words[place],)
    yield from ((words[0], words[1]), (words[-1], words[0]), (words[1], words[2]), (words[-1], words[0], words[1]))
    yield from ((words[-2], words[-1], words[0]), (words[0], words[1], words[2]))
    yield from ((tags[0],), (tags[1],), (forms[0],), (forms[-1],), (lemmas[0],), (tags[0], tags[1]))
    yield from ((forms[0], tags[1]), (forms[0], kinds[1]), (words[0], tags[1]), (words[0], kinds[1]))
    yield from ((forms[0], words[1]), (kinds[0], words[1]), (kinds[1], kinds[2]), (words[1], kinds[2]))
    yield from ((forms[-1], forms[0], kinds[1]), (words[-1], words[0], kinds[1]))
    yield from ((forms[0], kinds[1], kinds[2]), (words[0], kinds[1], kinds[2]))
    yield from ((rule,), (rule, kinds[1]), (rule, words[1]), (rule, words[-1], words[0]))


def letter_columns(text: str, tokens: Sequence[Token]) -> Iterator[tuple[Hashes, ...]]:
    """Yield what is told by up to five letters before a gap and four after it."""
    codes = np.zeros(len(text) + 10, np.uint64)
    codes[5:-5] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.array([token.end for token in tokens[:-1]]) + 5
    starts = np.array([token.start for token in tokens[1:]]) + 5
    before = [codes[ends - count] for count in (1, 2, 3, 4, 5)]
    after = [codes[starts + count] for count in (0, 1, 2, 3)]
    for count in range(1, 6):
        yield tuple(before[:count])
    for count in range(1, 5):
        yield tuple(after[:count])
    for left in (1, 2, 3):
        for right in (1, 2):
            yield (*before[:left], *after[:right])


def around(values: Sequence[str]) -> dict[int, Hashes]:
    """Return hashes of the words before (0, -1, ...) and after (1, 2, ...) each gap."""
    held = np.zeros(len(values) + 2 * PAD, np.uint64)
    held[PAD:-PAD] = [crc32(value.encode("utf-8", "surrogatepass")) for value in values]
    gaps = len(values) - 1
    return {place: held[PAD + place : PAD + place + gaps] for place in range(-2, 4)}


def mixed(number: int, *parts: Hashes) -> Hashes:
    """Return one hash below 2^BITS of several, different for every number of a column."""
    total = np.full_like(parts[0], number * 0x9E3779B1)
    for part in parts:
        total = (total ^ part) * np.uint64(0x9E3779B97F4A7C15)
        total ^= total >> np.uint64(29)
    return (total >> np.uint64(8)) & np.uint64(2**BITS - 1)


def best_gaps(scores: NDArray[np.float32], lengths: NDArray[np.float32]) -> list[int]:
    """Return the gaps at which to cut so that scores and lengths of sentences add up to the most."""
    words = len(scores) + 1
    best = np.full(words + 1, -np.inf)
    best[0] = 0.0
    came_from = np.zeros(words + 1, np.intp)
    usual = LENGTH_WEIGHT * lengths[::-1]
    for end in range(1, words + 1):
        first = max(0, end - LONGEST)
        sums = best[first:end] + usual[LONGEST - (end - first) :]
        at = int(np.argmax(sums))
        came_from[end] = first + at
        best[end] = sums[at] + (scores[end - 1] if end < words else 0.0)
    found = []
    place = int(came_from[words])
    while place > 0:
        found.append(place - 1)
        place = int(came_from[place])
    return found[::-1]
