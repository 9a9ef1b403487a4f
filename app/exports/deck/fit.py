"""Measures text before it is put on a slide: nothing on a slide measures itself.

Widths are in points. A full-width character is one em; a half-width one is taken as 0.6 em, more than
any common face needs, so that a measured text never needs more lines than counted.
"""

import math
import re
import unicodedata
from collections.abc import Sequence

HALF_WIDTH = 0.6
LINE_RATIO = 1.45
"""Line height over type size; set on every paragraph, so that all faces take the same room."""
SAFETY = 0.97
"""Share of the line that is filled: punctuation that may not start a line is pulled over."""
PIECE = re.compile(r"[\x21-\x7e]+|.", re.DOTALL)
BREAK = re.compile(r"[\t\r\n\v\f\x85\u2028\u2029]+")
UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """Return the text on one line without characters that a file cannot hold; spaces at its ends stay."""
    return BREAK.sub(" ", UNWANTED.sub("", text))


def clean(text: str) -> str:
    """Return the printable text without spaces at its ends or doubled ones inside."""
    return " ".join(printable(text).split())


def char_width(char: str) -> float:
    """Return the width of one character in ems."""
    if unicodedata.combining(char):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(char) in "FWA" else HALF_WIDTH


def text_width(text: str, size: float) -> float:
    """Return the width of a text on one line."""
    return sum(char_width(char) for char in text) * size


def wrap(text: str, *, size: float, width: float) -> list[str]:
    """Return the lines a text takes at a type size in a width; words of Latin letters stay whole if they fit."""
    limit = max(width * SAFETY / size, 1.0)
    lines: list[str] = []
    line, used = "", 0.0
    for piece in pieces(text, limit):
        room = sum(char_width(char) for char in piece)
        if line and used + room > limit:
            lines.append(line)
            line, used = piece.lstrip(), 0.0 if piece.isspace() else room
            continue
        line, used = line + piece, used + room
    return [*lines, line] if line or not lines else lines


def pieces(text: str, limit: float) -> list[str]:
    """Return what may not be broken: single characters and Latin words shorter than the line."""
    found: list[str] = []
    for piece in PIECE.findall(text):
        found += [piece] if len(piece) * HALF_WIDTH <= limit else list(piece)
    return found


def line_count(text: str, *, size: float, width: float) -> int:
    """Return the number of lines, at least one."""
    return len(wrap(text, size=size, width=width))


def height(lines: int, size: float) -> float:
    """Return the height of some lines."""
    return lines * size * LINE_RATIO


def lines_in(room: float, size: float) -> int:
    """Return how many lines fit a height."""
    return math.floor(room / (size * LINE_RATIO) + 1e-6)


def cut(text: str, *, size: float, width: float, lines: int) -> list[str]:
    """Return the text in parts of at most `lines` lines each; nothing is dropped."""
    wrapped = wrap(text, size=size, width=width)
    return ["".join(wrapped[start : start + lines]) for start in range(0, len(wrapped), max(lines, 1))]


def shorten(text: str, *, size: float, width: float, lines: int) -> str:
    """Return the text, or its beginning with an ellipsis where it takes more lines than there are."""
    wrapped = wrap(text, size=size, width=width)
    if len(wrapped) <= lines:
        return text
    kept = "".join(wrapped[:lines])
    while kept and line_count(kept + "…", size=size, width=width) > lines:
        kept = kept[:-1]
    return kept + "…"


def fair_shares(wanted: Sequence[int], room: int) -> list[int]:
    """Return how many lines each row gets of the room: all it wants if that fits, else shares filled evenly."""
    given = [0] * len(wanted)
    left = room
    while left > 0 and any(got < want for got, want in zip(given, wanted, strict=True)):
        for place, want in enumerate(wanted):
            if left > 0 and given[place] < want:
                given[place] += 1
                left -= 1
    return given
