"""The indexed file that pages read: its columns, and how a row becomes a customer again."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from app.purchases.classes import CustomerClass, PurchaseType
from app.purchases.schemas import CountElapsedTable, CustomerSummary, Overview, SortKey, StopPoint

UNIT = 10_000
SORTS: tuple[SortKey, ...] = ("last_order_on", "amount", "orders", "first_order_on")
SORT_COLUMNS: dict[SortKey, str] = {
    "last_order_on": "id", "amount": "amount", "orders": "orders", "first_order_on": "first_day",
}  # fmt: skip
COLUMNS = (
    "customer_ref", "customer_id", "shop", "grp", "orders", "purchase_days", "items", "amount", "first_day", "last_day",
    "marks", "first_product", "stop_number", "stop_product", "channel",
)  # fmt: skip
KINDS = (None, "trial", "single", "subscription")
ENDINGS = (None, "cancelled", "stopped")
EPOCH = date(1970, 1, 1)
OVERVIEW = TypeAdapter(Overview)
TABLE = TypeAdapter(CountElapsedTable)
SELECT = f"SELECT {', '.join(COLUMNS)}, id FROM listed"


class Reader:
    """Makes customers of rows of `SELECT`; words and groups are looked up once each."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Bind to an open list file."""
        self.connection = connection
        self.as_of = read_as_of(connection)
        self.words: dict[int | None, str] = {}
        self.shops = {row[0]: row[1:] for row in connection.execute("SELECT id, source, currency FROM shop")}
        self.groups = {
            row[0]: (PurchaseType(row[1]), CustomerClass(row[2]))
            for row in connection.execute("SELECT grp, purchase_type, customer_class FROM people")
        }
        self.days: dict[int, date] = {}

    def customers(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[CustomerSummary]:
        """Yield the customer of each row."""
        for row in rows:
            yield self.customer(row)

    def customer(self, row: tuple[Any, ...]) -> CustomerSummary:
        """Return the customer of one row of `SELECT`."""
        (
            ref,
            number,
            shop,
            group,
            orders,
            purchase_days,
            items,
            amount,
            first,
            last,
            marks,
            product,
            *stop,
            channel,
            _,
        ) = row
        source, currency = self.shops[shop]
        purchase_type, customer_class = self.groups[group]
        last_on = self.day(last)
        return CustomerSummary(
            customer_ref=ref,
            source=source,
            customer_id=number,
            orders=orders,
            purchase_days=purchase_days,
            items=items,
            amount=Decimal(amount).scaleb(-4),
            currency=currency,
            first_order_on=self.day(first),
            last_order_on=last_on,
            days_since_last=(self.as_of - last_on).days,
            mean_gap_days=(last - first) / (orders - 1) if orders > 1 else None,
            r=marks >> 17 & 7,
            f=marks >> 14 & 7,
            m=marks >> 11 & 7,
            decile=marks >> 7 & 15,
            purchase_type=purchase_type,
            customer_class=customer_class,
            super_loyal=bool(marks >> 6 & 1),
            first_product=self.word(product),
            first_kind=KINDS[marks >> 4 & 3],  # type: ignore[arg-type]  # never none: everybody has a first order
            stop_point=self._stop(marks, *stop),
            sales_channel=self.word(channel),
        )

    def _stop(self, marks: int, number: int | None, product: int | None) -> StopPoint | None:
        if number is None:
            return None
        return StopPoint(number, self.word(product), KINDS[marks >> 2 & 3], ENDINGS[marks & 3])  # type: ignore[arg-type]  # the literals of the two tables

    def day(self, number: int) -> date:
        """Return the day of a number of days since 1970."""
        found = self.days.get(number)
        if found is None:
            found = self.days[number] = EPOCH + timedelta(days=number)
        return found

    def word(self, number: int | None) -> str:
        """Return the text of a product or channel."""
        found = self.words.get(number)
        if found is None:
            row = self.connection.execute("SELECT text FROM word WHERE id = ?", (number,)).fetchone()
            found = self.words[number] = row[0] if row else ""
        return found


def read_as_of(connection: sqlite3.Connection) -> date:
    """Return the day that the list was computed for."""
    (content,) = connection.execute("SELECT content FROM page WHERE name = 'as_of'").fetchone()
    return date.fromisoformat(content.decode("ascii"))


def read_observed_until(connection: sqlite3.Connection) -> date:
    """Return the last day of which orders can be known: the as-of date, or the newest order's where that lies before it."""
    overview = read_overview(connection)
    return overview.observed_until or overview.last_order_on


def read_overview(connection: sqlite3.Connection) -> Overview:
    """Return the overview written with the list."""
    (content,) = connection.execute("SELECT content FROM page WHERE name = 'overview'").fetchone()
    return OVERVIEW.validate_json(content)


def read_table(connection: sqlite3.Connection) -> CountElapsedTable:
    """Return count × elapsed written with the list."""
    (content,) = connection.execute("SELECT content FROM page WHERE name = 'count_elapsed'").fetchone()
    return TABLE.validate_json(content)


def by_refs(connection: sqlite3.Connection, refs: Iterable[str]) -> dict[str, CustomerSummary]:
    """Return the customers of these references by reference; unknown ones are left out."""
    reader = Reader(connection)
    found: dict[str, CustomerSummary] = {}
    for ref in refs:
        row = connection.execute(f"{SELECT} WHERE customer_ref = ?", (ref,)).fetchone()
        if row is not None:
            found[ref] = reader.customer(row)
    return found


def by_number(connection: sqlite3.Connection, customer_id: str) -> list[CustomerSummary]:
    """Return the customers with this number, in any source."""
    rows = connection.execute(f"{SELECT} WHERE customer_id = ? ORDER BY shop", (customer_id,)).fetchall()
    return list(Reader(connection).customers(rows))


def of_class(connection: sqlite3.Connection, customer_class: CustomerClass | None) -> list[CustomerSummary]:
    """Return everybody, or everybody of a class, by source and number."""
    reader = Reader(connection)
    if customer_class is None:
        found = list(reader.customers(connection.execute(SELECT)))
    else:
        groups = [number for number, (_, kind) in reader.groups.items() if kind is customer_class]
        marks = ", ".join("?" * len(groups))
        found = list(reader.customers(connection.execute(f"{SELECT} WHERE grp IN ({marks})", groups)))
    found.sort(key=lambda person: (person.source, person.customer_id))
    return found
