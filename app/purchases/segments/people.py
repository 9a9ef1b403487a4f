"""The people of a rule in one build: how many, what they brought, page by page. DuckDB over the files of the build."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.core import sql
from app.purchases.builds import NotCounted
from app.purchases.figures import list_file
from app.purchases.schemas import CustomerSummary, SortKey
from app.purchases.segments.fields import AMONG, FIELDS, RELATIONS, Test, all_of, any_of
from app.purchases.segments.rule import SEGMENT, Rule
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    import sqlite3

    from duckdb import DuckDBPyConnection

PAGE = 50
REMEMBERED = 256
AT_ONCE = 500
SUMS = (
    "SELECT currency, count(*), sum(amount), sum(orders) FROM people WHERE {test} GROUP BY currency ORDER BY currency"
)
EVERYBODY = "SELECT source, customer_id FROM people WHERE {test} ORDER BY source, customer_id"
KEYS = """SELECT source, customer_id FROM people WHERE {test}
    ORDER BY {column} {way}, source {way}, customer_id {way} LIMIT {limit} OFFSET {offset}"""
LISTED = """SELECT customer_ref, shop.source, listed.customer_id FROM listed JOIN shop ON shop.id = listed.shop
    WHERE customer_ref IN ({marks})"""
ATTRIBUTES = """SELECT shop.source, listed.customer_id, attribute_name.name, attribute_value.value FROM attribute_name
    JOIN attribute_value ON attribute_value.name_id = attribute_name.id
    JOIN attribute ON attribute.value_id = attribute_value.id
    JOIN listed ON listed.id = attribute.customer JOIN shop ON shop.id = listed.shop WHERE attribute_name.name IN ({marks})"""


@dataclass(frozen=True)
class Saved:
    """A saved segment: a rule that moves with the data, or (`rule` is None) `size` people; `refs` reads their references."""

    name: str
    rule: Rule | None
    size: int = 0
    refs: Callable[[], Sequence[str]] = field(default=tuple, compare=False, repr=False)


@dataclass(frozen=True)
class Asked:
    """A rule with the saved segments that it names, directly or by way of another one."""

    rule: Rule
    saved: tuple[tuple[str, Saved], ...] = ()

    @property
    def segments(self) -> Mapping[str, Saved]:
        """The saved segments by id."""
        return dict(self.saved)

    @property
    def rules(self) -> list[Rule]:
        """The rule and those of its saved segments."""
        return [self.rule, *(one.rule for _, one in self.saved if one.rule)]

    @property
    def needs(self) -> frozenset[str]:
        """The relations it looks at beside the customers."""
        return frozenset().union(*(rule.needs for rule in self.rules))


@dataclass(frozen=True)
class Sums:
    """What some people come to; amounts by currency, never added."""

    people: int
    orders: int
    amount: Mapping[str, Decimal]


@dataclass(frozen=True)
class Order:
    """How a list of people stands."""

    sort: SortKey = "last_order_on"
    descending: bool = True

    def turned(self) -> "Order":
        """Return the same order from the other end."""
        return Order(self.sort, not self.descending)


NEWEST = Order()


@dataclass(frozen=True)
class Stretch:
    """Some rows of a list from a place on; counted from the nearer end, deep pages cost no more than the middle."""

    order: Order
    start: int
    size: int

    def keys(self, connection: "DuckDBPyConnection", test: Test) -> list[tuple[str, str]]:
        """Return source and number of the people there."""
        statement = KEYS.format(
            test=test.sql,
            column=self.order.sort,
            way="DESC" if self.order.descending else "ASC",
            limit=self.size,
            offset=self.start,
        )
        return connection.execute(statement, test.values).fetchall()


def where(asked: Asked) -> Test:
    """Return the test over the relation `people`."""
    return _where(asked.rule, asked.segments, ())


def _where(rule: Rule, saved: Mapping[str, Saved], seen: tuple[str, ...]) -> Test:
    tests = []
    for one in rule.conditions:
        if one.field == SEGMENT:
            tests.append(any_of([_in_segment(str(value), saved, seen) for value in one.values]))
        else:
            tests.append(FIELDS[one.field].test(one.values))
    return all_of(tests)


def _in_segment(public_id: str, saved: Mapping[str, Saved], seen: tuple[str, ...]) -> Test:
    """Return whether somebody is in a saved segment; one that is gone, or that names itself, holds nobody."""
    one = saved.get(public_id)
    if one is None or public_id in seen:
        return Test("false")
    if one.rule is not None:
        return _where(one.rule, saved, (*seen, public_id))
    return Test(AMONG.format(those="frozen WHERE segment = ?"), (public_id,))


@lru_cache(maxsize=REMEMBERED)
def count(store: OrdersStore, version: str, asked: Asked) -> Sums:
    """Return how many people a rule finds in a build and what they brought; remembered, since builds never change.

    Raises:
        NotCounted: the build lacks a file that the rule needs.
    """
    test = where(asked)
    with opened(store, version, asked) as connection:
        rows = connection.execute(SUMS.format(test=test.sql), test.values).fetchall()
    return Sums(
        people=sum(row[1] for row in rows),
        orders=sum(int(row[3]) for row in rows),
        amount={row[0]: row[2] for row in rows},
    )


def references(store: OrdersStore, version: str, asked: Asked) -> list[str]:
    """Return the references of all people of a rule, by source and number.

    Raises:
        NotCounted: the build lacks a file that the rule needs.
    """
    test = where(asked)
    with opened(store, version, asked) as connection:
        found = connection.execute(EVERYBODY.format(test=test.sql), test.values).fetchall()
    return [store.customer_ref(*key) for key in found]


def people(
    store: OrdersStore, version: str, asked: Asked, order: Order = NEWEST, page: int = 1
) -> tuple[CustomerSummary, ...]:  # fmt: skip
    """Return the people of one page, the first is 1; in an order that stays for all pages of a build.

    Raises:
        NotCounted: the build lacks a file that the rule needs.
    """
    total = count(store, version, asked).people
    start, size = (page - 1) * PAGE, min(PAGE, total - (page - 1) * PAGE)
    if start < 0 or size <= 0:
        return ()
    from_end = start > total // 2
    stretch = Stretch(order.turned(), total - start - size, size) if from_end else Stretch(order, start, size)
    with opened(store, version, asked) as connection:
        keys = [store.customer_ref(*key) for key in stretch.keys(connection, where(asked))]
    if from_end:
        keys.reverse()
    with store.open_list(version) as listed:
        found = list_file.by_refs(listed, keys)
    return tuple(found[key] for key in keys if key in found)


@contextmanager
def opened(store: OrdersStore, version: str, asked: Asked) -> Iterator["DuckDBPyConnection"]:
    """Yield a connection with the relations `people`, `as_of`, `asked` (fields and values of the rule) and those it needs.

    Raises:
        NotCounted: the build lacks a file that the rule needs.
    """
    files = {"people": store.summary_path(version)}
    files |= {name: path(version) for name, path in _paths(store).items() if name in asked.needs}
    if not all(path.exists() for path in files.values()):
        raise NotCounted
    with store.plain_duckdb() as connection:
        for name, path in files.items():
            connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {sql.parquet(path)}")
        with store.open_list(version) as listed:
            days = [list_file.read_as_of(listed), list_file.read_observed_until(listed)]
        connection.execute(
            "CREATE TEMP TABLE as_of AS SELECT CAST(? AS DATE) AS day, CAST(? AS DATE) AS observed_until", days
        )
        _take(connection, "asked", ("field", "value"), [pair for rule in asked.rules for pair in rule.pairs])
        for name in sorted(asked.needs & RELATIONS.keys()):
            RELATIONS[name](connection, store, version)
        if "attributes" in asked.needs:
            _take_attributes(connection, store, version, asked)
        if "segments" in asked.needs:
            _take_frozen(connection, store, version, asked)
        yield connection


def _paths(store: OrdersStore) -> Mapping[str, Callable[[str], Path]]:
    return {"orders": store.orders_path, "lines": store.lines_path}


def _take_attributes(connection: "DuckDBPyConnection", store: OrdersStore, version: str, asked: Asked) -> None:
    """Make the relation `attributes` of those that the rule names."""
    names = sorted({str(value).partition("=")[0] for rule in asked.rules for value in rule.given("attribute")})
    with store.open_list(version) as listed:
        rows = listed.execute(ATTRIBUTES.format(marks=", ".join("?" * len(names))), names).fetchall()
    _take(connection, "attributes", ("source", "customer_id", "name", "value"), rows)


def _take_frozen(connection: "DuckDBPyConnection", store: OrdersStore, version: str, asked: Asked) -> None:
    """Make the relation `frozen` of the people of frozen segments who are in this build."""
    rows = [
        (public_id, *key)
        for public_id, one in asked.saved
        if one.rule is None
        for key in _there(store, version, one.refs())
    ]
    _take(connection, "frozen", ("segment", "source", "customer_id"), rows)


@lru_cache(maxsize=REMEMBERED)
def count_kept(store: OrdersStore, version: str, public_id: str, saved: Saved) -> int:
    """Return how many of those whom a frozen segment keeps are in a build, also as a part of another customer.

    Raises:
        NotCounted: the build is not there any more.
    """
    del public_id  # it tells segments apart that are remembered
    return len(_there(store, version, saved.refs()))


def _there(store: OrdersStore, version: str, refs: Sequence[str]) -> list[tuple[str, str]]:
    """Return source and number, in a build, of those of these people who are in it; who is merged is the other one there."""
    with store.open_list(version) as listed:
        found = dict(_listed(listed, refs))
        gone = [ref for ref in refs if ref not in found]
        if gone:
            merged = _merged(store, version)
            others = {ref: store.customer_ref(*merged[ref]) for ref in gone if ref in merged}
            there = dict(_listed(listed, list(dict.fromkeys(others.values()))))
            found |= {ref: there[other] for ref, other in others.items() if other in there}
    return list(found.values())


def _listed(listed: "sqlite3.Connection", refs: Sequence[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    for start in range(0, len(refs), AT_ONCE):
        some = refs[start : start + AT_ONCE]
        marks = ", ".join("?" * len(some))
        for ref, *key in listed.execute(LISTED.format(marks=marks), some):
            yield ref, (key[0], key[1])


@lru_cache(maxsize=2)
def _merged(store: OrdersStore, version: str) -> dict[str, tuple[str, str]]:
    """Return source and number of the customer that each merged one counts as, by the reference of the merged one."""
    from app.purchases.identity import effect

    rows = effect.read(store.merges_path(version)).to_pylist()
    return {
        store.customer_ref(row["source"], row["customer_id"]): (row["to_source"], row["to_customer_id"]) for row in rows
    }


def _take(
    connection: "DuckDBPyConnection", name: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]
) -> None:
    import pyarrow as pa

    taken = list(zip(*rows, strict=True)) or [() for _ in columns]
    table = pa.table([pa.array(values, pa.string()) for values in taken], names=list(columns))
    connection.register(f"{name}_taken", table)
    connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {name}_taken")
    connection.unregister(f"{name}_taken")
