"""How customers of each sex, age group and prefecture buy: from the list of a build, which holds what members said."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.purchases.figures.list_file import EPOCH, UNIT
from app.purchases.other.attribute_words import value_order
from app.purchases.other.attributes import name_id
from app.purchases.repeat.schemas import AttributeRow, Attributes, AttributeTable, Share

NAMES = ("sex", "age_band", "prefecture")
EXPOSURE = 90
SHOWN = 60
CENT = Decimal("0.01")
SUMS = """count(*), sum(listed.orders), sum(listed.amount), sum(listed.first_day <= :newest),
    sum(listed.first_day <= :newest AND listed.id IN in_time)"""
WHOLE = f"SELECT shop.currency, {SUMS} FROM listed JOIN shop ON shop.id = listed.shop GROUP BY shop.currency"
IN_TIME = """INSERT INTO in_time SELECT listed.id FROM listed JOIN shop ON shop.id = listed.shop
    WHERE listed.customer_id = ? AND shop.source = ?"""
KNOWN = f"""SELECT attribute_value.value, shop.currency, {SUMS} FROM attribute_value
    JOIN attribute ON attribute.value_id = attribute_value.id JOIN listed ON listed.id = attribute.customer
    JOIN shop ON shop.id = listed.shop WHERE attribute_value.name_id = :name GROUP BY attribute_value.value, shop.currency"""


@dataclass(frozen=True)
class Sums:
    """People, their orders, what they brought in ten-thousandths, those with enough time, those of them back in time."""

    people: int = 0
    orders: int = 0
    amount: int = 0
    old_enough: int = 0
    again: int = 0

    def without(self, others: Iterable["Sums"]) -> "Sums":
        """Return what is left when others are taken off."""
        rest = self
        for other in others:
            rest = replace(rest, **{name: getattr(rest, name) - getattr(other, name) for name in vars(other)})
        return rest


def count(
    connection: sqlite3.Connection, soon: Iterable[tuple[str, str]], as_of: date, observed_until: date
) -> Attributes:  # fmt: skip
    """Return the tables of those attributes that are known of anybody.

    `soon` are the customers (customer_id, source) whose second order came within `EXPOSURE` days of the first.
    """
    given = {"newest": (observed_until - EPOCH).days - EXPOSURE}
    connection.execute("CREATE TEMP TABLE in_time (customer INTEGER PRIMARY KEY)")
    connection.executemany(IN_TIME, soon)
    whole = {currency: Sums(*sums) for currency, *sums in connection.execute(WHOLE, given)}
    customers = sum(sums.people for sums in whole.values())
    tables = []
    for name in NAMES:
        if number := name_id(connection, name):
            values: dict[tuple[str, str], Sums] = {
                (value, currency): Sums(*sums)
                for value, currency, *sums in connection.execute(KNOWN, given | {"name": number})
            }
            tables.append(_table(name, values, whole, customers))
    return Attributes(as_of, observed_until, customers, EXPOSURE, tuple(tables))


def _table(name: str, values: dict[tuple[str, str], Sums], whole: dict[str, Sums], customers: int) -> AttributeTable:
    known: dict[str, list[Sums]] = defaultdict(list)
    for (_, currency), sums in values.items():
        known[currency].append(sums)
    rest = {("", currency): sums.without(known[currency]) for currency, sums in whole.items()}
    frequent = sorted(values, key=lambda key: (-values[key].people, key))
    shown = sorted(frequent[:SHOWN], key=lambda key: (value_order(name, key[0]), key[1]))
    rows = [_row(key, values[key], customers) for key in shown]
    rows += [_row(key, sums, customers) for key, sums in sorted(rest.items()) if sums.people]
    return AttributeTable(name, tuple(rows), more=len(frequent) - len(shown))


def _row(key: tuple[str, str], sums: Sums, customers: int) -> AttributeRow:
    value, currency = key
    return AttributeRow(
        value=value,
        currency=currency,
        people=sums.people,
        share=sums.people / customers,
        mean_orders=sums.orders / sums.people,
        mean_amount=(Decimal(sums.amount) / UNIT / sums.people).quantize(CENT),
        f2=Share(sums.again, sums.old_enough),
    )
