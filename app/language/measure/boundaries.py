"""How well sentences are found: answers written one sentence a line, joined, cut again and compared.

A boundary is counted by the letters and digits before it: blanks and marks at a sentence's edge decide nothing. Only
boundaries inside an answer count; its beginning and end are given.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.language.script import language_of

ENDERS = frozenset("。．！？!?.…")
JOINTS = {"ja": "", "en": " "}


@dataclass(frozen=True)
class Spoken:
    """One answer: its sentences as they were written, in order, and its language."""

    sentences: tuple[str, ...]
    lang: str

    @property
    def text(self) -> str:
        """Return the answer as one text."""
        return JOINTS[self.lang].join(self.sentences)

    @property
    def is_punctuated(self) -> bool:
        """Return whether any mark in it ends a sentence."""
        return not ENDERS.isdisjoint(self.text)

    def boundaries(self) -> set[int]:
        """Return how many letters and digits stand before each inner boundary."""
        return inner(self.sentences)


@dataclass(frozen=True)
class Boundaries:
    """How many boundaries there are, how many were found, and how many of these are right."""

    answers: int
    true: int
    found: int
    right: int

    @property
    def precision(self) -> float | None:
        """Return the share of found boundaries that are right."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Return the share of true boundaries that were found."""
        return self.right / self.true if self.true else None

    @property
    def f1(self) -> float | None:
        """Return F1 = 2 right / (true + found)."""
        return 2 * self.right / (self.true + self.found) if self.true + self.found else None


def answers_of(lines: Iterable[str]) -> Iterator[Spoken]:
    """Yield the answers of a text of the corpus: a line is a sentence, a line with @ begins another answer.

    Heads of interviews and copies (@alt) are passed over; what comes before any @ is an answer too.
    """
    said: list[str] = []
    skipping = False
    for line in (one.strip() for one in [*lines, "@end"]):
        if line.startswith("@"):
            if said:
                yield Spoken(tuple(said), language_of("".join(said)))
            said, skipping = [], line.startswith(("@interview", "@alt"))
        elif line and not skipping:
            said.append(line)


def compare(answers: Sequence[Spoken], found: Sequence[Sequence[str]]) -> Boundaries:
    """Return how well the sentences found in answers agree with those written."""
    pairs = [(one.boundaries(), inner(parts)) for one, parts in zip(answers, found, strict=True)]
    return Boundaries(
        answers=len(answers),
        true=sum(len(true) for true, _ in pairs),
        found=sum(len(got) for _, got in pairs),
        right=sum(len(true & got) for true, got in pairs),
    )


def inner(parts: Sequence[str]) -> set[int]:
    """Return how many letters and digits stand before each boundary between parts."""
    places = []
    at = 0
    for part in parts:
        at += sum(char.isalnum() for char in part)
        places.append(at)
    return set(places[:-1]) - {0, at}
