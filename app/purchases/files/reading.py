"""Reads a delimited text file row by row, with the file's own line numbers and limits against hostile files."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.core.i18n import N_
from app.purchases.files.encodings import UNREADABLE, detect, normal_encoding, open_bytes
from app.purchases.files.refused import FileRefused

LINE_LIMIT = 1_000_000
COLUMN_LIMIT = 2_000
BOM = "\ufeff"
BROKEN_QUOTES = N_("Line {line}: a quotation mark is not closed, or a cell is longer than 131,072 characters.")


@dataclass(frozen=True)
class FileFormat:
    """How a file is written."""

    encoding: str
    delimiter: str


class _Lines:
    """Text lines for the csv reader; refuses NULs and lines no order file has."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self._line = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            text = self._stream.readline(LINE_LIMIT)
        except UnicodeError as error:
            raise FileRefused("encoding_unreadable", UNREADABLE) from error
        if not text:
            raise StopIteration
        self._line += 1
        if self._line == 1:
            text = text.lstrip(BOM)
        if len(text) == LINE_LIMIT:
            raise FileRefused("line_too_long", N_("Line {line} is longer than a million characters."), line=self._line)
        if "\x00" in text:
            raise FileRefused(
                "nul", N_("Line {line} holds a NUL byte, so this is not a plain text file."), line=self._line
            )
        return text


@contextmanager
def open_rows(path: Path, how: FileFormat) -> Iterator[Iterator[tuple[int, list[str]]]]:
    """Yield (line on which the row starts, cells) for every row that is not blank, header included."""
    with open_bytes(path) as binary, io.TextIOWrapper(binary, how.encoding, "strict", newline="") as stream:
        yield _rows(csv.reader(_Lines(stream), delimiter=how.delimiter, strict=True))


def _rows(reader: "csv._reader") -> Iterator[tuple[int, list[str]]]:  # type: ignore[name-defined]  # typeshed hides it
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused("quotes_broken", BROKEN_QUOTES, line=line) from error


def find_format(path: Path, encoding: str = "") -> FileFormat:
    """Return encoding and delimiter; `encoding` given by a person wins over the ladder."""
    found = detect(path)
    if encoding:
        found = normal_encoding(encoding)
    with open_bytes(path) as binary, io.TextIOWrapper(binary, found, "strict", newline="") as stream:
        try:
            header = next(_Lines(stream), "")
        except UnicodeError as error:
            raise FileRefused("encoding_unreadable", UNREADABLE) from error
    counts = {mark: header.count(mark) for mark in (",", "\t", ";")}
    return FileFormat(found, max(counts, key=lambda mark: counts[mark]))


def unique_headers(cells: list[str]) -> tuple[str, ...]:
    """Return header names; a repeated one gets its number: 送料, 送料 (2)."""
    seen: dict[str, int] = {}
    names = []
    for cell in cells:
        name = cell.strip()
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def read_header(rows: Iterator[tuple[int, list[str]]]) -> tuple[str, ...]:
    """Take the first row as the header.

    Raises:
        FileRefused: there is none, or it has an absurd number of columns.
    """
    _, cells = next(rows, (0, []))
    if not any(cell.strip() for cell in cells):
        raise FileRefused("file_empty", N_("The file is empty."))
    if len(cells) > COLUMN_LIMIT:
        raise FileRefused(
            "too_many_columns", N_("The first line has {n} columns; no order file has so many."), n=len(cells)
        )
    return unique_headers(cells)


def first_rows(path: Path, how: FileFormat, count: int = 5) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the header and the first rows.

    Raises:
        FileRefused: no row follows the header.
    """
    with open_rows(path, how) as rows:
        headers = read_header(rows)
        sample = tuple(tuple(cells) for _, (_, cells) in zip(range(count), rows, strict=False))
    if not sample:
        raise FileRefused("header_only", N_("The file has a header line but no rows."))
    return headers, sample
