"""Pages of the customer list by keys: any filter, sort and direction, forwards, backwards, the first and the last."""

import base64
import sqlite3
from binascii import Error as Base64Error
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from app.core.errors import NotFound
from app.core.i18n import N_
from app.purchases.figures.list_file import SELECT, SORT_COLUMNS, Reader
from app.purchases.other.attribute_filter import AttributeFilter, attribute_filter, count_people, read_attribute
from app.purchases.schemas import CustomerFilters, CustomerPage, CustomerSummary, Position, SortKey

FILTER_COLUMNS = {
    "customer_class": "customer_class",
    "purchase_type": "purchase_type",
    "count": "count_band",
    "elapsed": "elapsed_band",
}
LARGEST = 2**62
Key = tuple[int, int]


@dataclass(frozen=True)
class Order:
    """How a list stands: by which figure, largest first or smallest first."""

    sort: SortKey
    descending: bool

    @property
    def column(self) -> str:
        """Return the column of the list file that is sorted by."""
        return SORT_COLUMNS[self.sort]

    def turned(self) -> "Order":
        """Return the same order from the other end."""
        return Order(self.sort, not self.descending)

    def start(self) -> Key:
        """Return a key before the first one."""
        return (LARGEST, LARGEST) if self.descending else (-LARGEST, -LARGEST)


def read_page(
    connection: sqlite3.Connection, filters: CustomerFilters, order: Order, position: Position, limit: int
) -> CustomerPage:
    """Return one page of at most `limit` customers.

    Raises:
        NotFound: the cursor was not made for a list.
    """
    groups, total = _groups(connection, filters)
    kept = None
    if filters.attribute is not None:
        kept = attribute_filter(connection, read_attribute(filters.attribute))
        if kept is None:
            return CustomerPage((), 0, None)
        total = count_people(connection, kept, _bands(filters), total)
    backwards = position.last or position.before is not None
    size = (total % limit or limit) if position.last else limit
    cursor = position.before or position.after
    walk = order.turned() if backwards else order
    start = read_cursor(cursor) if cursor and not position.last else walk.start()
    found = _keys(connection, groups, walk, start, limit=size + 1, kept=kept)
    more, keys = len(found) > size, found[:size]
    if backwards:
        keys.reverse()
    began = position.after is None if not backwards else not more
    ended = not more if not backwards else position.last or not keys
    return CustomerPage(
        rows=_rows(connection, keys),
        total=total,
        after=write_cursor(keys[-1]) if keys and not ended else None,
        before=write_cursor(keys[0]) if keys and not began else None,
    )


def _groups(connection: sqlite3.Connection, filters: CustomerFilters) -> tuple[list[int] | None, int]:
    """Return the groups of people that fit, None for all of them, and how many people they hold."""
    wanted = _bands(filters)
    tests = " AND ".join(f"{column} = ?" for column in wanted) or "1"
    rows = connection.execute(f"SELECT grp, people FROM people WHERE {tests}", tuple(wanted.values())).fetchall()
    total = sum(people for _, people in rows)
    return [group for group, _ in rows] if wanted else None, total


def _bands(filters: CustomerFilters) -> dict[str, str]:
    return {
        column: str(value) for name, column in FILTER_COLUMNS.items() if (value := getattr(filters, name)) is not None
    }


def keys_sql(order: Order, *, grouped: bool, test: str = "") -> str:
    """Return the statement of the keys from a place on; it names its index, so it never scans or sorts.

    `test` looks at each row of that walk.
    """
    column, sign, way = order.column, "<" if order.descending else ">", "DESC" if order.descending else "ASC"
    index = f"INDEXED BY by_group_{column}" if grouped else "" if column == "id" else f"INDEXED BY by_{column}"
    group = "grp = ? AND " if grouped else ""
    also = f" AND {test}" if test else ""
    by = "id" if column == "id" else f"{column} {way}, id"
    return (
        f"SELECT {column}, id FROM listed {index} WHERE {group}({column}, id) {sign} (?, ?){also} ORDER BY {by} {way}"
        if column != "id"
        else f"SELECT id, id FROM listed {index} WHERE {group}id {sign} ?{also} ORDER BY id {way}"
    )


def few_sql(order: Order, test: str, groups: list[int] | None) -> str:
    """Return the statement of the keys of a few people, who are looked up one by one and sorted."""
    sign, way = ("<", "DESC") if order.descending else (">", "ASC")
    grouped = "" if groups is None else f" AND grp IN ({', '.join(map(str, groups))})"
    return (
        f"SELECT {order.column}, id FROM listed NOT INDEXED WHERE {test}{grouped} AND ({order.column}, id) {sign} (?, ?) "
        f"ORDER BY {order.column} {way}, id {way} LIMIT ?"
    )


def _keys(
    connection: sqlite3.Connection, groups: list[int] | None, order: Order, start: Key, *, limit: int,
    kept: AttributeFilter | None,
) -> list[Key]:  # fmt: skip
    """Return the next keys in order: of one index, or merged from one stretch of an index for each group."""
    if kept is not None and kept.rare:
        return connection.execute(few_sql(order, kept.test, groups), (kept.number, *start, limit)).fetchall()
    test, given = (kept.test, (kept.number,)) if kept else ("", ())
    place = (*(start[1:] if order.column == "id" else start), *given)
    if groups is None:
        return connection.execute(f"{keys_sql(order, grouped=False, test=test)} LIMIT ?", (*place, limit)).fetchall()
    statement = keys_sql(order, grouped=True, test=test)
    streams = [connection.execute(statement, (group, *place)) for group in groups]
    return list(islice(merge(*streams, reverse=order.descending), limit))


def _rows(connection: sqlite3.Connection, keys: list[Key]) -> tuple[CustomerSummary, ...]:
    ids = [number for _, number in keys]
    rows = connection.execute(f"{SELECT} WHERE id IN ({', '.join('?' * len(ids))})", ids).fetchall()
    found = {row[-1]: row for row in rows}
    return tuple(Reader(connection).customers(found[number] for number in ids))


def write_cursor(key: Key) -> str:
    """Return a place in the list as one opaque word."""
    return base64.urlsafe_b64encode(f"{key[0]}~{key[1]}".encode()).decode("ascii").rstrip("=")


def read_cursor(text: str) -> Key:
    """Return the place that a word names.

    Raises:
        NotFound: the word was not made by `write_cursor`.
    """
    try:
        value, _, row_id = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii").partition("~")
        return _small(value), _small(row_id)
    except (ValueError, Base64Error) as error:
        raise NotFound("page_gone", N_("This page of the list does not exist.")) from error


def _small(text: str) -> int:
    value = int(text)
    if abs(value) > LARGEST:
        raise ValueError(text)
    return value
