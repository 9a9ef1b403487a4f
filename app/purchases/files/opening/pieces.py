"""Opens an order file of any kind and yields its rows piece by piece, the same way for preview and check."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from app.core.i18n import N_
from app.purchases.files.mapping.headers import LINE_CELLS
from app.purchases.files.opening.ahead import ahead
from app.purchases.files.opening.blocks import Block, blocks_of_rows
from app.purchases.files.opening.cells import Cells, cells_of_block, cells_of_rows, without_blank_rows
from app.purchases.files.opening.containers import open_container
from app.purchases.files.opening.encodings import begins_as, errors_in, ladder, normal_encoding, unreadable
from app.purchases.files.opening.fill_down import FillDown
from app.purchases.files.opening.row_reader import (
    COLUMN_LIMIT,
    FileFormat,
    RowReader,
    format_of,
    guarded_text,
    unique_headers,
    written_rows,
)
from app.purchases.files.opening.titles import LOOKED_AT, rows_above
from app.purchases.files.refused import FileRefused
from app.purchases.files.rows.columns import places_of
from app.purchases.import_schemas import Mapping

CHUNK = 50_000
HEADER_BYTES = 4 << 20
SAMPLE = 200
HEAD_BYTES = 1 << 20
SHEET = "xlsx"
EMPTY = N_("The file is empty.")
Rows = tuple[tuple[str, ...], ...]
Repeated = Callable[[tuple[str, ...]], frozenset[int]]


@dataclass(frozen=True)
class Opened:
    """A file whose header was read; `pieces` may be walked once, rows with nothing in them are left out."""

    headers: tuple[str, ...]
    pieces: Iterator[Cells]

    def __post_init__(self) -> None:
        """Leave out the rows with nothing in them."""
        written = map(without_blank_rows, self.pieces)
        object.__setattr__(self, "pieces", (cells for cells in written if len(cells)))


@contextmanager
def open_pieces(
    path: Path, how: FileFormat, *, sheet: str = "", cell_by_cell: bool = False, chunk: int = CHUNK,
    wanted: Callable[[Block], bool] | None = None, repeated: Repeated | None = None,
) -> Iterator[Opened]:  # fmt: skip
    """Yield the header and the rows of a file; blocks that are not `wanted` are left out where the file is read so.

    `repeated` tells from the headers at which places columns of few distinct values stand: they may come as codes.

    Raises:
        Irregular: rows cannot be told by looking at bytes; open it again `cell_by_cell`.
        UnicodeError: the text is not in this encoding.
        FileRefused: the file cannot be read at all.
    """
    with open_container(path, sheet=sheet) as container:
        if container.kind == "rows":
            yield _sheet(container.rows(how.rows_above), chunk)
        elif cell_by_cell:
            with container.open() as stream, guarded_text(stream, how.encoding) as lines:
                yield _row_by_row(RowReader(lines, how.delimiter), how.rows_above, chunk)
        else:
            with container.open() as stream:
                reading = blocks_of_rows(stream, how.encoding, how.delimiter)
                yield _block_by_block(reading, how, wanted, repeated)


def _sheet(rows: Iterator[tuple[int, list[str]]], size: int) -> Opened:
    headers = checked_header(next(rows, (0, []))[1])

    def pieces() -> Iterator[Cells]:
        while chunk := list(islice(rows, size)):
            yield cells_of_rows([line for line, _ in chunk], [cells for _, cells in chunk], len(headers))

    return Opened(headers, pieces())


def _row_by_row(reader: RowReader, above: int, size: int) -> Opened:
    chunks = reader.chunks(size)
    headers = checked_header(_header(reader, above))
    return Opened(headers, (cells_of_rows(lines, rows, len(headers)) for lines, rows in chunks))


def _header(reader: RowReader, above: int) -> list[str]:
    return next(islice(written_rows(reader), above, None), [])


def _block_by_block(
    blocks: Iterator[Block], how: FileFormat, wanted: Callable[[Block], bool] | None, repeated: Repeated | None
) -> Opened:
    first = next(blocks, None)
    if first is None:
        raise FileRefused("file_empty", EMPTY)
    cells, rest = _split_header(first, how)
    headers = checked_header(cells)

    def every() -> Iterator[Block]:
        if rest.lines:
            yield rest
        yield from blocks

    blocks_chosen = filter(wanted, every()) if wanted else every()
    places = repeated(headers) if repeated else frozenset()

    def pieces() -> Iterator[Cells]:
        for block in ahead(blocks_chosen):
            yield from filter(len, cells_of_block(block, len(headers), how.delimiter, places))

    return Opened(headers, ahead(pieces()))


def _split_header(block: Block, how: FileFormat) -> tuple[list[str], Block]:
    head = block.data[: block.data.rfind(b"\n", 0, HEADER_BYTES) + 1] or block.data
    lines = io.TextIOWrapper(io.BytesIO(head), block.encoding, errors_in(block.encoding), newline="")
    reader = RowReader(lines, how.delimiter)
    header = _header(reader, how.rows_above)
    used = reader.lines_read
    place = 0
    for _ in range(used):
        place = block.data.find(b"\n", place) + 1
    return header, replace(block, first_line=block.first_line + used, data=block.data[place:], lines=block.lines - used)


def checked_header(cells: list[str]) -> tuple[str, ...]:
    """Return the names of the columns; repeated ones get their number.

    Raises:
        FileRefused: there is none, or it has an absurd number of columns.
    """
    if not any(cell.strip() for cell in cells):
        raise FileRefused("file_empty", EMPTY)
    if len(cells) > COLUMN_LIMIT:
        raise FileRefused(
            "too_many_columns", N_("The header has {n} columns; no order file has so many."), n=len(cells)
        )
    return unique_headers(cells)


def ways_to_read(path: Path, mapping: Mapping) -> tuple[FileFormat, ...]:
    """Return how the file may be written, likeliest first; an encoding given by a person is the only one.

    Raises:
        FileRefused: the file cannot be read at all.
    """
    with open_container(path, sheet=mapping.sheet) as container:
        if container.kind == "rows":
            return (FileFormat(SHEET, "", rows_above([cells for _, cells in islice(container.rows(), LOOKED_AT)])),)
        with container.open() as stream:
            head = stream.read(HEAD_BYTES)
    encodings = ladder(head)
    if mapping.encoding and mapping.encoding != SHEET:
        encodings = (normal_encoding(mapping.encoding),)
        if not begins_as(head, encodings[0]):
            raise unreadable(mapping.encoding)
    return tuple(format_of(head, encoding) for encoding in encodings)


def sheets_of(path: Path, sheet: str) -> tuple[str, ...]:
    """Return the names of a workbook's sheets; none for a text file."""
    with open_container(path, sheet=sheet) as container:
        return tuple(container.sheets)


def read_head(
    path: Path, hows: tuple[FileFormat, ...], sheet: str, count: int = SAMPLE
) -> tuple[tuple[str, ...], Rows, FileFormat]:
    """Return the header, the first rows, and which of `hows` read them.

    Raises:
        FileRefused: no row follows the header, or none of `hows` reads it.
    """
    for how in hows:
        try:
            with open_pieces(path, how, sheet=sheet, cell_by_cell=True, chunk=count) as opened:
                first = next(opened.pieces, None)
        except UnicodeError:
            continue
        if first is None:
            raise FileRefused("header_only", N_("The file has a header line but no rows."))
        columns = [column.slice(0, count).to_pylist() for column in first.columns]
        return opened.headers, tuple(zip(*columns, strict=True)), how
    raise unreadable()


def filled(pieces: Iterator[Cells], headers: tuple[str, ...], mapping: Mapping) -> Iterator[Cells]:
    """Yield the pieces with an order's own cells repeated on its rows, where the mapping says so."""
    places = {name: places_of(header, headers) for name, header in mapping.columns.items()}
    if not mapping.fill_down or "order_id" not in places:
        return pieces
    wanted = {
        place for name, found in places.items() if name not in LINE_CELLS and name != "order_id" for place in found
    }
    return map(FillDown(places["order_id"][0], tuple(sorted(wanted))).fill, pieces)


def unpacked_size(path: Path) -> int:
    """Return about how many bytes a file unpacks to, to tell how far its reading is."""
    size = path.stat().st_size
    with path.open("rb") as file:
        magic = file.read(4)
        if magic.startswith(b"\x1f\x8b") and size > 8:
            file.seek(-4, io.SEEK_END)
            return max(int(struct.unpack("<I", file.read(4))[0]), size)
    if magic == b"PK\x03\x04":
        with zipfile.ZipFile(path) as packed:
            return sum(info.file_size for info in packed.infolist())
    return size
