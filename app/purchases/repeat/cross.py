"""What people bought later, by the product that named their first order."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.purchases.repeat.bought import NAMED, PERSON, bought
from app.purchases.repeat.schemas import CrossRow, CrossTable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHOWN = 12
BEGAN = f"""CREATE OR REPLACE TEMP TABLE began AS
    SELECT {PERSON} AS person, min(ordered_on) AS first_on, max(ordered_on) AS last_on,
        arg_min({NAMED}, order_number) AS thing, arg_min(product_family <> '', order_number) AS is_family
    FROM read_parquet($orders) GROUP BY person"""
LATER = f"""CREATE OR REPLACE TEMP TABLE later AS
    SELECT person, began.thing AS first_thing, bought.thing, bool_or(bought.is_family) AS is_family
    FROM {bought()} AS bought JOIN began USING (person) WHERE bought.thing <> '' AND bought.day > first_on GROUP BY ALL"""
FIRSTS = """SELECT thing, bool_or(is_family), count(*) FILTER (last_on > first_on), count(*) AS people FROM began
    GROUP BY thing ORDER BY people DESC, thing"""
THINGS = "SELECT thing, bool_or(is_family), count(*) AS people FROM later GROUP BY thing ORDER BY people DESC, thing"
PAIRS = "SELECT first_thing, thing, count(*) FROM later GROUP BY ALL"


def count(connection: "DuckDBPyConnection", orders: Path, lines: Path, as_of: date) -> CrossTable:
    """Return first × later products of a build, the `SHOWN` most frequent of each."""
    connection.execute(BEGAN, {"orders": str(orders)})
    connection.execute(LATER, {"lines": str(lines), "as_of": as_of.isoformat()})
    firsts = connection.execute(FIRSTS).fetchall()
    things = connection.execute(THINGS).fetchall()
    pairs: dict[tuple[str, str], int] = defaultdict(int)
    for first, thing, people in connection.execute(PAIRS).fetchall():
        pairs[first, thing] = people
    to = tuple((thing, is_family) for thing, is_family, _ in things[:SHOWN])
    rows = tuple(
        CrossRow(first, is_family, people, again, tuple(pairs[first, thing] for thing, _ in to))
        for first, is_family, again, people in firsts[:SHOWN]
    )
    return CrossTable(
        as_of=as_of,
        rows=rows,
        to=to,
        customers=sum(people for *_, people in firsts),
        from_more=len(firsts[SHOWN:]),
        people_more=sum(people for *_, people in firsts[SHOWN:]),
        to_more=len(things[SHOWN:]),
    )
