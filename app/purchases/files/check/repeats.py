"""Which rows of a file repeat another one exactly: only rows that are held back or equal in what we keep are looked at again."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.purchases.files.opening.blocks import Block
from app.purchases.files.opening.cells import Cells
from app.purchases.files.opening.pieces import filled, open_pieces

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from app.purchases.files.rows.staging import Staged

HASHES = pa.schema([("line", pa.int64()), ("hash", pa.uint64())])


def hash_rows(connection: "DuckDBPyConnection", cells: Cells, lines: pa.Array) -> pa.Table:
    """Return (line, hash of all cells) of these lines of a piece."""
    wanted = pc.is_in(cells.lines, value_set=lines)
    names = [*(f"c{place}" for place in range(len(cells.columns))), "differs"]
    # a row of another width repeats none that fits the header
    differs = np.zeros(len(cells), np.bool_) if cells.differ is None else cells.differ
    rows = pa.table([cells.lines, *cells.columns, differs], ["line", *names]).filter(wanted)
    connection.register("piece", rows)
    found = connection.sql(f"SELECT line, hash({', '.join(names)}) AS hash FROM piece").to_arrow_table()
    connection.unregister("piece")
    return found.cast(HASHES)


def hash_lines(connection: "DuckDBPyConnection", original: Path, staged: "Staged", lines: pa.Array) -> pa.Table:
    """Return (line, hash of all cells) of these lines; blocks of the file without any of them are not read again."""
    places = np.sort(lines.to_numpy())

    def concerned(block: Block) -> bool:
        first = np.searchsorted(places, block.first_line)
        return bool(first < len(places) and places[first] < block.first_line + block.lines)

    found = [HASHES.empty_table()]
    wanted = None if staged.mapping.fill_down else concerned
    with open_pieces(
        original, staged.how, sheet=staged.mapping.sheet, cell_by_cell=staged.cell_by_cell, wanted=wanted
    ) as opened:
        pieces = filled(opened.pieces, opened.headers, staged.mapping)
        found += [hash_rows(connection, cells, lines) for cells in pieces]
    return pa.concat_tables(found)
