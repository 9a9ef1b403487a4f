"""Cuts a text file into blocks of whole rows as bytes, guarded against what no order file holds."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from app.core.i18n import N_
from app.purchases.files.opening.encodings import CP932, UTF_8, errors_in
from app.purchases.files.opening.row_reader import LINE_LIMIT, NUL
from app.purchases.files.refused import FileRefused

SIZE = 16 << 20
WINDOW = 1 << 17
LINE_FEED, CARRIAGE_RETURN, QUOTE = 10, 13, 34
MARKS = codecs.BOM_UTF8
# no byte of a letter in them is a separator, a quote or a line end (the second of two is 0x40 or more in CP932)
PLAIN = frozenset({UTF_8, CP932})
Bytes = npt.NDArray[np.uint8]
TOO_LONG = N_("Line {line} is longer than a million characters.")


class Irregular(Exception):
    """The quotes or line ends of the file do not let rows be told by looking at bytes; read it cell by cell."""


@dataclass(frozen=True)
class Block:
    """Whole rows: `first_line` is the file's own number of the first, `lines` how many line ends there are.

    `data` is in UTF-8 or CP932, and nobody has looked yet whether all of it is.
    """

    first_line: int
    data: bytes | bytearray
    lines: int
    has_quotes: bool
    encoding: str = UTF_8

    def text(self) -> str:
        """Return the rows decoded.

        Raises:
            UnicodeError: they are not in this encoding.
        """
        return self.data.decode(self.encoding, errors_in(self.encoding))


def blocks_of_rows(stream: BinaryIO, encoding: str, delimiter: str, size: int = SIZE) -> Iterator[Block]:
    """Yield the file in blocks that end where a row ends.

    Raises:
        UnicodeError: the text is not in this encoding (of those in PLAIN, the cells are decoded later).
        FileRefused: NUL bytes or a line of absurd length.
        Irregular: see there.
    """
    line, rest = 1, b""
    kept = encoding if encoding in PLAIN else UTF_8
    for text in _plain(stream, encoding, size):
        data = bytearray(rest)
        data += text
        if b"\x00" in data:
            raise FileRefused("nul", NUL, line=line + data[: data.index(b"\x00")].count(b"\n"))
        cut = _row_end(data)
        if cut == 0:
            if len(data) > LINE_LIMIT * 4:
                raise FileRefused("line_too_long", TOO_LONG, line=line)
            rest = bytes(data)
            continue
        rest = bytes(data[cut:])
        del data[cut:]
        block = _block(line, data, delimiter, kept)
        yield block
        line += block.lines
    if rest:
        yield _block(line, bytearray(rest + b"\n"), delimiter, kept)


def _plain(stream: BinaryIO, encoding: str, size: int) -> Iterator[bytes]:
    """Yield the stream in its own encoding if that is one of PLAIN, else in UTF-8.

    The byte order marks before its first character are left out (some shops write two).
    """
    decoder = None if encoding in PLAIN else codecs.getincrementaldecoder(encoding)(errors_in(encoding))
    at_start = True
    while raw := stream.read(size):
        text = raw if decoder is None else decoder.decode(raw).encode()
        if at_start:
            while text.startswith(MARKS):
                text = text.removeprefix(MARKS)
            at_start = False
        yield text
    if decoder is not None and (tail := decoder.decode(b"", final=True)):
        yield tail.encode()


def _row_end(data: bytearray) -> int:
    """Return where the last whole row ends: after a line end with an even number of quotes before it."""
    cut = data.rfind(b"\n") + 1
    while cut and b'"' in data and data.count(b'"', 0, cut) % 2:
        cut = data.rfind(b"\n", 0, data.rfind(b'"', 0, cut)) + 1
    return cut


def _block(line: int, data: bytearray, delimiter: str, encoding: str) -> Block:
    every = np.frombuffer(data, np.uint8)
    lines = _lines(line, every)
    has_quotes = b'"' in data
    if has_quotes and _odd_quotes(every, delimiter):
        raise Irregular
    return Block(line, data, lines, has_quotes, encoding)


def _lines(line: int, data: Bytes) -> int:
    """Count the line ends, a window at a time: what is compared stays in the processor's cache.

    Raises:
        Irregular: a carriage return that ends no line.
        FileRefused: a line of absurd length.
    """
    count, may_be_long = 0, False
    for start in range(0, len(data), WINDOW):
        window = data[start : start + WINDOW + 1]  # the byte after it tells whether a last carriage return ends a line
        feeds, returns = window == LINE_FEED, window[:-1] == CARRIAGE_RETURN
        if (returns & ~feeds[1:]).any():
            raise Irregular
        ends = int(np.count_nonzero(feeds[:WINDOW]))
        may_be_long |= not ends
        count += ends
    if may_be_long:
        lengths = np.diff(np.flatnonzero(data == LINE_FEED), prepend=-1)
        if lengths.max(initial=0) > LINE_LIMIT:
            raise FileRefused("line_too_long", TOO_LONG, line=line + int(lengths.argmax()))
    return count


def _odd_quotes(data: Bytes, delimiter: str) -> bool:
    """Return whether a quote stands neither at the edge of a cell nor beside another quote."""
    quotes = np.flatnonzero(data == QUOTE)
    before = data[np.maximum(quotes - 1, 0)]
    after = data[np.minimum(quotes + 1, len(data) - 1)]
    edges = np.array([ord(delimiter), LINE_FEED, QUOTE, CARRIAGE_RETURN], np.uint8)
    fits = np.isin(before, edges[:3]) | (quotes == 0) | np.isin(after, edges)
    return not fits.all()
