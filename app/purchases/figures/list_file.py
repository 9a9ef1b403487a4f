"""The indexed file that pages read: one SQLite file for each build, written once, then only read."""

import base64
import sqlite3
from binascii import Error as Base64Error
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from app.core.errors import NotFound
from app.core.i18n import N_
from app.purchases.classes import CustomerClass, PurchaseType, count_band, elapsed_band
from app.purchases.schemas import (
    CountElapsedTable,
    CustomerFilters,
    CustomerPage,
    CustomerSummary,
    Overview,
    SortKey,
    StopPoint,
)

UNIT = 10_000
SORTS: tuple[SortKey, ...] = ("last_order_on", "amount", "orders", "first_order_on")
STOP = ("stop_number", "stop_product", "stop_kind", "stop_ending")
FIELDS = tuple(item.name for item in fields(CustomerSummary) if item.name != "stop_point")
COLUMNS = (*FIELDS, *STOP, "count_band", "elapsed_band")
NUMERIC = frozenset(
    {
        "orders",
        "purchase_days",
        "items",
        "amount",
        "days_since_last",
        "r",
        "f",
        "m",
        "decile",
        "super_loyal",
        "stop_number",
    }
)
PREFIXES: dict[str, tuple[str, ...]] = {
    "all": (),
    "class": ("customer_class",),
    "type": ("purchase_type",),
    "cell": ("count_band", "elapsed_band"),
    "count": ("count_band",),
    "elapsed": ("elapsed_band",),
}
BANDS = ("customer_class", "purchase_type", "count_band", "elapsed_band")
FILTER_COLUMNS = {
    "customer_class": "customer_class",
    "purchase_type": "purchase_type",
    "count": "count_band",
    "elapsed": "elapsed_band",
}
HIGHEST: dict[SortKey, str | int] = {
    "last_order_on": "9999-99-99",
    "first_order_on": "9999-99-99",
    "amount": 2**62,
    "orders": 2**62,
}
READ_FIELDS = attrgetter(*FIELDS)
READ_STOP = attrgetter(*(item.name for item in fields(StopPoint)))
AMOUNT_AT = FIELDS.index("amount")
DAYS_AT = (FIELDS.index("first_order_on"), FIELDS.index("last_order_on"))
OVERVIEW = TypeAdapter(Overview)
TABLE = TypeAdapter(CountElapsedTable)
SELECT = ", ".join((*FIELDS, *STOP))


def write(path: Path, customers: Iterable[CustomerSummary], overview: Overview, table: CountElapsedTable) -> None:
    """Write the file; the caller makes it durable and renames it into place."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN")
    typed = ", ".join(f"{name} {_type(name)}" for name in COLUMNS)
    connection.execute(f"CREATE TABLE customer (id INTEGER PRIMARY KEY, {typed})")
    marks = ", ".join("?" * len(COLUMNS))
    counts: Counter[tuple[str, ...]] = Counter()

    def rows() -> Iterable[tuple[Any, ...]]:
        for person in customers:
            row = _pack(person)
            counts[(str(person.customer_class), str(person.purchase_type), row[-2], row[-1])] += 1
            yield row

    connection.executemany(f"INSERT INTO customer ({', '.join(COLUMNS)}) VALUES ({marks})", rows())
    for sort in SORTS:
        for name, prefix in PREFIXES.items():
            connection.execute(f"CREATE INDEX by_{name}_{sort} ON customer ({', '.join((*prefix, sort, 'id'))})")
    connection.execute("CREATE UNIQUE INDEX by_ref ON customer (customer_ref)")
    connection.execute("CREATE INDEX by_number ON customer (customer_id)")
    connection.execute(f"CREATE TABLE people ({', '.join(BANDS)}, people INTEGER)")
    connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?)", [(*key, n) for key, n in counts.items()])
    connection.execute("CREATE TABLE page (name TEXT PRIMARY KEY, content BLOB) WITHOUT ROWID")
    pages = [("overview", OVERVIEW.dump_json(overview)), ("count_elapsed", TABLE.dump_json(table))]
    connection.executemany("INSERT INTO page VALUES (?, ?)", pages)
    connection.execute("COMMIT")
    connection.close()


def _type(name: str) -> str:
    if name == "mean_gap_days":
        return "REAL"
    return "INTEGER" if name in NUMERIC else "TEXT"


def _pack(person: CustomerSummary) -> tuple[Any, ...]:
    values = list(READ_FIELDS(person))
    values[AMOUNT_AT] = int(person.amount * UNIT)
    for place in DAYS_AT:
        values[place] = values[place].isoformat()
    stop = READ_STOP(person.stop_point) if person.stop_point else (None,) * len(STOP)
    return (*values, *stop, count_band(person.orders), elapsed_band(person.days_since_last))


def unpack(row: tuple[Any, ...]) -> CustomerSummary:
    """Return the customer of one row of `SELECT`."""
    values = dict(zip(FIELDS, row, strict=False))
    number, product, kind, ending = row[len(FIELDS) :]
    values |= {
        "amount": Decimal(values["amount"]) / UNIT,
        "first_order_on": date.fromisoformat(values["first_order_on"]),
        "last_order_on": date.fromisoformat(values["last_order_on"]),
        "purchase_type": PurchaseType(values["purchase_type"]),
        "customer_class": CustomerClass(values["customer_class"]),
        "super_loyal": bool(values["super_loyal"]),
        "stop_point": None if number is None else StopPoint(number, product, kind, ending),
    }
    return CustomerSummary(**values)


def read_overview(connection: sqlite3.Connection) -> Overview:
    """Return the overview written with the list."""
    (content,) = connection.execute("SELECT content FROM page WHERE name = 'overview'").fetchone()
    return OVERVIEW.validate_json(content)


def read_table(connection: sqlite3.Connection) -> CountElapsedTable:
    """Return count × elapsed written with the list."""
    (content,) = connection.execute("SELECT content FROM page WHERE name = 'count_elapsed'").fetchone()
    return TABLE.validate_json(content)


def page_sql(filters: CustomerFilters, sort: SortKey) -> str:
    """Return the statement of one keyset page; it names its index, so it never scans."""
    used = [FILTER_COLUMNS[name] for name, value in filters if value is not None]
    fitting = (
        name for name in ("cell", "class", "type", "count", "elapsed", "all") if set(PREFIXES[name]) <= set(used)
    )
    tests = "".join(f"{column} = ? AND " for column in used)
    return (
        f"SELECT {SELECT}, id FROM customer INDEXED BY by_{next(fitting)}_{sort} "
        f"WHERE {tests}({sort}, id) < (?, ?) ORDER BY {sort} DESC, id DESC LIMIT ?"
    )


def read_page(
    connection: sqlite3.Connection, filters: CustomerFilters, sort: SortKey, after: str | None, limit: int
) -> CustomerPage:
    """Return one page, newest or largest first."""
    wanted = [str(value) for _, value in filters if value is not None]
    start = read_cursor(after, sort) if after else (HIGHEST[sort], 0)
    found = connection.execute(page_sql(filters, sort), [*wanted, *start, limit + 1]).fetchall()
    rows = found[:limit]
    tests = " AND ".join(f"{FILTER_COLUMNS[name]} = ?" for name, value in filters if value is not None) or "1"
    (total,) = connection.execute(f"SELECT coalesce(sum(people), 0) FROM people WHERE {tests}", wanted).fetchone()
    more = len(found) > limit
    place = (*FIELDS, *STOP).index(sort)
    return CustomerPage(
        rows=tuple(unpack(row[:-1]) for row in rows),
        total=total,
        after=write_cursor(rows[-1][place], rows[-1][-1]) if more else None,
    )


def write_cursor(value: str | int, row_id: int) -> str:
    """Return where the next page starts, as one opaque word."""
    return base64.urlsafe_b64encode(f"{value}~{row_id}".encode()).decode("ascii").rstrip("=")


def read_cursor(text: str, sort: SortKey) -> tuple[str | int, int]:
    """Return where a page starts.

    Raises:
        NotFound: the word was not made by `write_cursor` for this sort.
    """
    try:
        value, _, row_id = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii").partition("~")
        start = value if isinstance(HIGHEST[sort], str) else _small(value)
        return start, _small(row_id)
    except (ValueError, Base64Error) as error:
        raise NotFound("page_gone", N_("This page of the list does not exist.")) from error


def _small(text: str) -> int:
    value = int(text)
    if abs(value) > 2**62:
        raise ValueError(text)
    return value
