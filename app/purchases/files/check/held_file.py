"""Writes the held-back rows as the file has them, with line and reason in front, so they can be mended."""

import csv
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from app.purchases.files.opening.blocks import blocks_of_rows
from app.purchases.files.opening.cells import Cells, plain_cells, rows_of_block
from app.purchases.files.opening.containers import open_container
from app.purchases.files.opening.pieces import filled, open_pieces
from app.purchases.files.opening.row_reader import RowReader, guarded_text
from app.purchases.files.rows.staging import Staged

Row = tuple[int, Sequence[str]]


def write_held(original: Path, staged: Staged, reasons: Mapping[int, str], target: Path) -> None:
    """Write the rows of these lines; `reasons` has the sentence of each."""
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", *staged.headers])
        if reasons:
            writer.writerows([line, reasons[line], *cells] for line, cells in _rows(original, staged, sorted(reasons)))


def _rows(original: Path, staged: Staged, lines: list[int]) -> Iterator[Row]:
    wanted = frozenset(lines)
    if staged.mapping.fill_down:
        with open_pieces(original, staged.how, sheet=staged.mapping.sheet, cell_by_cell=staged.cell_by_cell) as opened:
            for cells in filled(opened.pieces, opened.headers, staged.mapping):
                yield from _picked(cells, wanted)
        return
    with open_container(original, sheet=staged.mapping.sheet) as container:
        if container.kind == "rows":
            yield from ((line, cells) for line, cells in container.rows(staged.how.rows_above) if line in wanted)
            return
        with container.open() as stream:
            if staged.cell_by_cell:
                with guarded_text(stream, staged.how.encoding) as text:
                    yield from _read(RowReader(text, staged.how.delimiter), wanted)
                return
            for block in blocks_of_rows(stream, staged.how.encoding, staged.how.delimiter):
                place = bisect_left(lines, block.first_line)
                if place < len(lines) and lines[place] < block.first_line + block.lines:
                    plain = plain_cells(block, len(staged.headers), staged.how.delimiter)
                    if plain is not None:
                        yield from _picked(plain, wanted)
                    else:
                        yield from _read(rows_of_block(block, staged.how.delimiter), wanted)


def _read(reader: RowReader, wanted: frozenset[int]) -> Iterator[Row]:
    for lines, rows in reader.chunks(10_000):
        yield from ((line, cells) for line, cells in zip(lines, rows, strict=True) if line in wanted)


def _picked(cells: Cells, wanted: frozenset[int]) -> Iterator[Row]:
    chosen = pc.is_in(cells.lines, value_set=pa.array(sorted(wanted), pa.int64()))
    columns = [column.filter(chosen).to_pylist() for column in cells.columns]
    yield from zip(cells.lines.filter(chosen).to_pylist(), zip(*columns, strict=True), strict=True)
