"""The one road of product, subscription and event files: read, compared with what is in force, written aside."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from app.core.database import read_session
from app.core.i18n import N_
from app.jobs.schemas import JobServices
from app.purchases.catalogue.queries import imports_of
from app.purchases.files.mapping import presets
from app.purchases.files.mapping.mapping_file import vanished
from app.purchases.files.names import HELD, ORIGINAL
from app.purchases.files.opening.pieces import read_head, sheets_of, ways_to_read
from app.purchases.files.refused import FileRefused
from app.purchases.files.values.dates import DateColumn
from app.purchases.identity.keys import customer_keys
from app.purchases.import_schemas import CheckReport, FilePreview, HeldBack, Mapping
from app.purchases.models import FileTable, ImportRun
from app.purchases.other.member_store import order_counter
from app.purchases.other.small_table import (
    Cells,
    RowHeld,
    TableRead,
    TableSpec,
    fits,
    make_report,
    missing,
    parts_of,
    propose,
    read_table,
    refuse_empty,
    write_held,
)
from app.purchases.store import OrdersStore, settle

if TYPE_CHECKING:
    from app.purchases.files.prepare import Prepared

Row = dict[str, Any]
EPOCH = date(1970, 1, 1)
DAY = timedelta(days=1) // timedelta(microseconds=1)
WHO = ("customer_key", "email", "phone", "customer_name")
COMMON = (("source", pa.string()), ("import_number", pa.int64()), ("line", pa.int64()))
NOT_A_DAY = N_("This is not a date.")
NOBODY = N_("No customer number, mail address, or phone with name tells whose row this is.")
REPORT = TypeAdapter(CheckReport)


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

    def preview(self, path: Path, mapping: Mapping) -> FilePreview:
        """Return what is recognised in a file; a mapping that fits it is kept, otherwise one is proposed.

        Raises:
            FileRefused: the file cannot be read at all.
        """
        headers, rows, how = read_head(path, ways_to_read(path, mapping), mapping.sheet)
        preset = presets.recognise(headers, self.table)
        kept = fits(mapping, headers)
        proposed = mapping if kept else self.proposed(headers, mapping)
        return FilePreview(
            encoding=how.encoding,
            delimiter=how.delimiter,
            headers=headers,
            rows=rows,
            mapping=proposed,
            unmapped=missing(proposed.columns, self.spec),
            recognised_as=preset.name if preset else "",
            unverified=preset.not_verified if preset else (),
            left_out=preset.left_out if preset else (),
            table=self.table,
            vanished=() if kept else vanished(mapping, headers),
            sheets=sheets_of(path, mapping.sheet),
            rows_above=how.rows_above,
        )

    def proposed(self, headers: tuple[str, ...], mapping: Mapping) -> Mapping:
        """Return what still stands of a mapping, what a shop's known format gives, and what headers like ours mean."""
        preset = presets.recognise(headers, self.table)
        known = presets.propose(headers, self.table).columns if preset else {}
        known |= {name: header for name, header in mapping.columns.items() if all(parts_of(header, headers))}
        columns = {name: header for name, header in known.items() if self.spec.knows(name)}
        rest = {name: header for name, header in propose(headers, self.spec).items() if header not in columns.values()}
        return mapping.model_copy(update={"columns": rest | columns, "preset": preset.code if preset else ""})

    def check(self, services: JobServices, run: ImportRun, progress: Callable[[int], None]) -> "Prepared":
        """Read an uploaded file and write its rows beside it; nothing of it is in the store yet.

        Raises:
            FileRefused: the whole file cannot be taken, or every row was held back.
        """
        from app.purchases.files.prepare import Prepared

        store: OrdersStore = services.orders
        folder = store.upload_dir(run.public_id)
        read = _read(folder / ORIGINAL, Mapping.model_validate(run.mapping), self, progress)
        if self.of_customers:
            read = _with_customers(read, store.secret)
        rows = [row | {"source": run.source, "import_number": run.id, "line": line} for line, row in read.rows]
        if self.numbered:
            _number(rows, self)
        _write(rows, self, folder / self.prepared)
        write_held(folder / ORIGINAL, read, folder / HELD)
        known, changed = self.compared(services, run, rows)
        customers = {row["customer_id"] for row in rows if row.get("customer_id")}
        there = _with_orders(services, run.source, customers)
        nobodys = [row for row in rows if self.of_customers and not row["customer_id"]]
        report = make_report(
            read,
            known=known,
            changed=changed,
            customers=len(customers),
            customers_in_orders=there,
            customers_not_in_orders=len(customers) - there,
            rows_without_customer=len(nobodys),
            rows_about_product=sum(bool(row["product"]) for row in nobodys),
            product_codes=len({row["product_code"] for row in rows if row.get("product_code")}),
            exact_repeats=len(rows) - len({self.key(row) for row in rows}),
        )
        return Prepared(report, read.mapping, read.held)

    def settle_prepared(self, store: OrdersStore, folder: Path, public_id: str) -> None:
        """Move the prepared files to their final names; run again after a crash it finds them already there."""
        for name, final in ((HELD, store.held_path(public_id)), (self.prepared, self.path(store, public_id))):
            if (folder / name).exists():
                settle(folder / name, final)

    def recount(self, services: JobServices, run: ImportRun) -> CheckReport:
        """Return the report again against what the store holds now; the files are settled."""
        old = REPORT.validate_python(run.report)
        known, changed = self.compared(services, run, list(rows_of(self, [self.path(services.orders, run.public_id)])))
        return replace(old, taken=old.rows_read - old.held_back_rows - known, known=known, changed=changed)

    def compared(self, services: JobServices, run: ImportRun, rows: Sequence[Row]) -> tuple[int, int]:
        """Return how many rows the store knows, and how many of those say something else now."""
        with read_session(services.engine) as session:
            earlier = [name for name in imports_of(session, self.table, source=run.source) if name != run.public_id]
        there = in_force(self, [self.path(services.orders, name) for name in earlier])
        found = [(row, there[key]) for row in rows if (key := self.key(row)) in there]
        changed = sum(any(new.get(name) != old.get(name) for name, _ in self.columns) for new, old in found)
        return len(found), changed


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
        headers, _, _ = read_head(original, ways_to_read(original, mapping), mapping.sheet)
        mapping = road.proposed(headers, mapping)
    days = Days(mapping, order)
    parse = _parser(road, days, presets.get(mapping.preset))
    refused: FileRefused | None = None
    try:
        read = read_table(original, mapping, road.spec, parse, progress)
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


def _parser(road: Road, days: Days, preset: presets.Preset | None) -> Callable[[Cells], Row]:
    """Return what reads one row; where a shop packs several products in a cell, the first of them stands."""
    if preset is None or not preset.multi_value:
        return lambda cells: road.parse(cells, days)
    packed = preset

    def parse(cells: Cells) -> Row:
        single = {name: packed.cell(name, cells[name]) for name in packed.multi_value if cells.get(name)}
        return road.parse(cells | single, days)

    return parse


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


def _with_orders(services: JobServices, source: str, customers: set[str]) -> int:
    if not customers:
        return 0
    with read_session(services.engine) as session:
        return order_counter(session, services.orders, source)(customers)


def _number(rows: Iterable[Row], road: Road) -> None:
    """Number equal rows of one file, so that each of them is taken and none twice."""
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = road.key(row | {"nth": 0})
        row["nth"] = seen[key] = seen.get(key, 0) + 1


def _write(rows: Sequence[Row], road: Road, target: Path) -> None:
    ordered = sorted(rows, key=lambda row: (row["source"], str(row.get("customer_id", "")), row["line"]))
    plain = [{name: row.get(name) for name in road.schema.names} for row in ordered]
    table = pa.Table.from_pylist(plain, schema=road.schema)
    pq.write_table(table, target, compression="zstd", row_group_size=5_000)
