"""Class and type of everybody on a day, by the rules and limits in force now, from the orders that count today."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
from ibis import _
from ibis.util import gen_name

from app.core import sql
from app.purchases.catalogue.ends import ended, relation
from app.purchases.figures import frames, rules
from app.purchases.figures.build import limits_table
from app.purchases.figures.stored import Table, stored, table_of
from app.purchases.schemas import SourceLimits

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

NAMED = ("source", "customer_id", "customer_class", "purchase_type")
NO_SPACES = pa.schema([("customer_key", pa.uint64()), ("gap", pa.int64()), ("times", pa.int64())]).empty_table()
ONE_NAME = frames.room(1)
BOUGHT = """SELECT source, customer_id, hash(source, customer_id) AS customer_key, ordered_on,
    CAST(ordered_on AS TIMESTAMP) AS ordered_at, amount, pieces, CAST(0 AS TINYINT) AS kind, CAST(0 AS INTEGER) AS profile
FROM {orders} WHERE ordered_on <= DATE '{day}'"""
TAKEN_BACK = """SELECT source, customer_id, CAST(summary.amount - ordered.amount AS DECIMAL(18, 4)) AS taken_back
FROM (SELECT source, customer_id, hash(source, customer_id) AS who, amount FROM {summary}) AS summary
JOIN (SELECT hash(source, customer_id) AS who, sum(amount) AS amount FROM {orders} GROUP BY who) AS ordered
    USING (who)
WHERE summary.amount <> ordered.amount"""


def standing(
    backend: "Backend", *, orders: Path, ends: Path, taken_back: pa.Table, limits: Sequence[SourceLimits], day: date
) -> Table:
    """Return source, customer_id, customer_class and purchase_type of each who had ordered by the end of that day.

    `orders` and `ends` are files of a build. What was cancelled, sent back or corrected since counts as it is known today,
    also what came back without an order of its own (`taken_back`): so the day of the build gives what its summary says.
    """
    people = frames.customers(
        _bought(backend, orders, day), stored(backend, NO_SPACES), day, day, recent_days=0, size=ONE_NAME
    )
    row = _beside(people, stored(backend, taken_back)).mutate(amount=_.amount + _.taken_back.fill_null(0))
    limited = stored(backend, limits_table(tuple(limits)))
    row = _beside(row.join(limited, "source"), _ended(backend, ends, limited, day))
    row = row.mutate(days_since_last=ibis.literal(day).delta(row.last_order_on, unit="day").cast("int32"))
    row = row.mutate(purchase_type=rules.purchase_type(row))
    return row.mutate(customer_class=rules.customer_class(row)).select(NAMED)


def _ended(backend: "Backend", ends: Path, limits: Table, day: date) -> Table:
    name = gen_name("ended")
    over = ended(relation(ends), day=f"DATE '{day}'", limits=limits.get_name())
    backend.con.execute(f"CREATE TEMP TABLE {name} AS SELECT source, customer_id, cancelled_on FROM ({over})")
    return table_of(backend, name)


def write(backend: "Backend", found: Table, target: Path) -> None:
    """Write the table as a file."""
    backend.to_parquet(found, str(target), compression="snappy")


def taken_back(backend: "Backend", *, orders: Path, summary: Path) -> pa.Table:
    """Return by how much the amounts of the summary differ from those of the orders, of the few where they do."""
    query = backend.con.sql(TAKEN_BACK.format(orders=sql.parquet(orders), summary=sql.parquet(summary)))
    found: pa.Table = query.to_arrow_table()
    return found


def _beside(row: Table, some: Table) -> Table:
    return row.left_join(some, frames.CUSTOMER).drop("source_right", "customer_id_right")


def _bought(backend: "Backend", orders: Path, day: date) -> Table:
    """Return the orders up to that day; what names an order does not matter here."""
    name = gen_name("bought")
    backend.con.execute(f"CREATE TEMP VIEW {name} AS {BOUGHT.format(orders=sql.parquet(orders), day=day)}")
    return table_of(backend, name)
