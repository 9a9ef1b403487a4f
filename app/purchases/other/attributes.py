"""Reads of what customer files brought of the people: one customer's, everybody's, those who share a value."""

import sqlite3
from dataclasses import dataclass

from app.purchases.other.attribute_words import DERIVED, LABELS, Attribute, value_order
from app.purchases.other.telling import personal

MOST_VALUES = 60


@dataclass(frozen=True)
class ValueCount:
    """One value of an attribute: people who have it, and their share of those of whom the attribute is known."""

    value: str
    people: int
    share: float


@dataclass(frozen=True)
class AttributeCount:
    """One attribute over all customers; `more` values beyond those listed, people of the rarest ones."""

    name: str
    values: tuple[ValueCount, ...]
    known: int
    unknown: int
    more: int = 0

    @property
    def personal(self) -> bool:
        """Whether its values may tell who somebody is: nobody is chosen by them."""
        return self.name not in LABELS and personal(self.name, [one.value for one in self.values])


@dataclass(frozen=True)
class AttributeOverview:
    """All attributes; `without_orders` of the `members` in customer files have no orders yet."""

    attributes: tuple[AttributeCount, ...]
    customers: int
    members: int
    without_orders: int


def there(connection: sqlite3.Connection) -> bool:
    """Return whether this list holds attributes: one built by an earlier version does not."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'attribute_value'").fetchone()
    return found is not None


def of_customer(connection: sqlite3.Connection, customer_ref: str) -> tuple[Attribute, ...]:
    """Return one customer's attributes, the usual ones first."""
    if not there(connection):
        return ()
    rows = connection.execute(
        """SELECT attribute_name.name, attribute_value.value FROM customer
        JOIN attribute_of ON attribute_of.customer = customer.id
        JOIN attribute_value ON attribute_value.id = attribute_of.value_id
        JOIN attribute_name ON attribute_name.id = attribute_value.name_id
        WHERE customer.customer_ref = ?""",
        (customer_ref,),
    ).fetchall()
    return tuple(sorted((Attribute(*row) for row in rows), key=lambda one: name_order(one.name)))


def name_order(name: str) -> tuple[int, str]:
    """Return where an attribute stands among the others: the usual ones first, then by name."""
    return (list(LABELS).index(name), "") if name in LABELS else (len(LABELS), name)


def overview(connection: sqlite3.Connection) -> AttributeOverview:
    """Return every attribute with its values and how many people have each."""
    (customers,) = connection.execute("SELECT coalesce(sum(people), 0) FROM people").fetchone()
    if not there(connection):
        return AttributeOverview((), customers, 0, 0)
    found = connection.execute("SELECT id, name, people, different FROM attribute_name").fetchall()
    names = [row for row in found if row[1] not in DERIVED]
    names.sort(key=lambda row: name_order(row[1]))
    members, without_orders = connection.execute("SELECT * FROM attribute_members").fetchone() or (0, 0)
    counts = []
    for name_id, name, people, different in names:
        values = _values(connection, name_id, name, people)
        counts.append(AttributeCount(name, values, people, customers - people, different - len(values)))
    return AttributeOverview(tuple(counts), customers, members, without_orders)


def _values(connection: sqlite3.Connection, name_id: int, name: str, people: int) -> tuple[ValueCount, ...]:
    rows = connection.execute(
        "SELECT value, people FROM attribute_value WHERE name_id = ? ORDER BY people DESC, value LIMIT ?",
        (name_id, MOST_VALUES),
    ).fetchall()
    rows.sort(key=lambda row: value_order(name, row[0]))
    return tuple(ValueCount(value, count, count / people) for value, count in rows)


def choices(connection: sqlite3.Connection) -> tuple[AttributeCount, ...]:
    """Return the attributes a list can be filtered by: those with few enough values, of which none stays out of addresses."""
    return tuple(one for one in overview(connection).attributes if not one.more and not one.personal)


def name_id(connection: sqlite3.Connection, name: str) -> int:
    """Return the number of an attribute in this list; 0 where it is not known of anybody."""
    if not there(connection):
        return 0
    found = connection.execute("SELECT id FROM attribute_name WHERE name = ?", (name,)).fetchone()
    return found[0] if found else 0


def value_id(connection: sqlite3.Connection, one: Attribute) -> tuple[int, int]:
    """Return the number of a value in this list and how many people have it; (0, 0) for nobody."""
    if not there(connection):
        return 0, 0
    found = connection.execute(
        """SELECT attribute_value.id, attribute_value.people FROM attribute_value
        JOIN attribute_name ON attribute_name.id = attribute_value.name_id
        WHERE attribute_name.name = ? AND attribute_value.value = ?""",
        (one.name, one.value),
    ).fetchone()
    return (found[0], found[1]) if found else (0, 0)


def value_counts(connection: sqlite3.Connection, name: str) -> dict[str, int]:
    """Return how many customers have each value of an attribute."""
    if not there(connection):
        return {}
    rows = connection.execute(
        """SELECT attribute_value.value, attribute_value.people FROM attribute_name
        JOIN attribute_value ON attribute_value.name_id = attribute_name.id WHERE attribute_name.name = ?""",
        (name,),
    )
    return dict(rows.fetchall())


def by_customer(connection: sqlite3.Connection, name: str) -> dict[str, str]:
    """Return customer reference → value for everybody of whom the attribute is known."""
    if not there(connection):
        return {}
    rows = connection.execute(
        """SELECT customer.customer_ref, attribute_value.value FROM attribute_name
        JOIN attribute_value ON attribute_value.name_id = attribute_name.id
        JOIN attribute ON attribute.value_id = attribute_value.id
        JOIN customer ON customer.id = attribute.customer
        WHERE attribute_name.name = ?""",
        (name,),
    )
    return dict(rows.fetchall())
