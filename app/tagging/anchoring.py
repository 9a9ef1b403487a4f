"""Finds again, in a changed answer, the sentences and evidence that people have decided on."""

from collections.abc import Sequence
from difflib import SequenceMatcher

ALIKE = 0.6
"""From this similarity on, a changed sentence is taken to be the same one."""


def match_sentences(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """Return for each new sentence the old one it continues: unchanged ones in order first, then moved, then alike."""
    matched: list[int | None] = [None] * len(new)
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            matched[block.b + step] = block.a + step
    free = [index for index in range(len(old)) if index not in matched]
    for index, text in enumerate(new):
        if matched[index] is None:
            found = same_text(old, free, text)
            found = alike(old, free, text) if found is None else found
            if found is not None:
                matched[index] = found
                free.remove(found)
    return matched


def same_text(old: Sequence[str], free: Sequence[int], text: str) -> int | None:
    """Return the first free old sentence with this very text."""
    return next((index for index in free if old[index] == text), None)


def alike(old: Sequence[str], free: Sequence[int], text: str) -> int | None:
    """Return the free old sentence that is most like this text, if any is alike enough."""
    ratios = [(SequenceMatcher(None, old[index], text, autojunk=False).ratio(), -index) for index in free]
    ratio, negative = max(ratios, default=(0.0, 0))
    return -negative if ratio >= ALIKE else None


def move_span(old: str, new: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the evidence stands in the changed sentence, or nothing when it is gone."""
    if old == new:
        return start, end
    words = old[start:end]
    places = [at for at in range(len(new) - len(words) + 1) if new.startswith(words, at)] if words else []
    if not places:
        return None
    at = min(places, key=lambda place: abs(place - start))
    return at, at + len(words)
