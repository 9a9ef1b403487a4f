"""Rows of a file as columns of text, with the line of the file on which each row starts."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from app.purchases.files.opening.blocks import Block
from app.purchases.files.opening.decoding import bytes_of, decoded, lengths_of
from app.purchases.files.opening.encodings import UTF_8
from app.purchases.files.opening.row_reader import RowReader

CODES = pa.dictionary(pa.int32(), pa.binary())
SPACE, ASCII = ord(" "), 0x7F


@dataclass(frozen=True)
class Cells:
    """One piece of a file: `columns` in the order of the header; `differ` marks rows of another width, None for none.

    A column is of texts, or of codes into its distinct texts where it was asked for so and its block was plain. `size`
    is how many bytes of the file the piece was, where that is known.
    """

    lines: pa.Array
    columns: tuple[pa.Array, ...]
    differ: pa.Array | None = None
    size: int | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.lines)

    @property
    def nbytes(self) -> int:
        """Return about how many bytes of the file the piece is."""
        return sum(column.nbytes - 3 * len(column) for column in self.columns) if self.size is None else self.size


def without_blank_rows(cells: Cells) -> Cells:
    """Return the rows in which anything is written: tables saved by Excel end in rows of separators alone."""
    if any(map(_all_written, cells.columns)):
        return cells
    blank = np.ones(len(cells), np.bool_) if cells.differ is None else ~cells.differ.to_numpy(zero_copy_only=False)
    for column in map(as_text, cells.columns):
        blank &= pc.or_(pc.equal(column, ""), pc.utf8_is_space(column)).to_numpy(zero_copy_only=False)
        if not blank.any():
            return cells
    kept = pa.array(~blank)
    differ = None if cells.differ is None else cells.differ.filter(kept)
    columns = tuple(column.filter(kept) for column in cells.columns)
    return replace(cells, lines=cells.lines.filter(kept), columns=columns, differ=differ)


def _all_written(column: pa.Array) -> bool:
    """Return whether each cell surely holds more than spaces: a quick look that most pieces pass."""
    texts = column.dictionary if pa.types.is_dictionary(column.type) else column
    written = bytes_of(texts)
    return len(written) > 0 and written.min() > SPACE and written.max() <= ASCII and lengths_of(texts).min() > 0


def as_text(column: pa.Array) -> pa.Array:
    """Return a column of texts or of codes as texts."""
    return column.dictionary.take(column.indices) if pa.types.is_dictionary(column.type) else column


def cells_of_block(block: Block, width: int, delimiter: str, repeated: frozenset[int] = frozenset()) -> list[Cells]:
    """Return the rows of a block: parsed as a whole where it is plain, else row by row.

    The columns at the places `repeated` hold few distinct values, and are codes if that is no trouble.

    Raises:
        UnicodeError: the block is not in its encoding.
        FileRefused: a quotation mark is not closed.
    """
    plain = plain_cells(block, width, delimiter, repeated)
    if plain is not None:
        return [plain]
    return [cells_of_rows(lines, rows, width) for lines, rows in rows_of_block(block, delimiter).chunks(50_000)]


def plain_cells(block: Block, width: int, delimiter: str, repeated: frozenset[int] = frozenset()) -> Cells | None:
    """Return the rows of a block of which every line is a row of this width; None for any other block."""
    table = _parsed(block, width, delimiter, repeated)
    if table is None or len(table) != block.lines:
        return None
    try:
        columns = tuple(decoded(column.chunk(0), block.encoding) for column in table.columns)
    except UnicodeDecodeError:
        # whether a byte is lost or the file is in another encoding, its whole line tells
        if block.encoding == UTF_8:
            raise
        return plain_cells(replace(block, data=block.text().encode(), encoding=UTF_8), width, delimiter, repeated)
    lines = pa.array(np.arange(block.first_line, block.first_line + block.lines, dtype=np.int64))
    return Cells(lines, columns, size=len(block.data))


def rows_of_block(block: Block, delimiter: str) -> RowReader:
    """Return a reader of the block's rows as they are."""
    return RowReader(io.StringIO(block.text(), newline=""), delimiter, first_line=block.first_line)


def _parsed(block: Block, width: int, delimiter: str, repeated: frozenset[int]) -> pa.Table | None:
    """Return the cells as bytes, in one piece: the threads beside this one have work of their own."""
    names = [str(place) for place in range(width)]
    kinds = {name: CODES if place in repeated else pa.binary() for place, name in enumerate(names)}
    try:
        return arrow_csv.read_csv(
            pa.py_buffer(block.data),
            read_options=arrow_csv.ReadOptions(
                column_names=names, block_size=max(len(block.data), 1), use_threads=False
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=block.has_quotes),
            convert_options=arrow_csv.ConvertOptions(column_types=kinds, strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None


def cells_of_rows(lines: Sequence[int], rows: Sequence[Sequence[str]], width: int) -> Cells:
    """Return rows that were read one by one; short ones are filled, long ones cut, and both marked."""
    differ: list[bool] | None = None
    if set(map(len, rows)) != {width}:
        # empty cells beyond the header are no data
        differ = [len(row) < width or any(row[width:]) for row in rows]
        rows = [(list(row) + [""] * width)[:width] for row in rows]
    columns = tuple(pa.array(column, pa.string()) for column in zip(*rows, strict=True))
    marks = pa.array(differ) if differ and any(differ) else None
    return Cells(pa.array(lines, pa.int64()), columns, marks)
