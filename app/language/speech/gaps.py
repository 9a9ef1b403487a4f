"""What is told of every gap between two words, hashed: the words, their kinds and inflections and the letters around it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from app.language.schemas import Token
from app.language.speech.word_kinds import kind_of

BITS = 18
PLACES = range(-3, 6)
"""The words that are looked at: 0 is the one before the gap, 1 the one after it."""
PAD = max(-PLACES.start, PLACES.stop) + 1

Hashes = NDArray[np.uint64]
Columns = Iterator[tuple[Hashes, ...]]


def features(text: str, tokens: Sequence[Token], ruled: AbstractSet[int], lang: str) -> NDArray[np.intp]:
    """Return (gaps, features) hashed features of the gaps between words; `ruled` are ends of Japanese words where a rule cuts."""
    words = english_columns(tokens) if lang == "en" else japanese_columns(tokens, ruled)
    return mixed([*words, *letter_columns(text, tokens)])


def japanese_columns(tokens: Sequence[Token], ruled: AbstractSet[int]) -> Columns:
    """Yield surface, kind, tag and inflection of words, alone and together, and whether a rule cuts."""
    rule = np.array([token.end in ruled for token in tokens[:-1]], np.uint64)
    words = around([token.text for token in tokens])
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


def english_columns(tokens: Sequence[Token]) -> Columns:
    """Yield words in lower case, their kinds and last letters, alone and together."""
    spelled = [token.lemma.replace("’", "'") for token in tokens]
    words = around(spelled)
    kinds = around(list(map(kind_of, spelled)))
    ends = around([word[-3:] for word in spelled])
    for place in range(-3, 5):
        yield (words[place],)
        yield (kinds[place],)
    yield from ((words[0], words[1]), (words[-1], words[0]), (words[1], words[2]), (words[2], words[3]))
    yield from (tuple(words[place] for place in range(first, first + 3)) for first in (-2, -1, 0, 1))
    yield from (tuple(kinds[place] for place in range(first, last)) for first in range(-3, 1) for last in range(1, 6))
    yield from (tuple(kinds[place] for place in range(1, last)) for last in range(3, 7))
    yield from ((words[0], kinds[1]), (words[0], kinds[1], kinds[2]), (words[0], kinds[1], kinds[2], kinds[3]))
    yield from (
        (words[0], words[1], kinds[2], kinds[3]),
        (words[-1], kinds[0], kinds[1]),
        (words[0], kinds[1], words[2]),
    )
    yield from ((kinds[0], words[1]), (kinds[-1], kinds[0], words[1]), (kinds[-2], kinds[-1], kinds[0], words[1]))
    yield from ((kinds[0], words[1], kinds[2]), (kinds[0], words[1], words[2]), (kinds[0], kinds[1], words[2]))
    yield from ((words[1], kinds[2], kinds[3]), (words[1], words[2], kinds[3]))
    yield from ((ends[0], kinds[1]), (ends[0], kinds[1], kinds[2]))


def letter_columns(text: str, tokens: Sequence[Token]) -> Columns:
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
    return {place: held[PAD + place : PAD + place + gaps] for place in PLACES}


def mixed(columns: Sequence[tuple[Hashes, ...]]) -> NDArray[np.intp]:
    """Return (gaps, columns) one hash below 2^BITS of the parts of each column, different for every number of a column."""
    of_size: dict[int, list[tuple[int, tuple[Hashes, ...]]]] = defaultdict(list)
    for number, parts in enumerate(columns, 1):
        of_size[len(parts)].append((number, parts))
    found = []
    for size, alike in of_size.items():
        total = np.array([[number * 0x9E3779B1] for number, _ in alike], np.uint64)
        for place in range(size):
            total = (total ^ np.stack([parts[place] for _, parts in alike])) * np.uint64(0x9E3779B97F4A7C15)
            total ^= total >> np.uint64(29)
        found.append((total >> np.uint64(8)) & np.uint64(2**BITS - 1))
    return np.concatenate(found).T.astype(np.intp)
