"""The one road of product, subscription and event files: read, compared with what is in force, written aside."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from app.core.i18n import N_
from app.purchases.catalogue.queries import imports_of
from app.purchases.files.dates import DateColumn
from app.purchases.files.names import HELD, ORIGINAL
from app.purchases.files.reading import find_format, first_rows
from app.purchases.files.refused import FileRefused
from app.purchases.identity.keys import customer_keys
from app.purchases.import_schemas import HeldBack, Mapping
from app.purchases.models import FileTable, ImportRun
from app.purchases.other.small_table import (
    Cells,
    RowHeld,
    TableRead,
    TableSpec,
    make_report,
    propose,
    read_table,
    refuse_empty,
    write_held,
)
from app.purchases.store import OrdersStore, settle

if TYPE_CHECKING:
    from app.jobs.schemas import JobServices
    from app.purchases.files.prepare import Prepared

Row = dict[str, Any]
EPOCH = date(1970, 1, 1)
DAY = timedelta(days=1) // timedelta(microseconds=1)
WHO = ("customer_key", "email", "phone", "customer_name")
COMMON = (("source", pa.string()), ("import_number", pa.int64()), ("line", pa.int64()))
NOT_A_DAY = N_("This is not a date.")
NOBODY = N_("No customer number, mail address, or phone with name tells whose row this is.")
TOO_LONG = N_("This is longer than {most} characters.")


@dataclass(frozen=True)
class Road:
    """What is its own about one table: columns, how a row is read, what names it, where its file lies.

    `key` tells what makes a row the same row in a later file. Rows `of_customers` may name a customer; where rows are
    `numbered`, equal rows of a file are each taken and told apart by `nth`.
    """

    table: FileTable
    spec: TableSpec
    parse: Callable[[Cells, "Days"], Row]
    columns: tuple[tuple[str, pa.DataType], ...]
    key: Callable[[Row], tuple[Any, ...]]
    day_column: str
    path: Callable[[OrdersStore, str], Path]
    of_customers: bool = False
    numbered: bool = False

    @property
    def schema(self) -> pa.Schema:
        """Return the columns of its Parquet files."""
        return pa.schema((*COMMON, *self.columns))

    @property
    def prepared(self) -> str:
        """Return the name of its file among the uploads."""
        return f"{self.table.value}.parquet"


class Days:
    """Reads the days of one file, all in one style."""

    def __init__(self, mapping: Mapping, order: str = "") -> None:
        """Take the order of day and month that a person or the file itself has said."""
        self.column = DateColumn(order=order or mapping.date_order)

    def day(self, cells: Cells, name: str) -> date | None:
        """Return the day in a cell, None where it is empty.

        Raises:
            RowHeld: it is not a date.
        """
        text = cells.get(name, "")
        if not text:
            return None
        micros = self.column.micros(text)
        if micros is None:
            raise RowHeld(name, NOT_A_DAY)
        return EPOCH + timedelta(days=micros // DAY)


def text(cells: Cells, name: str, most: int) -> str:
    """Return a cell of at most so many characters.

    Raises:
        RowHeld: it is longer.
    """
    found = cells.get(name, "")
    if len(found) > most:
        raise RowHeld(name, LONG_CELLS[most])
    return found


LONG_CELLS = {
    64: N_("This is longer than 64 characters."),
    120: N_("This is longer than 120 characters."),
    255: N_("This is longer than 255 characters."),
    500: N_("This is longer than 500 characters."),
    2000: N_("This is longer than 2,000 characters."),
}


def check(road: Road, services: "JobServices", run: ImportRun, progress: Callable[[int], None]) -> "Prepared":
    """Read an uploaded file and write its rows beside it; nothing of it is in the store yet.

    Raises:
        FileRefused: the whole file cannot be taken, or every row was held back.
    """
    from app.core.database import read_session
    from app.purchases.files.prepare import Prepared

    store: OrdersStore = services.orders
    folder = store.upload_dir(run.public_id)
    original = folder / ORIGINAL
    read = _read(original, Mapping.model_validate(run.mapping), road, progress)
    if road.of_customers:
        read = _with_customers(read, store.secret)
    with read_session(services.engine) as session:
        earlier = imports_of(session, road.table, source=run.source)
    rows = [row | {"source": run.source, "import_number": run.id, "line": line} for line, row in read.rows]
    if road.numbered:
        _number(rows, road)
    known, changed = _compared(rows, in_force(road, [road.path(store, name) for name in earlier]), road)
    _write(rows, road, folder / road.prepared)
    write_held(original, read, folder / HELD)
    report = make_report(
        read,
        known=known,
        changed=changed,
        customers=len({row["customer_id"] for row in rows if row.get("customer_id")}),
        product_codes=len({row["product_code"] for row in rows if row.get("product_code")}),
        exact_repeats=len(rows) - len({road.key(row) for row in rows}),
    )
    return Prepared(report, read.mapping, read.held)


def settle_prepared(road: Road, store: OrdersStore, folder: Path, public_id: str) -> None:
    """Move the prepared files to their final names; run again after a crash it finds them already there."""
    for name, final in ((HELD, store.held_path(public_id)), (road.prepared, road.path(store, public_id))):
        if (folder / name).exists():
            settle(folder / name, final)


def in_force(road: Road, files: Sequence[Path]) -> dict[tuple[Any, ...], Row]:
    """Return the rows of these imports, oldest first; the newest word on each key stands."""
    return {road.key(row): row for row in rows_of(road, files)}


def rows_of(road: Road, files: Sequence[Path]) -> Iterator[Row]:
    """Yield every row of these imports."""
    for path in files:
        if path.exists():
            yield from pq.read_table(path, schema=road.schema, use_threads=False).to_pylist()


def _read(
    original: Path, mapping: Mapping, road: Road, progress: Callable[[int], None], order: str = ""
) -> TableRead[Row]:
    if not mapping.columns:
        headers, _ = first_rows(original, find_format(original, mapping.encoding))
        mapping = mapping.model_copy(update={"columns": propose(headers, road.spec)})
    days = Days(mapping, order)
    refused: FileRefused | None = None
    try:
        read = read_table(original, mapping, road.spec, lambda cells: road.parse(cells, days), progress)
    except FileRefused as fault:
        if fault.code != "all_held_back" or order:
            raise
        refused = fault
    wanted = None if order else days.column.order_to_use(mapping.columns.get(road.day_column, ""))
    if wanted:
        return _read(original, mapping, road, progress, wanted)
    if refused is not None:
        raise refused
    return read


def _with_customers(read: TableRead[Row], secret: bytes) -> TableRead[Row]:
    """Give each row the key of its customer; rows that name somebody we cannot tell are held back."""
    who = {name: [row.pop(name) for _, row in read.rows] for name in WHO}
    keys, kinds = customer_keys(
        who["customer_key"], who["email"], who["phone"], who["customer_name"], secret=secret
    )  # fmt: skip
    kept: list[tuple[int, Row]] = []
    lost: list[HeldBack] = []
    for place, ((line, row), key, kind) in enumerate(zip(read.rows, keys.to_pylist(), kinds.to_pylist(), strict=True)):
        given = next(((name, who[name][place]) for name in WHO if who[name][place]), None)
        if key or (given is None and not row.pop("needs_customer", False)):
            kept.append((line, {**row, "customer_id": key, "customer_key_kind": kind}))
        else:
            name, value = given or ("customer_key", "")
            lost.append(HeldBack(line, read.mapping.columns.get(name, ""), value, NOBODY))
    held = tuple(sorted((*read.held, *lost), key=lambda item: item.line))
    found = replace(read, rows=tuple(kept), held=held)
    refuse_empty(found)
    return found


def _number(rows: Iterable[Row], road: Road) -> None:
    """Number equal rows of one file, so that each of them is taken and none twice."""
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = road.key(row | {"nth": 0})
        row["nth"] = seen[key] = seen.get(key, 0) + 1


def _compared(rows: Sequence[Row], known: dict[tuple[Any, ...], Row], road: Road) -> tuple[int, int]:
    """Return how many rows are known, and how many of those say something else now."""
    names = [name for name, _ in road.columns]
    found = [(row, known[key]) for row in rows if (key := road.key(row)) in known]
    changed = sum(any(new.get(name) != old.get(name) for name in names) for new, old in found)
    return len(found), changed


def _write(rows: Sequence[Row], road: Road, target: Path) -> None:
    ordered = sorted(rows, key=lambda row: (row["source"], str(row.get("customer_id", "")), row["line"]))
    plain = [{name: row.get(name) for name in road.schema.names} for row in ordered]
    table = pa.Table.from_pylist(plain, schema=road.schema)
    pq.write_table(table, target, compression="zstd", row_group_size=5_000)
