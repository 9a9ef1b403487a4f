"""Keeps the customers who share a value of an attribute, or of whom it is not known, in pages of the list."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from app.purchases.other import attributes
from app.purchases.other.attribute_words import Attribute

RARE = 20_000
HAS = "EXISTS (SELECT 1 FROM attribute WHERE value_id = ? AND customer = listed.id)"
LACKS = """NOT EXISTS (SELECT 1 FROM attribute_of JOIN attribute_value ON attribute_value.id = attribute_of.value_id
    WHERE attribute_of.customer = listed.id AND attribute_value.name_id = ?)"""
AMONG = "id IN (SELECT customer FROM attribute WHERE value_id = ?)"


@dataclass(frozen=True)
class AttributeFilter:
    """A test on rows of `listed` with the number it needs.

    Few people are looked up and sorted (`rare`); many are found while walking an index of the list.
    """

    test: str
    number: int
    rare: bool
    totals: str
    """SQL of the people by bands that the test keeps or (`lacking`) leaves out."""
    lacking: bool = False


def read_attribute(text: str) -> Attribute:
    """Return what an address names: sex=female; nothing after the sign means that it is not known."""
    name, _, value = text.partition("=")
    return Attribute(name, value)


def attribute_filter(connection: sqlite3.Connection, one: Attribute) -> AttributeFilter | None:
    """Return the test for a value, None where nobody can have it."""
    if not one.value:
        number = attributes.name_id(connection, one.name)
        totals = "attribute_people WHERE value_id IN (SELECT id FROM attribute_value WHERE name_id = ?)"
        return AttributeFilter(LACKS, number, rare=False, totals=totals, lacking=True) if number else None
    number, people = attributes.value_id(connection, one)
    rare = people <= RARE
    totals = "attribute_people WHERE value_id = ?"
    return AttributeFilter(AMONG if rare else HAS, number, rare, totals) if number else None


def count_people(
    connection: sqlite3.Connection, one: AttributeFilter, bands: Mapping[str, str], everybody: int
) -> int:  # fmt: skip
    """Return how many people the test keeps among those of these bands, who are `everybody`."""
    tests = "".join(f" AND {column} = ?" for column in bands)
    statement = f"SELECT coalesce(sum(people), 0) FROM {one.totals}{tests}"
    found = int(connection.execute(statement, (one.number, *bands.values())).fetchone()[0])
    return everybody - found if one.lacking else found
