"""What the first layer reads of a sentence: its words, its runs of letters and the meanings of its words.

Every word and run of letters is put into one of `BUCKETS` places by a hash (feature hashing, Weinberger et al. 2009), so
that no list of words is kept. A place weighs 1 + log(count), times its rarity in the training sentences.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from app.language.schemas import Token
from app.language.script import fold

BUCKETS = 1 << 16
RUNS = (1, 2, 3, 4)
"""Lengths of the runs of letters."""
FILLERS = frozenset(
    ["えー", "えーと", "えと", "えっと", "あの", "あのー", "まあ", "なんか", "うーん", "その", "ええと", "um", "uh", "er", "well"]
)  # fmt: skip
SPREAD = np.uint32(0x9E3779B1)
"""2^32 divided by the golden ratio: neighbouring letters land far apart (Knuth, multiplicative hashing)."""
DIGITS = re.compile(r"\d+")
MEANING = ("名詞", "動詞", "形容詞", "形状詞", "副詞")

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Places:
    """Places of one kind of feature in a sentence, and what each weighs before its rarity."""

    at: NDArray[np.int32]
    weights: Array


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence as the first layer sees it; `meant` are the words whose vectors are averaged."""

    words: Places
    letters: Places
    meant: tuple[str, ...]


def read(text: str, tokens: Sequence[Token]) -> Reading:
    """Return the features of a sentence."""
    lemmas = [token.lemma for token in tokens if token.text.strip() and token.lemma not in FILLERS]
    return Reading(
        words=_places(_hashed(_words(lemmas))),
        letters=_places(_letters(DIGITS.sub("0", fold(text).lower()))),
        meant=tuple(token.text for token in tokens if not token.tag or token.tag.startswith(MEANING)),
    )


def _words(lemmas: Sequence[str]) -> Iterator[str]:
    for lemma in lemmas:
        yield f"w {lemma}"
    for one, two in pairwise(["<", *lemmas, ">"]):
        yield f"p {one} {two}"


def _letters(text: str) -> NDArray[np.int32]:
    codes = np.array([ord(char) for char in f"<{text}>"], np.uint32)
    found = []
    for length in RUNS:
        runs = np.full(max(len(codes) - length + 1, 0), length, np.uint32)
        for offset in range(length):
            runs = (runs ^ codes[offset : len(codes) - length + 1 + offset]) * SPREAD
            runs ^= runs >> np.uint32(15)
        found.append(runs % BUCKETS)
    return np.concatenate(found).astype(np.int32)


def _hashed(features: Iterable[str]) -> NDArray[np.int32]:
    return np.array([crc32(feature.encode("utf-8", "replace")) % BUCKETS for feature in features], np.int32)


def _places(found: NDArray[np.int32]) -> Places:
    at, counts = np.unique(found, return_counts=True)
    return Places(at=at, weights=(1 + np.log(counts)).astype(np.float32))
