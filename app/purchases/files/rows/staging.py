"""First pass over an order file: typed rows, rows held back by their own cells and contact data, as Parquet files."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from app.core.i18n import N_
from app.purchases.files.check.repeats import HASHES, hash_rows
from app.purchases.files.mapping.mapping_file import fit
from app.purchases.files.names import CONTACT_CELLS, ROWS, Numbering
from app.purchases.files.opening.ahead import ahead
from app.purchases.files.opening.blocks import Irregular
from app.purchases.files.opening.cells import Cells
from app.purchases.files.opening.encodings import unreadable
from app.purchases.files.opening.pieces import filled, open_pieces, unpacked_size
from app.purchases.files.opening.row_reader import FileFormat
from app.purchases.files.refused import FileRefused
from app.purchases.files.rows.columns import repeated_places
from app.purchases.files.rows.order_rows import DATES, OrderRows, Piece
from app.purchases.files.values.dates import DateColumn
from app.purchases.import_schemas import Mapping

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Progress = Callable[[int, int], None]
AGAIN = 4
STEPS = frozenset({"line", "import_number", "ordered_at", "ordered_on", "quantity"})
"""Whole numbers kept as the steps between them, of which packing leaves nothing to gain."""


@dataclass
class Staged:
    """The first pass is done; `held_hashes` has the line and a hash of all cells of each row held back."""

    folder: Path
    headers: tuple[str, ...]
    mapping: Mapping
    how: FileFormat
    held: pa.Table
    doubtful: pa.Table
    held_hashes: pa.Table
    rows: int
    unreadable_amounts: int
    emptied: Counter[str]
    cell_by_cell: bool

    @property
    def rows_path(self) -> Path:
        """Return where the typed rows lie."""
        return self.folder / ROWS

    @property
    def contacts_path(self) -> Path:
        """Return where the contact cells lie; there may be none."""
        return self.folder / CONTACT_CELLS


@dataclass
class _Pass:
    """Collects what the pieces of one walk through the file become."""

    connection: "DuckDBPyConnection"
    total_bytes: int
    progress: Progress
    rows: int = 0
    seen_bytes: int = 1
    unreadable: int = 0
    emptied: Counter[str] = field(default_factory=Counter)
    held: list[pa.Table] = field(default_factory=list)
    doubtful: list[pa.Table] = field(default_factory=list)
    hashes: list[pa.Table] = field(default_factory=list)

    def seen(self, cells: Cells) -> None:
        """Say how far the file is read."""
        self.rows += len(cells)
        self.seen_bytes += cells.nbytes
        self.progress(self.rows, max(self.rows, round(self.rows * self.total_bytes / self.seen_bytes)))

    def take(self, cells: Cells, piece: Piece) -> Piece:
        """Keep what is small of a piece."""
        self.seen(cells)
        self.unreadable += piece.unreadable_amounts
        self.emptied.update(piece.emptied)
        self.held.append(piece.held)
        self.doubtful.append(piece.doubtful)
        if len(piece.held):
            self.hashes.append(hash_rows(self.connection, cells, piece.held["line"].combine_chunks()))
        return piece


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the garbage collector still: walking millions of fresh cells, none of them in a cycle, takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def stage(
    path: Path, hows: tuple[FileFormat, ...], mapping: Mapping, *, folder: Path, numbering: Numbering, secret: bytes,
    connection: "DuckDBPyConnection", progress: Progress = lambda *_: None,
) -> Staged:  # fmt: skip
    """Read the file in the first of `hows` that fits it; `progress` gets rows done and expected, and may raise to stop.

    Raises:
        FileRefused: the whole file cannot be taken.
    """
    orders: dict[str, str] = dict.fromkeys(DATES, mapping.date_order)
    reading = _Reading(path, mapping, folder, numbering, secret, connection, progress)
    for how in hows:
        with collector_paused():
            try:
                return reading.in_date_orders(how, orders)
            except UnicodeError:
                continue
    raise unreadable(mapping.encoding)


@dataclass(frozen=True)
class _Reading:
    """One file and everything its walks have in common."""

    path: Path
    mapping: Mapping
    folder: Path
    numbering: Numbering
    secret: bytes
    connection: "DuckDBPyConnection"
    progress: Progress

    def in_date_orders(self, how: FileFormat, orders: dict[str, str]) -> Staged:
        """Walk once; again where only the whole column told how its dates are written."""
        cell_by_cell = False
        for _ in range(AGAIN):
            dates = {name: DateColumn(order, self.mapping.time_zone) for name, order in orders.items()}
            try:
                staged = self._walk(how, dates, cell_by_cell=cell_by_cell)
            except (Irregular, pa.ArrowInvalid):
                if cell_by_cell:
                    raise
                cell_by_cell = True
                continue
            columns = staged.mapping.columns
            again = {
                name: found for name, dated in dates.items() if (found := dated.order_to_use(columns.get(name, name)))
            }
            if not again:
                return staged
            orders = orders | again
        return staged

    def _repeated(self, headers: tuple[str, ...]) -> frozenset[int]:
        """Return where columns of few distinct values stand; what is filled down is texts."""
        return frozenset() if self.mapping.fill_down else repeated_places(fit(self.mapping, headers).columns, headers)

    def _walk(self, how: FileFormat, dates: dict[str, DateColumn], *, cell_by_cell: bool) -> Staged:
        walk = _Pass(self.connection, unpacked_size(self.path), self.progress)
        reading = open_pieces(
            self.path, how, sheet=self.mapping.sheet, cell_by_cell=cell_by_cell, repeated=self._repeated
        )
        with reading as opened:
            mapping = fit(self.mapping, opened.headers)
            typed = OrderRows(opened.headers, mapping, self.numbering, self.secret, dates, how.encoding)
            pieces = (walk.take(cells, typed.read(cells)) for cells in filled(opened.pieces, opened.headers, mapping))
            write(ahead(pieces), self.folder)
        if not walk.rows:
            raise FileRefused("header_only", N_("The file has a header line but no rows."))
        return Staged(
            folder=self.folder,
            headers=opened.headers,
            mapping=mapping,
            how=how,
            held=pa.concat_tables(walk.held),
            doubtful=pa.concat_tables(walk.doubtful),
            held_hashes=pa.concat_tables([HASHES.empty_table(), *walk.hashes]),
            rows=walk.rows,
            unreadable_amounts=walk.unreadable,
            emptied=walk.emptied,
            cell_by_cell=cell_by_cell,
        )


def write(pieces: Iterator[Piece], folder: Path) -> None:
    """Write the typed rows and the contact cells as they come."""
    writers: dict[str, pq.ParquetWriter] = {}

    def add(name: str, table: pa.Table) -> None:
        if name not in writers:
            (folder / name).unlink(missing_ok=True)
            coded = _coded(table)
            packed = [column for column in table.schema.names if column not in STEPS]
            writers[name] = pq.ParquetWriter(
                folder / name, table.schema, compression=dict.fromkeys(packed, "snappy"), use_dictionary=coded,
                column_encoding=dict.fromkeys(STEPS, "DELTA_BINARY_PACKED"), write_statistics=False, store_decimal_as_integer=True,
            )  # fmt: skip
        writers[name].write_table(table)

    try:
        for piece in pieces:
            add(ROWS, piece.rows)
            if piece.contacts is not None:
                add(CONTACT_CELLS, piece.contacts)
    finally:
        for writer in writers.values():
            writer.close()


def _coded(table: pa.Table) -> list[str]:
    return [name for name in table.schema.names if pa.types.is_dictionary(table.schema.field(name).type)]
