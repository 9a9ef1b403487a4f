"""Reads a delimited text file row by row, with the file's own line numbers and limits against hostile files."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import accumulate, chain, islice, pairwise
from typing import BinaryIO, cast

from app.core.i18n import N_
from app.purchases.files.opening.encodings import errors_in
from app.purchases.files.opening.titles import LOOKED_AT, rows_above
from app.purchases.files.refused import FileRefused

LINE_LIMIT = 1_000_000
COLUMN_LIMIT = 2_000
BOM = "\ufeff"
DELIMITERS = (",", "\t", ";")
HEAD_BYTES = 1 << 18
LINE_BREAK = re.compile(r"\r\n|\r|\n")
QUOTED = re.compile(r'(?:^|(?<=[,;\t\r\n]))"(?:[^"]|"")*"')
NUL = N_("Line {line} holds a NUL byte, so this is not a plain text file.")
BROKEN_QUOTES = N_("Line {line}: a quotation mark is not closed, or a cell is longer than 131,072 characters.")


@dataclass(frozen=True)
class FileFormat:
    """How a file is written, and how many of its rows stand above the header; those with nothing in them do not count."""

    encoding: str
    delimiter: str
    rows_above: int = 0


class _Guarded(io.RawIOBase):
    """Bytes on their way to the decoder; refuses NULs and lines no order file has, before they fill memory."""

    def __init__(self, stream: BinaryIO, *, wide: bool) -> None:
        self._stream = stream
        self._wide = wide
        self._lines = 1
        self._run = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        block = self._stream.read(min(len(view), LINE_LIMIT // 2))
        if not self._wide and b"\x00" in block:
            line = self._lines + block[: block.index(b"\x00")].count(b"\n")
            raise FileRefused("nul", NUL, line=line)
        first, last = block.find(b"\n"), block.rfind(b"\n")
        if self._run + (len(block) if first < 0 else first) > LINE_LIMIT * (2 if self._wide else 1):
            raise FileRefused("line_too_long", N_("Line {line} is longer than a million characters."), line=self._lines)
        self._run = self._run + len(block) if first < 0 else len(block) - last - 1
        self._lines += block.count(b"\n")
        view[: len(block)] = block
        return len(block)


class RowReader:
    """Rows of a delimited file in pieces, each row with the line of the file on which it starts."""

    def __init__(self, lines: Iterable[str], delimiter: str, first_line: int = 1) -> None:
        self._reader = csv.reader(lines, delimiter=delimiter, strict=True)
        self._next_line = first_line
        self._offset = first_line - 1

    @property
    def lines_read(self) -> int:
        """Return how many lines of the text are used up."""
        return self._reader.line_num

    def chunks(self, size: int) -> Iterator[tuple[list[int], list[list[str]]]]:
        """Yield (starting lines, rows) of at most `size` rows; blank lines are left out."""
        while True:
            lines, rows = self._chunk(size)
            if not rows:
                return
            if [] in rows:
                kept = [place for place, row in enumerate(rows) if row]
                lines, rows = [lines[place] for place in kept], [rows[place] for place in kept]
            if rows:
                yield lines, rows

    def _chunk(self, size: int) -> tuple[list[int], list[list[str]]]:
        rows: list[list[str]] = []
        start = self._next_line
        try:
            rows.extend(islice(self._reader, size))
        except csv.Error as error:
            line = start + sum(map(_lines_of, rows))
            raise FileRefused("quotes_broken", BROKEN_QUOTES, line=line) from error
        self._next_line = self._offset + self._reader.line_num + 1
        if self._next_line - start == len(rows):
            return list(range(start, self._next_line)), rows
        return list(accumulate(map(_lines_of, rows[:-1]), initial=start)), rows


def _without_marks(stream: io.TextIOWrapper) -> Iterator[str]:
    """Return the lines of a stream without the byte order marks (some shops write two) before the first."""
    return chain([next(stream, "").lstrip(BOM)], stream)


def _without_nuls(lines: Iterator[str]) -> Iterator[str]:
    """Return the lines of a UTF-16 file, whose bytes are full of NULs where its text must have none."""
    for number, line in enumerate(lines, 1):
        if "\x00" in line:
            raise FileRefused("nul", NUL, line=number)
        yield line


def _lines_of(row: list[str]) -> int:
    """Return how many lines of the file a row takes: a cell may hold line breaks."""
    return 1 + sum(len(LINE_BREAK.findall(cell)) for cell in row)


@contextmanager
def guarded_text(stream: BinaryIO, encoding: str) -> Iterator[Iterator[str]]:
    """Yield the lines of a stream of bytes, refused as soon as they hold what no order file has."""
    guarded = io.BufferedReader(_Guarded(stream, wide=encoding.startswith("utf-16")), 1 << 18)
    with io.TextIOWrapper(guarded, encoding, errors_in(encoding), newline="") as text:
        lines = _without_marks(text)
        yield _without_nuls(lines) if encoding.startswith("utf-16") else lines


def format_of(head: bytes, encoding: str) -> FileFormat:
    """Return how a file is written: the mark between its cells is that of the first line.

    Where that line has none it may be a title: then it is the mark that the first two neighbouring lines have equally often,
    twice or more, if that shows a header with the title above it.
    """
    text = head[:HEAD_BYTES].decode(encoding, "ignore").lstrip(BOM)
    lines = [line for line in QUOTED.sub("x", text).splitlines() if line.strip()]
    for line in filter(_marks, lines[:1]):
        delimiter = max(DELIMITERS, key=line.count)
        return FileFormat(encoding, delimiter, rows_above(_first_rows(text, delimiter)))
    for line in (line for line, after in pairwise(lines[: LOOKED_AT + 1]) if _even(line, after)):
        delimiter = max(DELIMITERS, key=line.count)
        if above := rows_above(_first_rows(text, delimiter)):
            return FileFormat(encoding, delimiter, above)
        break
    return FileFormat(encoding, DELIMITERS[0])


def _marks(line: str) -> bool:
    return any(mark in line for mark in DELIMITERS)


def _even(line: str, after: str) -> bool:
    return any(line.count(mark) == after.count(mark) > 1 for mark in DELIMITERS)


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    """Return the first rows that hold anything, as far as they can be told."""
    rows: list[list[str]] = []
    with suppress(FileRefused):  # the last row of the head may be half a row
        rows.extend(islice(written_rows(RowReader(io.StringIO(text, newline=""), delimiter)), LOOKED_AT))
    return rows


def written_rows(reader: RowReader) -> Iterator[list[str]]:
    """Yield the rows with anything in them, one by one: the reader is not read further than the last one asked for."""
    return (row for _, (row,) in reader.chunks(1) if any(cell.strip() for cell in row))


def unique_headers(cells: list[str]) -> tuple[str, ...]:
    """Return header names; a repeated one gets its number: 送料, 送料 (2)."""
    seen: dict[str, int] = {}
    names = []
    for cell in cells:
        name = cell.strip()
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
