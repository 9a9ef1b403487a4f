"""Puts the attributes of members beside the customers of a build, so that pages read them by an index."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from app.core import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 100_000
CUSTOMER = ("id", "source", "customer_id", "customer_class", "purchase_type", "count_band", "elapsed_band")
BANDS = CUSTOMER[3:]
TABLES = (
    "CREATE TABLE attribute_name (id INTEGER PRIMARY KEY, name TEXT UNIQUE, people INTEGER, different INTEGER)",
    "CREATE TABLE attribute_value (id INTEGER PRIMARY KEY, name_id INTEGER, value TEXT, people INTEGER)",
    "CREATE TABLE attribute (value_id INTEGER, customer INTEGER, PRIMARY KEY (value_id, customer)) WITHOUT ROWID",
    "CREATE TABLE attribute_of (customer INTEGER, value_id INTEGER, PRIMARY KEY (customer, value_id)) WITHOUT ROWID",
    f"CREATE TABLE attribute_people (value_id INTEGER, {', '.join(BANDS)}, people INTEGER)",
    "CREATE TABLE attribute_members (members INTEGER, without_orders INTEGER)",
)
INDEXES = (
    "CREATE UNIQUE INDEX by_attribute_value ON attribute_value (name_id, value)",
    "CREATE INDEX by_attribute_people ON attribute_people (value_id)",
)
MERGED = pa.schema([(name, pa.string()) for name in ("source", "customer_id", "to_source", "to_customer_id")])


def write(
    connection: "DuckDBPyConnection", listed: Path, files: Sequence[Path], *, as_of: date, merged: pa.Table | None = None
) -> None:  # fmt: skip
    """Add the attribute tables to a freshly written list file; `merged` says whose attributes count as another's.

    Of two imports the newer wins for each customer and attribute.
    """
    sqlite = sqlite3.connect(listed, isolation_level=None)
    try:
        sqlite.execute("PRAGMA journal_mode=OFF")
        sqlite.execute("PRAGMA synchronous=OFF")
        sqlite.execute("BEGIN")
        for statement in TABLES:
            sqlite.execute(statement)
        if files:
            _collect(connection, sqlite, files, merged or MERGED.empty_table(), as_of)
            _fill(connection, sqlite)
        for statement in INDEXES:
            sqlite.execute(statement)
        sqlite.execute("COMMIT")
    finally:
        sqlite.close()


def _collect(
    connection: "DuckDBPyConnection", sqlite: sqlite3.Connection, files: Sequence[Path], merged: pa.Table, as_of: date
) -> None:  # fmt: skip
    """Make the tables `known` (customer, name, value) and `named` in DuckDB."""
    rows = sqlite.execute(f"SELECT {', '.join(CUSTOMER)} FROM customer").fetchall()
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in CUSTOMER]
    kinds = [pa.int64(), *(pa.string() for _ in CUSTOMER[1:])]
    customers = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    connection.register("attribute_customers", pa.table(customers, names=list(CUSTOMER)))
    connection.register("attribute_merges", merged.select(MERGED.names))
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE attribute_newest AS
        SELECT coalesce(merge.to_source, brought.source) AS source,
            coalesce(merge.to_customer_id, brought.customer_id) AS customer_id, name,
            last(value ORDER BY import_number, line) AS value
        FROM {sql.parquet(*files)} AS brought
        LEFT JOIN attribute_merges AS merge ON merge.source = brought.source AND merge.customer_id = brought.customer_id
        GROUP BY ALL""")
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE attribute_known AS
        WITH found AS (
            SELECT person.id AS customer, newest.name, newest.value FROM attribute_newest AS newest
            JOIN attribute_customers AS person USING (source, customer_id) WHERE newest.name <> ''
        ), born AS (
            SELECT customer, CAST(max(value) FILTER (WHERE name = 'birth_year') AS INTEGER) AS year,
                CAST(max(value) FILTER (WHERE name = 'birth_month') AS INTEGER) AS month
            FROM found WHERE name IN ('birth_year', 'birth_month') GROUP BY customer
        ), aged AS (
            SELECT customer, name, CAST(
                greatest($year - year - CAST(coalesce(month > $month, false) AS INTEGER), 0) // width * width AS VARCHAR
            ) AS value
            FROM born, (VALUES ('age_band', 10), ('age_5', 5)) AS band (name, width) WHERE year IS NOT NULL
        )
        SELECT * FROM aged UNION ALL
        SELECT * FROM found WHERE name NOT IN ('age_band', 'age_5') OR customer NOT IN (SELECT customer FROM aged)""",
        {"year": as_of.year, "month": as_of.month},
    )


def _fill(connection: "DuckDBPyConnection", sqlite: sqlite3.Connection) -> None:
    connection.execute("""CREATE OR REPLACE TEMP TABLE attribute_names AS
        SELECT CAST(row_number() OVER (ORDER BY name) AS INTEGER) AS id, name, count(*) AS people,
            count(DISTINCT value) AS different
        FROM attribute_known GROUP BY name""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE attribute_values AS
        SELECT CAST(row_number() OVER (ORDER BY named.id, known.value) AS INTEGER) AS id, named.id AS name_id, known.name,
            known.value, count(*) AS people
        FROM attribute_known AS known JOIN attribute_names AS named USING (name) GROUP BY named.id, known.name, known.value""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE attribute_pairs AS
        SELECT found.id AS value_id, known.customer FROM attribute_known AS known
        JOIN attribute_values AS found USING (name, value)""")
    bands = ", ".join(f"person.{band}" for band in BANDS)
    moves = {
        "attribute_name": "SELECT id, name, people, different FROM attribute_names ORDER BY id",
        "attribute_value": "SELECT id, name_id, value, people FROM attribute_values ORDER BY id",
        "attribute": "SELECT value_id, customer FROM attribute_pairs ORDER BY value_id, customer",
        "attribute_of": "SELECT customer, value_id FROM attribute_pairs ORDER BY customer, value_id",
        "attribute_people": f"""SELECT pairs.value_id, {bands}, count(*) FROM attribute_pairs AS pairs
            JOIN attribute_customers AS person ON person.id = pairs.customer GROUP BY ALL ORDER BY ALL""",
        "attribute_members": """SELECT count(*), count(*) FILTER (WHERE person.id IS NULL) FROM (
            SELECT DISTINCT source, customer_id FROM attribute_newest) AS member
            LEFT JOIN attribute_customers AS person USING (source, customer_id)""",
    }
    for table, query in moves.items():
        _move(connection, sqlite, table, query)


def _move(connection: "DuckDBPyConnection", sqlite: sqlite3.Connection, table: str, query: str) -> None:
    found = connection.execute(query)
    while rows := found.fetchmany(BATCH):
        marks = ", ".join("?" * len(rows[0]))
        sqlite.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
