"""Takes a member file: checks it, keeps attributes and contact data apart, says what of it is known."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from app.core import sql
from app.core.database import read_session
from app.core.i18n import N_
from app.jobs.schemas import JobServices
from app.purchases.files.mapping import presets
from app.purchases.files.names import CONTACTS, HELD, ORIGINAL
from app.purchases.files.opening.pieces import sheets_of
from app.purchases.files.prepare import Prepared
from app.purchases.files.values.dates import DateColumn
from app.purchases.identity.contact_table import ROW_GROUP, finish
from app.purchases.identity.keys import customer_keys
from app.purchases.import_schemas import CheckReport, FilePreview, HeldBack, Mapping
from app.purchases.models import FileTable, ImportRun
from app.purchases.other.member_columns import CONTACT, further, propose_columns
from app.purchases.other.member_columns import SPEC as MEMBER_SPEC
from app.purchases.other.member_rows import NO_KEY, Member, MemberParser
from app.purchases.other.member_store import attribute_files, order_counter
from app.purchases.other.member_values import file_day
from app.purchases.other.small_table import (
    TableRead,
    fits,
    head,
    make_report,
    missing,
    read_table,
    refuse_empty,
    write_held,
)
from app.purchases.store import OrdersStore, settle

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SPEC = MEMBER_SPEC
ATTRIBUTES = "attributes.parquet"
SAMPLE_ROWS, SHOWN_ROWS = 2_000, 200
OLDEST_YEAR = 1880
SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("import_number", pa.int64()),
        ("line", pa.int64()),
        ("customer_id", pa.string()),
        ("customer_key_kind", pa.string()),
        ("name", pa.string()),
        ("value", pa.string()),
    ]
)
"""One row for each attribute of a member, and one without a name for each member."""
TWICE = N_("The member stands in this file more than once with other values; the first row was taken.")


def preview(path: Path, mapping: Mapping) -> FilePreview:
    """Return what is recognised in a member file; what a person chose before stays.

    Raises:
        FileRefused: the file cannot be read at all.
    """
    headers, rows, how = head(path, mapping, SAMPLE_ROWS)
    columns = propose_columns(headers, rows, mapping.columns)
    preset = presets.recognise(headers, FileTable.MEMBERS)
    return FilePreview(
        encoding=how.encoding,
        delimiter=how.delimiter,
        headers=headers,
        rows=rows[:SHOWN_ROWS],
        mapping=mapping.model_copy(update={"columns": columns}),
        unmapped=missing(columns, SPEC),
        recognised_as=preset.name if preset else "",
        unverified=preset.not_verified if preset else (),
        table=FileTable.MEMBERS,
        sheets=sheets_of(path, mapping.sheet),
        rows_above=how.rows_above,
        further=further(headers, columns, rows),
    )


def check(services: JobServices, run: ImportRun, progress: Callable[[int], None]) -> Prepared:
    """Read the whole upload, write what was made of it beside it, return the report.

    Raises:
        FileRefused: the whole file cannot be taken, or every row was held back.
    """
    store: OrdersStore = services.orders
    with read_session(services.engine) as session:
        earlier = attribute_files(session, store, source=run.source)
        counter = order_counter(session, store, run.source)
    return prepare(
        store, store.upload_dir(run.public_id), run, earlier=earlier, in_orders=counter, progress=progress
    )  # fmt: skip


def recount(services: JobServices, run: ImportRun) -> CheckReport:
    """Return the report again against what the store holds now; the files are settled."""
    store: OrdersStore = services.orders
    with read_session(services.engine) as session:
        earlier = attribute_files(session, store, source=run.source)
        counter = order_counter(session, store, run.source)
    old = TypeAdapter(CheckReport).validate_python(run.report)
    mine = store.attributes_path(run.public_id)
    others = [path for path in earlier if path != mine]
    return against_store(store, mine, old, earlier=others, in_orders=counter)


def prepare(
    store: OrdersStore, folder: Path, run: ImportRun, *, earlier: Sequence[Path], in_orders: Callable[[set[str]], int],
    progress: Callable[[int], None],
) -> Prepared:  # fmt: skip
    """Read `folder/original`, write attributes, contact data and held-back rows beside it, return the report.

    `earlier` are the attribute files of the same source; `in_orders` tells how many of some keys have orders.

    Raises:
        FileRefused: the whole file cannot be taken, or every row was held back.
    """
    original = folder / ORIGINAL
    mapping = Mapping.model_validate(run.mapping)
    if not fits(mapping, head(original, mapping)[0]):
        mapping = preview(original, mapping).mapping
    read = _read(original, mapping, newest=run.created_at.year, made_on=file_day(run.file_name), progress=progress)
    keys, kinds = _keys(read, store.secret)
    read, repeats = _one_row_each(read, keys)
    refuse_empty(read)
    table = attribute_table(read, keys, kinds, source=run.source, number=run.id or 0)
    pq.write_table(table, folder / ATTRIBUTES, compression="zstd")
    (folder / CONTACTS).unlink(missing_ok=True)
    if any(any(member.contact) for _, member in read.rows):
        contacts = contact_table(read, keys, run.source)
        pq.write_table(contacts, folder / CONTACTS, compression="zstd", row_group_size=ROW_GROUP)
    write_held(original, read, folder / HELD)
    found = make_report(read, exact_repeats=repeats)
    report = against_store(store, folder / ATTRIBUTES, found, earlier=earlier, in_orders=in_orders)
    return Prepared(report, read.mapping, read.held)


def settle_prepared(store: OrdersStore, folder: Path, public_id: str) -> None:
    """Move prepared files to their final names; run again after a crash it finds them already there."""
    moves = ((CONTACTS, store.contacts_path), (HELD, store.held_path), (ATTRIBUTES, store.attributes_path))
    for name, final in moves:
        if (folder / name).exists():
            settle(folder / name, final(public_id))


def against_store(
    store: OrdersStore, attributes: Path, old: CheckReport, *, earlier: Sequence[Path], in_orders: Callable[[set[str]], int]
) -> CheckReport:  # fmt: skip
    """Return a report anew against what earlier files and the orders hold now."""
    with store.duckdb() as backend:
        customers, known, changed = _compare(backend.con, attributes, earlier)
    keys = set(pq.read_table(attributes, columns=["customer_id"])["customer_id"].to_pylist())
    there = in_orders(keys)
    known += old.exact_repeats
    return replace(
        old,
        taken=old.rows_read - old.held_back_rows - known,
        known=known,
        changed=changed,
        customers=customers,
        customers_in_orders=there,
        customers_not_in_orders=customers - there,
    )


def _read(
    original: Path, mapping: Mapping, *, newest: int, made_on: date | None, progress: Callable[[int], None]
) -> TableRead[Member]:  # fmt: skip
    """Read the file; where the dates of birth write the day first or are Excel's numbers, read it once more."""
    order: str = mapping.date_order
    for _ in range(2):
        dates = DateColumn(order, years=(OLDEST_YEAR, 2100))
        parser = MemberParser(mapping.columns, dates=dates, newest=newest, made_on=made_on)
        read = read_table(original, mapping, SPEC, parser, progress)
        if "birth_date" not in mapping.columns:
            return read
        again = dates.order_to_use(mapping.columns["birth_date"])
        if again is None:
            return read
        order = again
    return read


def _keys(read: TableRead[Member], secret: bytes) -> tuple[dict[int, str], dict[int, str]]:
    """Return key and kind of key by line."""
    places = [CONTACT.index(name) for name in ("email", "phone", "customer_name")]
    ids = [member.customer_key for _, member in read.rows]
    spare = [[member.contact[place] for _, member in read.rows] for place in places]
    keys, kinds = customer_keys(ids, *spare, secret=secret)
    lines = [line for line, _ in read.rows]
    return dict(zip(lines, keys.to_pylist(), strict=True)), dict(zip(lines, kinds.to_pylist(), strict=True))


def _one_row_each(read: TableRead[Member], keys: dict[int, str]) -> tuple[TableRead[Member], int]:
    """Return the table with one row for each member, and how many rows only say again what an earlier one said."""
    first: dict[str, Member] = {}
    held: list[HeldBack] = []
    repeats: set[int] = set()
    column = read.mapping.columns.get("customer_key", "")
    for line, member in read.rows:
        key = keys[line]
        if not key:
            held.append(HeldBack(line, column, member.customer_key, NO_KEY))
        elif first.setdefault(key, member) == member:
            repeats |= {line} if first[key] is not member else set()
        else:
            held.append(HeldBack(line, column, member.customer_key, TWICE))
    left = read.holding_back(held)
    return replace(left, rows=tuple(row for row in left.rows if row[0] not in repeats)), len(repeats)


def attribute_table(
    read: TableRead[Member], keys: dict[int, str], kinds: dict[int, str], *, source: str, number: int
) -> pa.Table:  # fmt: skip
    """Return the attributes of all members, sorted by customer."""
    rows = sorted(
        (keys[line], name, value, line)
        for line, member in read.rows
        for name, value in (("", ""), *member.attributes)
    )  # fmt: skip
    columns = list(zip(*rows, strict=True))
    found = {
        "source": [source] * len(rows),
        "import_number": [number] * len(rows),
        "line": columns[3],
        "customer_id": columns[0],
        "customer_key_kind": [kinds[line] for line in columns[3]],
        "name": columns[1],
        "value": columns[2],
    }
    return pa.table(found, SCHEMA)


def contact_table(read: TableRead[Member], keys: dict[int, str], source: str) -> pa.Table:
    """Return contact data of all members, sorted by customer."""
    rows = sorted((keys[line], *member.contact) for line, member in read.rows)
    columns = [list(column) for column in zip(*rows, strict=True)]
    return finish(pa.table([[source] * len(rows), *columns], names=["source", "customer_id", *CONTACT]))


def _compare(
    connection: "DuckDBPyConnection", attributes: Path, earlier: Sequence[Path]
) -> tuple[int, int, int]:  # fmt: skip
    """Return members of a file, those of whom every attribute is known already, and those known with another one."""
    mine = f"SELECT customer_id, name, value FROM {sql.parquet(attributes)}"
    if earlier:
        before = f"""SELECT customer_id, name, last(value ORDER BY import_number, line) AS value
            FROM {sql.parquet(*earlier)} GROUP BY customer_id, name"""
    else:
        before = f"{mine} LIMIT 0"
    row = connection.execute(
        f"""SELECT count(*), count(*) FILTER (WHERE NOT differs), count(*) FILTER (WHERE differs AND seen) FROM (
            SELECT mine.customer_id, bool_or(before.value IS DISTINCT FROM mine.value) AS differs,
                bool_or(before.customer_id IS NOT NULL) AS seen
            FROM ({mine}) AS mine LEFT JOIN ({before}) AS before
                ON before.customer_id = mine.customer_id AND before.name = mine.name
            GROUP BY mine.customer_id)"""
    ).fetchone()
    return row if row is not None else (0, 0, 0)
