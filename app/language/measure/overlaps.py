"""Sentences that say the same as one of another interview: shared runs of five characters (Japanese) or words (English).

Overlap = shared runs / runs of the shorter sentence. Sentences too short to hold `LEAST` runs are left out: two people may
both say 「母からです」.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.language.script import fold

LENGTH, LEAST, SAME = 5, 6, 0.6
MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Sentence:
    """What is compared: the interview it stands in, its language and its text."""

    interview: str
    lang: str
    text: str


def runs(text: str, lang: str) -> frozenset[str]:
    """Return the 5-grams of a sentence: of words in English, of characters without marks otherwise."""
    plain = fold(text).lower()
    if lang == "en":
        parts: Sequence[str] = MARKS.sub(" ", plain).split()
        return frozenset(" ".join(parts[at : at + LENGTH]) for at in range(len(parts) - LENGTH + 1))
    letters = MARKS.sub("", plain)
    return frozenset(letters[at : at + LENGTH] for at in range(len(letters) - LENGTH + 1))


def repeated(sentences: Iterable[Sentence]) -> list[int]:
    """Return the places of sentences whose overlap with one of another interview is `SAME` or more."""
    given = list(sentences)
    grams = [runs(one.text, one.lang) for one in given]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(grams):
        for run in found:
            holders[run].append(place)
    return [place for place in range(len(given)) if _is_repeated(place, given, grams, holders)]


def _is_repeated(
    place: int, given: Sequence[Sentence], grams: Sequence[frozenset[str]], holders: dict[str, list[int]]
) -> bool:  # fmt: skip
    own = grams[place]
    if len(own) < LEAST:
        return False
    seen = set[int]()
    for run in own:
        for other in holders[run]:
            if other in seen or given[other].interview == given[place].interview:
                continue
            seen.add(other)
            shorter = min(len(own), len(grams[other]))
            if shorter >= LEAST and len(own & grams[other]) / shorter >= SAME:
                return True
    return False
