"""What the evidence model reads at every word of a sentence: places in its tables of weights.

A feature is up to three attributes of the words around (dictionary form, part of speech, inflection, place between
marks) under a seed of its own. It is hashed to a place of a table (feature hashing, Weinberger et al. 2009), so that no
list of words is kept. All of it is integer arithmetic over whole sentences: thousands are read in a second.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from app.language.schemas import Token

Array = NDArray[np.float32]
Keys = NDArray[np.uint64]
Places = NDArray[np.intp]

MULTIPLIERS: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
LAST_MULTIPLIER: Final = np.uint64(0xD6E8FEB86659FD93)
HALF: Final = np.uint64(32)
EDGE: Final = 2
"""Words looked at on either side."""
MARKS: Final = frozenset("、。，,.!?！？…;；「」()（）")
WORD: Final = re.compile(r"\w")
JOINS: Final = frozenset(["and", "but", "so", "because", "when", "then", "which", "or", "until", "if"])
"""English words that open a piece of a sentence."""
LEANING: Final = ("助詞", "助動詞", "接尾辞", "補助記号-句点", "補助記号-読点")
"""Parts of speech that lean on the word before."""
RUNS_ON: Final = frozenset(["て", "で"])
"""Conjunctive particles that do not end a piece."""


class Words(NamedTuple):
    """A sentence as arrays over its words; the keys have `EDGE` empty words more on either side."""

    lemma: Keys
    tag: Keys
    inflection: Keys
    mark: NDArray[np.bool_]
    counts: NDArray[np.bool_]
    """Whether a word holds a letter or digit: others do not count as evidence."""
    opens: NDArray[np.bool_]
    """Whether evidence may begin at a word: readers begin none at a particle, an ending or a mark."""
    piece: Places
    """The number of the piece (between marks and conjunctions) a word stands in."""


class Read(NamedTuple):
    """Hashed features before their last step: (templates, words), those that are told apart by stage and the others."""

    plain: Keys
    by_stage: Keys


@lru_cache(maxsize=1 << 16)
def key(text: str) -> int:
    """Return the number of an attribute's value, never nought."""
    return crc32(text.encode("utf-8", "replace")) + 1


def words_of(tokens: Sequence[Token], lang: str) -> Words:
    """Return the arrays of a sentence."""
    mark = np.array([token.text in MARKS for token in tokens], np.bool_)
    if lang == "en":
        tags, inflections = [_english_tag(token) for token in tokens], [token.lemma[-3:] for token in tokens]
        opens = [token.lemma in JOINS for token in tokens]
    else:
        tags, inflections = [token.tag for token in tokens], [token.inflection for token in tokens]
        closes = [token.tag == "助詞-接続助詞" and token.lemma not in RUNS_ON for token in tokens]
        opens = [False, *closes[:-1]]
    return Words(
        lemma=_padded([token.lemma for token in tokens]),
        tag=_padded(tags),
        inflection=_padded(inflections),
        mark=mark,
        counts=np.array([WORD.search(token.text) is not None for token in tokens], np.bool_),
        opens=np.array([not place or not tag.startswith(LEANING) for place, tag in enumerate(tags)], np.bool_),
        piece=np.cumsum(np.append(False, mark[:-1]) | np.array(opens, np.bool_)),
    )


def _english_tag(token: Token) -> str:
    if not WORD.search(token.text):
        return "補助記号-句点" if token.text in ".!?" else "補助記号-読点"
    return "number" if token.text[0].isdigit() else "name" if token.text[0].isupper() else "word"


def _padded(values: Sequence[str]) -> Keys:
    found = np.zeros(len(values) + 2 * EDGE, np.uint64)
    found[EDGE : len(values) + EDGE] = [key(value) for value in values]
    return found


def _step(count: NDArray[np.intp]) -> NDArray[np.intp]:
    return _STEPS[np.minimum(count, len(_STEPS) - 1)]


_STEPS: Final = np.array([0, 1, 2, 3, 4, 5, 6, 6, 7, 7, 7, 8, 8, 8, 8, *[9] * 7, 10], np.intp)

_ROWS: Final = [
    "none",
    "lemma-2",
    "lemma-1",
    "lemma",
    "lemma+1",
    "lemma+2",
    "tag-2",
    "tag-1",
    "tag",
    "tag+1",
    "tag+2",
    "inflection-1",
    "inflection",
    "inflection+1",
    "end_lemma",
    "end_tag",
    "end_inflection",
    "first_lemma",
    "before_lemma",
    "before_tag",
    "after_lemma",
    "since",
    "until",
    "since2",
    "until2",
    "clause",
    "clauses_left",
    "clauses",
    "at",
    "left",
    "at2",
    "left3",
    "length",
    "share",
]
_PLAIN: Final = [
    "lemma-2", "lemma+2", "tag-2", "tag+2", "tag-1 tag", "tag tag+1", "inflection", "inflection-1", "inflection tag+1",
    "tag lemma+1", "lemma tag+1", "lemma-1 tag", "tag-1 tag tag+1", "tag tag+1 tag+2", "tag-2 tag-1 tag", "since", "until",
    "since2 until", "until2 since", "clause clauses", "share", "at2 length", "left3 length", "after_lemma", "first_lemma",
    "end_tag end_inflection", "before_tag",
]  # fmt: skip
_BY_STAGE: Final = [
    "none", "lemma", "lemma-1", "lemma+1", "tag", "tag-1", "tag+1", "lemma lemma+1", "lemma-1 lemma", "clause",
    "clauses_left", "at", "left", "end_lemma", "before_lemma",
]  # fmt: skip


def _templates(written: Sequence[str], first_seed: int) -> tuple[NDArray[np.intp], Keys]:
    """Return which rows each template joins, shape (3, templates), and its seed, shape (templates, 1)."""
    rows = [[_ROWS.index(name) for name in one.split()] for one in written]
    seeds = np.array([[key(f"seed {first_seed + place}")] for place in range(len(written))], np.uint64)
    return np.array([row + [0] * (3 - len(row)) for row in rows]).T, seeds << np.uint64(20)


_PLAIN_TEMPLATES: Final = _templates(_PLAIN, 0)
_STAGE_TEMPLATES: Final = _templates(_BY_STAGE, 100)


def read(words: Words) -> Read:
    """Return the hashed features of every word."""
    size = len(words.mark)
    around = [keys[EDGE + by : EDGE + by + size] for keys in (words.lemma, words.tag) for by in (-2, -1, 0, 1, 2)]
    bent = [words.inflection[EDGE + by : EDGE + by + size] for by in (-1, 0, 1)]
    rows = np.vstack(
        [np.zeros(size, np.uint64), *around, *bent, _clauses(words), _counted(words.mark).astype(np.uint64)]
    )
    plain, by_stage = (
        (rows[which] * MULTIPLIERS[:, None, None]).sum(axis=0, dtype=np.uint64) + seeds
        for which, seeds in (_PLAIN_TEMPLATES, _STAGE_TEMPLATES)
    )
    return Read(plain, by_stage)


def _clauses(words: Words) -> Keys:
    """Return words at the edges of each word's clause and of its neighbours, shape (7, words); a clause ends at a mark."""
    size = len(words.mark)
    place = np.arange(size)
    last_mark = np.maximum.accumulate(np.where(words.mark, place, -1))
    next_mark = np.minimum.accumulate(np.where(words.mark, place, size)[::-1])[::-1]
    end, first = next_mark - 1 + EDGE, last_mark + 1 + EDGE
    before, after = np.maximum(last_mark - 1 + EDGE, 0), np.minimum(next_mark + 1 + EDGE, size + EDGE)
    lemma, tag = words.lemma, words.tag
    return np.stack(
        [lemma[end], tag[end], words.inflection[end], lemma[first], lemma[before], tag[before], lemma[after]]
    )


def _counted(mark: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return where each word stands, in steps, shape (13, words)."""
    size = len(mark)
    place = np.arange(size)
    since = place - np.maximum.accumulate(np.where(mark, place, -1))
    until = np.minimum.accumulate(np.where(mark, place, size)[::-1])[::-1] - place
    clause = np.cumsum(mark)
    left = size - 1 - place
    return np.stack(
        [
            _step(since), _step(until), np.minimum(since, 2), np.minimum(until, 2), np.minimum(clause, 4),
            np.minimum(clause[-1] - clause, 4), np.full(size, min(int(clause[-1]) + 1, 5)), _step(place), _step(left),
            np.minimum(place, 2), np.minimum(left, 3), np.full(size, int(_step(np.array(size)))), 10 * place // size,
        ]
    )  # fmt: skip


def hashed(keys: Keys, bits: int) -> Places:
    """Return places in a table of 2 ** bits."""
    mixed = (keys ^ (keys >> HALF)) * LAST_MULTIPLIER
    return (mixed >> np.uint64(64 - bits)).astype(np.intp)
