"""Writes the indexed file that pages read: one SQLite file for each build, small numbers in place of repeated words."""

import base64
import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.purchases.figures.build import Figures
from app.purchases.figures.list_file import COLUMNS, ENDINGS, KINDS, OVERVIEW, SORT_COLUMNS, TABLE, UNIT
from app.purchases.schemas import CountElapsedTable, Overview

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 20_000
BLOCK = 64
REF = 16
BANDS = ("customer_class", "purchase_type", "count_band", "elapsed_band")
TABLES = (
    f"CREATE TABLE listed (id INTEGER PRIMARY KEY, {', '.join(COLUMNS)})",
    "CREATE TABLE shop (id INTEGER PRIMARY KEY, source TEXT, currency TEXT)",
    "CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT)",
    f"CREATE TABLE people (grp INTEGER PRIMARY KEY, {', '.join(BANDS)}, people INTEGER)",
    "CREATE TABLE page (name TEXT PRIMARY KEY, content BLOB) WITHOUT ROWID",
    f"""CREATE VIEW customer AS SELECT listed.id AS id, customer_ref, shop.source AS source, customer_id,
        {", ".join(BANDS)} FROM listed JOIN shop ON shop.id = listed.shop JOIN people ON people.grp = listed.grp""",
)
SHOPS = (
    "SELECT row_number() OVER (ORDER BY source) AS id, source, min(currency) AS currency FROM {people} GROUP BY source"
)
WORDS = """SELECT row_number() OVER (ORDER BY text) AS id, text FROM (
    SELECT DISTINCT first_product AS text FROM {people} UNION SELECT stop_product FROM {people}
    UNION SELECT sales_channel FROM {people}) WHERE text IS NOT NULL"""
GROUPS = f"""SELECT row_number() OVER (ORDER BY {", ".join(BANDS)}) AS grp, * FROM (
    SELECT {", ".join(BANDS)}, count(*) AS people FROM {{people}} GROUP BY ALL)"""
# hmac of sha-256, its first 80 bits: what OrdersStore.customer_ref makes, for everybody at once
DIGEST = """unhex(substr(sha256(unhex($outer) || unhex(sha256(unhex($inner) || encode(person.source) || '\\x00'::BLOB
    || encode(customer_id)))), 1, 20))"""
LISTED = """SELECT {digest}, customer_id, shop.id, groups.grp, orders, purchase_days, items, CAST(amount * {unit} AS BIGINT),
    first_order_on - DATE '1970-01-01', last_order_on - DATE '1970-01-01',
    ((((((CAST(r AS BIGINT) * 8 + f) * 8 + m) * 16 + decile) * 2 + CAST(super_loyal AS BIGINT)) * 4 + {first_kind}) * 4
        + {stop_kind}) * 4 + {ending},
    first.id, stop_number, stop.id, channel.id
FROM {people} AS person JOIN list_shop AS shop ON shop.source = person.source
JOIN list_group AS groups ON {same_group}
JOIN list_word AS first ON first.text = first_product JOIN list_word AS channel ON channel.text = sales_channel
LEFT JOIN list_word AS stop ON stop.text = stop_product ORDER BY last_order_on, person.source, customer_id"""


def write(
    path: Path, connection: "DuckDBPyConnection", figures: Figures, overview: Overview, table: CountElapsedTable, *, key: bytes
) -> None:  # fmt: skip
    """Write the file; `key` is that behind customer references. The caller makes it durable and renames it into place."""
    path.unlink(missing_ok=True)
    people = figures.customers.get_name()
    for name, statement in (("list_shop", SHOPS), ("list_word", WORDS), ("list_group", GROUPS)):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {statement.format(people=people)}")
    target = sqlite3.connect(path, isolation_level=None)
    try:
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536", "temp_store=FILE"):
            target.execute(f"PRAGMA {setting}")
        target.execute("BEGIN")
        for statement in TABLES:
            target.execute(statement)
        _move(connection, target, "shop", "SELECT id, source, currency FROM list_shop ORDER BY id")
        _move(connection, target, "word", "SELECT id, text FROM list_word ORDER BY id")
        _move(connection, target, "people", "SELECT * FROM list_group ORDER BY grp")
        _move_listed(connection, target, people, key)
        for statement in indexes():
            target.execute(statement)
        pages = {
            "overview": OVERVIEW.dump_json(overview),
            "count_elapsed": TABLE.dump_json(table),
            "as_of": overview.as_of.isoformat().encode(),
        }
        target.executemany("INSERT INTO page VALUES (?, ?)", pages.items())
        target.execute("COMMIT")
    finally:
        target.close()


def listed_sql(people: str) -> str:
    """Return the statement of all rows of the list in the order of their ids: the last order's day, then the customer."""
    return LISTED.format(
        people=people,
        digest=DIGEST,
        unit=UNIT,
        first_kind=_code("first_kind", KINDS),
        stop_kind=_code("stop_kind", KINDS),
        ending=_code("stop_ending", ENDINGS),
        same_group=" AND ".join(f"groups.{band} = person.{band}" for band in BANDS),
    )


def hmac_parameters(key: bytes) -> dict[str, str]:
    """Return what the statement needs to make customer references (RFC 2104)."""
    if len(key) > BLOCK:
        key = hashlib.sha256(key).digest()
    padded = key.ljust(BLOCK, b"\0")
    inner, outer = bytes(byte ^ 0x36 for byte in padded), bytes(byte ^ 0x5C for byte in padded)
    return {"inner": inner.hex(), "outer": outer.hex()}


def indexes() -> Iterator[str]:
    """Yield the statements of all indexes; ids already stand in the order of the last order's day."""
    for column in SORT_COLUMNS.values():
        if column == "id":
            yield "CREATE INDEX by_group_id ON listed (grp)"
        else:
            yield f"CREATE INDEX by_{column} ON listed ({column})"
            yield f"CREATE INDEX by_group_{column} ON listed (grp, {column})"
    yield "CREATE UNIQUE INDEX by_ref ON listed (customer_ref)"
    yield "CREATE INDEX by_number ON listed (customer_id)"


def _code(column: str, words: tuple[str | None, ...]) -> str:
    tests = " ".join(f"WHEN '{word}' THEN {code}" for code, word in enumerate(words) if word)
    return f"CASE {column} {tests} ELSE 0 END"


def _move_listed(connection: "DuckDBPyConnection", target: sqlite3.Connection, people: str, key: bytes) -> None:
    """Move all rows of the list: whole columns at a time, ids in the order in which they come."""
    marks = ", ".join("?" * len(COLUMNS))
    insert = f"INSERT INTO listed ({', '.join(COLUMNS)}) VALUES ({marks})"
    for batch in connection.sql(listed_sql(people), params=hmac_parameters(key)).to_arrow_reader(BATCH):
        digests, *columns = batch.columns
        values = (
            column.to_pylist() if column.null_count else column.to_numpy(zero_copy_only=False).tolist()
            for column in columns
        )
        target.executemany(insert, zip(references(digests.to_pylist()), *values, strict=True))


def references(digests: Sequence[bytes]) -> list[str]:
    """Return digests of ten bytes in base 32; as ten bytes fill sixteen letters, all of them are written as one text."""
    text = base64.b32encode(b"".join(digests)).decode("ascii").lower()
    return [text[place : place + REF] for place in range(0, len(text), REF)]


def _move(connection: "DuckDBPyConnection", target: sqlite3.Connection, table: str, query: str) -> None:
    for rows in iter(partial(connection.execute(query).fetchmany, BATCH), []):
        target.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
