"""Counts different orders and customers of millions of rows, and finds rows alike, by sorted 64-bit keys.

Sorting whole numbers is several times faster than any hash table of so many entries. Two of ten million keys meet by
chance once in 400,000 files.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Keys = npt.NDArray[np.uint64]
KEY_KINDS = ("id", "mail", "phone")
NUMBERS = (
    "SELECT hash(order_id) FROM (SELECT order_id FROM good UNION ALL SELECT order_id FROM held) WHERE order_id <> ''"
)
SOLD = "SELECT hash(customer_id, order_id) FROM good WHERE new AND effect = 'sale' AND order_id <> ''"
CUSTOMERS = "SELECT hash(customer_id) FROM good WHERE new AND customer_key_kind = '{kind}'"


@dataclass(frozen=True)
class Counted:
    """Orders sold and customers, by what their key is, of the new rows of a file."""

    orders: int
    customers: dict[str, int]


def count_new(connection: "DuckDBPyConnection") -> Counted:
    """Return the counts of the new rows of `good`; a row sold without an order number is an order of its own."""
    alone = connection.execute("SELECT count(*) FROM good WHERE new AND effect = 'sale' AND order_id = ''").fetchall()[
        0
    ][0]
    return Counted(
        orders=different(keys(connection, SOLD)) + alone,
        customers={kind: different(keys(connection, CUSTOMERS.format(kind=kind))) for kind in KEY_KINDS},
    )


def count_numbers(connection: "DuckDBPyConnection") -> int:
    """Return how many different order numbers the rows of `good` and `held` have."""
    return different(piece for rows in ("good", "held") for piece in keys(connection, NUMBERS.format(rows=rows)))


def keys(connection: "DuckDBPyConnection", query: str) -> list[Keys]:
    """Return a query's only column, 64-bit keys without nulls, in pieces."""
    return [piece.to_numpy() for piece in connection.sql(query).to_arrow_table().column(0).chunks]


def different(pieces: Iterable[Keys]) -> int:
    """Return how many different keys there are; neighbours alike, as the rows of an order are, cost nothing."""
    found = np.concatenate([np.zeros(0, np.uint64), *map(_without_runs, pieces)])
    found.sort()
    return len(_without_runs(found))


def often(pieces: Iterable[Keys]) -> Keys:
    """Return the keys that come more than once, each once or more, sorted."""
    found = np.concatenate([np.zeros(0, np.uint64), *pieces])
    found.sort()
    again: Keys = found[1:][found[1:] == found[:-1]]
    return again


def _without_runs(found: Keys) -> Keys:
    return found[np.flatnonzero(np.concatenate([[True], found[1:] != found[:-1]]))] if len(found) else found
