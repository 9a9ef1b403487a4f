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
# which rows were sold, and by what key their customer goes; 0 where the row is known already
ROWS = f"""SELECT hash(order_id) AS number, hash(customer_id) AS customer, new AND effect = 'sale' AS sold,
    CASE WHEN NOT new THEN 0 {" ".join(f"WHEN customer_key_kind = '{kind}' THEN {code}" for code, kind in enumerate(KEY_KINDS, 1))}
        ELSE 0 END::UTINYINT AS kind
FROM good"""
MIXED = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Counted:
    """Orders sold and customers, by what their key is, of the new rows of a file; keys of the order numbers of all rows."""

    orders: int
    customers: dict[str, int]
    numbers: list[Keys]


def count_rows(connection: "DuckDBPyConnection") -> Counted:
    """Return the counts of the rows of `good`; a row sold without an order number is an order of its own."""
    (nothing,) = connection.execute("SELECT hash('')").fetchall()[0]
    numbers, sold, alone = [], [], 0
    customers: dict[str, list[Keys]] = {kind: [] for kind in KEY_KINDS}
    for batch in connection.sql(ROWS).to_arrow_table().to_batches():
        number, customer, is_sold, kinds = (column.to_numpy(zero_copy_only=False) for column in batch.columns)
        numbered = number != nothing
        alone += int(np.count_nonzero(is_sold & ~numbered))
        sold.append(_without_runs((number * MIXED + customer)[is_sold & numbered]))
        numbers.append(_without_runs(number[numbered]))
        for code, found in enumerate(customers.values(), 1):
            found.append(_without_runs(customer[kinds == code]))
    return Counted(different(sold) + alone, {kind: different(found) for kind, found in customers.items()}, numbers)


def count_numbers(connection: "DuckDBPyConnection", counted: Counted) -> int:
    """Return how many different order numbers the rows of `good` (already counted) and of `held` have."""
    held = keys(connection, "SELECT hash(order_id) FROM held WHERE order_id <> ''")
    return different([*counted.numbers, *held])


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
