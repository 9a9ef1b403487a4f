"""Counts different orders and customers of millions of rows, and finds rows alike, by sorted 64-bit keys.

Sorting whole numbers is several times faster than any hash table of so many entries. Two of ten million keys meet by
chance once in 400,000 files.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Keys = npt.NDArray[np.uint64]
THREADS = 2
BATCH = 1 << 18
KEY_KINDS = ("id", "mail", "phone")
# which rows were sold, and by what key their customer goes; 0 where the row is known already
ROWS = f"""SELECT hash(order_id) AS number, hash(customer_id) AS customer, new AND effect = 'sale' AS sold,
    CASE WHEN NOT new THEN 0 {" ".join(f"WHEN customer_key_kind = '{kind}' THEN {code}" for code, kind in enumerate(KEY_KINDS, 1))}
        ELSE 0 END::UTINYINT AS kind
FROM good"""
MIXED = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Counted:
    """Orders sold and customers, by what their key is, of the new rows of a file; keys of all order numbers, sorted."""

    orders: int
    customers: dict[str, int]
    numbers: Keys


def count_rows(connection: "DuckDBPyConnection") -> Counted:
    """Return the counts of the rows of `good`; a row sold without an order number is an order of its own."""
    (nothing,) = connection.execute("SELECT hash('')").fetchall()[0]
    numbers, sold, alone = [], [], 0
    customers: dict[str, list[Keys]] = {kind: [] for kind in KEY_KINDS}
    for batch in connection.sql(ROWS).to_arrow_reader(BATCH):
        number, customer, is_sold, kinds = (column.to_numpy(zero_copy_only=False) for column in batch.columns)
        numbered = number != nothing
        alone += int(np.count_nonzero(is_sold & ~numbered))
        sold.append(_without_runs((number * MIXED + customer)[is_sold & numbered]))
        numbers.append(_without_runs(number[numbered]))
        for code, found in enumerate(customers.values(), 1):
            found.append(_without_runs(customer[kinds == code]))
    with ThreadPoolExecutor(THREADS) as pool:
        orders, every, *people = pool.map(distinct, (sold, numbers, *customers.values()))
    return Counted(len(orders) + alone, dict(zip(customers, map(len, people), strict=True)), every)


def count_numbers(connection: "DuckDBPyConnection", counted: Counted) -> int:
    """Return how many different order numbers the rows of `good` (already counted) and of `held` have."""
    held = distinct(keys(connection, "SELECT hash(order_id) FROM held WHERE order_id <> ''"))
    return len(counted.numbers) + (int((~np.isin(held, counted.numbers)).sum()) if len(held) else 0)


def keys(connection: "DuckDBPyConnection", query: str) -> list[Keys]:
    """Return a query's only column, 64-bit keys without nulls, in pieces."""
    return [piece.to_numpy() for piece in connection.sql(query).to_arrow_table().column(0).chunks]


def distinct(pieces: Iterable[Keys]) -> Keys:
    """Return the different keys, sorted."""
    found = np.concatenate([np.zeros(0, np.uint64), *pieces])
    found.sort()
    return _without_runs(found)


def often(pieces: Iterable[Keys]) -> Keys:
    """Return the keys that come more than once, each once or more, sorted."""
    found = np.concatenate([np.zeros(0, np.uint64), *pieces])
    found.sort()
    again: Keys = found[1:][found[1:] == found[:-1]]
    return again


def _without_runs(found: Keys) -> Keys:
    """Return the keys without neighbours alike: the rows of an order mostly stand together, and sorting them costs."""
    return found[np.flatnonzero(np.concatenate([[True], found[1:] != found[:-1]]))] if len(found) else found
