"""Placing what a customer said above the time axis: short lines, slots that do not overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from app.language.codebook import Stage

NOT_FIRST = frozenset("、。,.!?」』)ー・ぁぃぅぇぉっゃゅょァィゥェォッャュョ」…")
LINES = 3
SLOT = 150.0
LEVEL = 4
TARGET_GAP = 7.0


@dataclass(frozen=True, slots=True)
class Voice:
    """A quote to pin: its stage, the words, and the day it speaks of (None = before the first order)."""

    stage: Stage
    text: str
    day: int | None


@dataclass(frozen=True, slots=True)
class PlacedVoice:
    """A quote with its corner `x`, its lines, and the x on the axis it points at."""

    stage: Stage
    x: float
    lines: tuple[str, ...]
    target: float
    lead: str


def width_of(text: str) -> float:
    """Return how many full-width characters a text takes."""
    return sum(1.0 if east_asian_width(char) in "WFA" else 0.55 for char in text)


def wrap(text: str, *, width: float, lines: int = LINES) -> tuple[str, ...]:
    """Break a text into at most `lines` lines of `width` full-width characters; what is left over becomes …."""
    done: list[str] = []
    line = ""
    for char in " ".join(text.split()):
        if width_of(line + char) > width and char not in NOT_FIRST:
            done.append(line)
            line = ""
        line += char
    done = [part.strip() for part in [*done, line] if part.strip()]
    if len(done) > lines:
        done = [*done[: lines - 1], done[lines - 1][: max(int(width) - 1, 1)] + "…"]
    return tuple(done)


def spread(targets: Sequence[float], *, left: float, right: float, slot: float) -> list[float]:
    """Return x for each target (rising order): as near as possible, `slot` apart, between `left` and `right`."""
    placed: list[float] = []
    for target in targets:
        placed.append(max(target, placed[-1] + slot if placed else left))
    limit = right - slot
    for at in range(len(placed) - 1, -1, -1):
        placed[at] = min(placed[at], limit)
        limit = placed[at] - slot
    return placed


def place(
    voices: Sequence[tuple[Voice, float]], *, left: float, right: float, top: float, bottom: float
) -> tuple[PlacedVoice, ...]:
    """Place quotes (with the x each points at) in slots above the axis.

    Leader lines run down, across at a level of their own and down to `bottom`, so that no two cross.
    """
    ordered = apart(sorted(voices, key=lambda pair: pair[1]))
    slot = min(SLOT * 1.25, (right - left) / max(len(ordered), 1))
    corners = spread([target - 16 for _, target in ordered], left=left, right=right, slot=slot)
    width = max((slot - 14) / 15.2, 4.0)
    levels = crossings([(corner + 10, target) for corner, (_, target) in zip(corners, ordered, strict=True)])
    return tuple(
        PlacedVoice(
            stage=voice.stage,
            x=round(corner, 1),
            lines=wrap(voice.text, width=width),
            target=target,
            lead=f"M{corner + 10:.1f} {top}V{top + 8 + LEVEL * level}H{target}V{bottom}",
        )
        for (voice, target), corner, level in zip(ordered, corners, levels, strict=True)
    )


def apart(voices: list[tuple[Voice, float]]) -> list[tuple[Voice, float]]:
    """Return the quotes with targets at least a few units apart, so that lines to one day stay lines."""
    found: list[tuple[Voice, float]] = []
    for voice, target in voices:
        least = found[-1][1] + TARGET_GAP if found else target
        found.append((voice, round(max(target, least), 1)))
    return found


def crossings(lines: Sequence[tuple[float, float]]) -> list[int]:
    """Return the level of each line (start x, end x): leftward ones get deeper to the right, rightward ones to the left."""
    leftward = [at for at, (start, end) in enumerate(lines) if end < start]
    rightward = [at for at, (start, end) in enumerate(lines) if end >= start][::-1]
    levels = [0] * len(lines)
    for group in (leftward, rightward):
        for level, at in enumerate(group):
            levels[at] = level
    return levels
