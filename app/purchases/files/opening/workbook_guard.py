"""Goes through the parts of a workbook block by block before a reader that trusts them lays out a table in memory.

That reader unpacks whatever comes, whatever size was declared, and takes room for every cell between the first and the last: a
file of six kilobytes with one cell far out ends the process. So sizes are counted, and the places of cells looked up, first.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from app.core.i18n import N_
from app.purchases.files.opening.zips import check_declared
from app.purchases.files.refused import FileRefused

BLOCK = 1 << 20
OVERLAP = 64
AREA = 20_000_000
ROWS, COLUMNS = 1_048_576, 16_384  # of a sheet at the most
ENDLESS = 1 << 40
BROKEN = N_("The Excel file is damaged or was not written by a spreadsheet program. Save it again, or as CSV.")
SPARSE = N_(
    "The sheet of the Excel file reaches to row {row} and column {column}, far beyond a table of orders. "
    "Copy the table into a new sheet, or save it as CSV, and try again."
)
LOCAL_HEADER = 30
DEFLATED = -15
# where a cell or row says its place: r="B12", r="12"; XML allows spaces and other quotes, which no program writes
WRITTEN_ODDLY = re.compile(rb"\sr\s{0,16}=\s{0,16}[\"']([A-Za-z]{0,3})(\d{1,9})")
HIDDEN = re.compile(rb"\sr\s{17}|\sr\s{0,16}=\s{17}|\sr\s{0,16}=\s{0,16}[\"'][A-Za-z]{4}")
SHEET_DATA = b"sheetData"


def check_workbook(stream: BinaryIO, entries: list[zipfile.ZipInfo]) -> None:
    """Look through every part.

    Raises:
        FileRefused: parts are larger than declared, packed in a way workbooks are not, or a sheet is far too wide or long.
    """
    check_declared(entries)
    for entry in entries:
        row = column = 0
        last, is_sheet = b"", False
        for block in _blocks(stream, entry):
            seen = last + block
            rows, columns = _extent(seen)
            row, column = max(row, rows), max(column, columns)
            last = seen[-OVERLAP:]
            is_sheet = is_sheet or SHEET_DATA in seen
        if is_sheet and row * max(column, 1) > AREA:
            raise FileRefused("sheet_sparse", SPARSE, row=min(row, ROWS), column=min(column, COLUMNS))


def _blocks(stream: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the part unpacked, and stop where it goes beyond its declared size."""
    packed = _packed(stream, entry)
    if entry.compress_type == zipfile.ZIP_STORED:
        if entry.file_size != entry.compress_size:
            raise FileRefused("xlsx_broken", BROKEN)
        yield from packed
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise FileRefused("xlsx_broken", BROKEN)
    inflate, total = zlib.decompressobj(DEFLATED), 0
    try:
        for piece in packed:
            data = piece
            while data:
                block = inflate.decompress(data, BLOCK)
                data = inflate.unconsumed_tail
                total += len(block)
                if total > entry.file_size:
                    raise FileRefused("xlsx_broken", BROKEN)
                yield block
        yield inflate.flush()
    except zlib.error as error:
        raise FileRefused("xlsx_broken", BROKEN) from error


def _packed(stream: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    stream.seek(entry.header_offset)
    header = stream.read(LOCAL_HEADER)
    if len(header) < LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise FileRefused("xlsx_broken", BROKEN)
    skip = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    place, left = entry.header_offset + LOCAL_HEADER + skip, entry.compress_size
    while left:
        stream.seek(place)
        piece = stream.read(min(BLOCK, left))
        if not piece:
            raise FileRefused("xlsx_broken", BROKEN)
        place, left = place + len(piece), left - len(piece)
        yield piece


def _extent(block: bytes) -> tuple[int, int]:
    """Return the highest row and column that an attribute `r` names."""
    marks = np.frombuffer(block, np.uint8)
    if len(marks) < OVERLAP // 8:
        return 0, 0
    found = np.flatnonzero((marks[:-3] <= ord(" ")) & (marks[1:-2] == ord("r")))
    sign, quote = marks[found + 2], marks[found + 3]
    if bool(((sign <= ord(" ")) | ((sign == ord("=")) & (quote != ord('"')))).any()):
        row, column = _odd_extent(block)
    else:
        row = column = 0
    starts = found[(sign == ord("=")) & (quote == ord('"'))] + 4
    if not len(starts):
        return row, column
    rows, columns = _references(np.concatenate([marks, np.zeros(16, np.uint8)]), starts)
    return max(row, rows), max(column, columns)


def _references(marks: np.ndarray, starts: np.ndarray) -> tuple[int, int]:
    """Return the highest row and column of the references (A1, or 1) that begin at these places."""
    place, column, row = starts.copy(), np.zeros(len(starts), np.int64), np.zeros(len(starts), np.int64)
    letter = np.ones(len(starts), bool)
    for _ in range(3):
        value = marks[place].astype(np.int64) & 0xDF  # upper case
        letter &= (value >= ord("A")) & (value <= ord("Z"))
        column = np.where(letter, column * 26 + value - ord("A") + 1, column)
        place += letter
    if bool((letter & ((marks[place] & 0xDF) >= ord("A")) & ((marks[place] & 0xDF) <= ord("Z"))).any()):
        return ENDLESS, ENDLESS  # no sheet has columns of four letters
    digit = np.ones(len(starts), bool)
    for _ in range(9):
        value = marks[place].astype(np.int64) - ord("0")
        digit &= (value >= 0) & (value <= 9)
        row = np.where(digit, row * 10 + value, row)
        place += digit
    return int(row.max()), int(column.max())


def _odd_extent(block: bytes) -> tuple[int, int]:
    if HIDDEN.search(block):
        return ENDLESS, ENDLESS
    row = column = 0
    for letters, digits in WRITTEN_ODDLY.findall(block):
        row = max(row, int(digits))
        number = 0
        for letter in letters.upper():
            number = number * 26 + letter - ord("A") + 1
        column = max(column, number)
    return row, column
