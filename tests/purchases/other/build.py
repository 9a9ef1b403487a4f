"""A list file as a build writes it, as far as attributes look at it."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from app.purchases.other.members import SCHEMA

PEOPLE = (
    ("ref1", "shop", "c1", "loyal"), ("ref2", "shop", "c2", "loyal"), ("ref3", "shop", "c3", "lapsed"), ("ref4", "shop", "c4", "new"),
)  # fmt: skip


def a_list(path: Path, people: Sequence[tuple[str, str, str, str]] = PEOPLE) -> Path:
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, customer_ref, source, customer_id, customer_class, "
            "purchase_type, count_band, elapsed_band)"
        )
        connection.executemany(
            "INSERT INTO customer (customer_ref, source, customer_id, customer_class, purchase_type, count_band, "
            "elapsed_band) VALUES (?, ?, ?, ?, 'fan', '4+', '30')",
            people,
        )
        connection.execute("CREATE TABLE people (people INTEGER)")
        connection.execute("INSERT INTO people VALUES (?)", (len(people),))
    connection.close()
    return path


def brought(path: Path, number: int, rows: Sequence[tuple[str, str, str]], source: str = "shop") -> Path:
    """An attribute file of one import: (customer, name, value)."""
    columns = {
        "source": [source] * len(rows),
        "import_number": [number] * len(rows),
        "line": list(range(2, len(rows) + 2)),
        "customer_id": [row[0] for row in rows],
        "customer_key_kind": ["id"] * len(rows),
        "name": [row[1] for row in rows],
        "value": [row[2] for row in rows],
    }
    pq.write_table(pa.table(columns, SCHEMA), path)
    return path
