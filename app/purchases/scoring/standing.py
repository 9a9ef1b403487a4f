"""How customers stand now and stood at the cut-off: the relations that scores and types are counted over. DuckDB."""

from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from app.core import sql
from app.purchases.catalogue.ends import ended, relation
from app.purchases.classes import PurchaseType
from app.purchases.repeat.bought import loose
from app.purchases.schemas import CountElapsedTable, SourceLimits
from app.purchases.scoring.schemas import Past

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from duckdb import DuckDBPyConnection
    from ibis.backends.duckdb import Backend

FIFTHS = 5
CUT = range(1, FIFTHS)
TYPE = f"""CASE WHEN {{row}}.orders <= 1 THEN '{PurchaseType.FIRST_TIME.value}'
    WHEN {{long}} AND {{high}} THEN '{PurchaseType.FAN.value}' WHEN {{long}} THEN '{PurchaseType.REPEAT.value}'
    WHEN {{high}} THEN '{PurchaseType.TREND.value}' ELSE '{PurchaseType.BUDDING.value}' END"""
# 64 bits of who it is, as in figures.frames: joins by them take a third of the memory of joins by two texts
STOOD = """CREATE TEMP TABLE stood AS
WITH past AS (
    SELECT key, sum(amount) AS amount FROM (
        SELECT hash(source, customer_id) AS key, amount FROM orders WHERE ordered_on <= $cutoff
        UNION ALL SELECT person, amount FROM {loose} WHERE day <= $cutoff
    ) GROUP BY 1
),
those AS (
    SELECT p.source, p.currency, p.past_orders AS orders, p.first_order_on AS first_on, p.past_last_on AS last_on,
        past.amount, p.orders > p.past_orders AS came_back, $cutoff - p.past_last_on AS days, limits.*
            EXCLUDE (source), coalesce(ended.cancelled_on >= p.past_last_on, false) AS subscription_ended
    FROM people p JOIN past ON past.key = hash(p.source, p.customer_id)
    JOIN limits ON limits.source = p.source
    LEFT JOIN ended ON ended.key = hash(p.source, p.customer_id)
    WHERE p.past_orders > 0
)
SELECT source, currency, orders, last_on, days, amount, came_back, {type} AS purchase_type,
    subscription_ended OR days > lapse_days AS stopped
FROM those"""
CUTS = """(
    SELECT source, {cuts} FROM (
        SELECT source, {column} AS value, sum(count(*)) OVER (PARTITION BY source ORDER BY {column}) AS upto,
            sum(count(*)) OVER (PARTITION BY source) AS everybody
        FROM stood GROUP BY source, {column}
    ) GROUP BY source
)"""
SCORED = {"r": "last_on", "f": "orders", "m": "amount"}


def view(connection: "DuckDBPyConnection", name: str, path: Path) -> None:
    """Give a Parquet file of a build a name."""
    connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {sql.parquet(path)}")


def take_limits(connection: "DuckDBPyConnection", sources: "Iterable[SourceLimits]", name: str = "limits") -> None:
    """Make the relation of each source's numbers; an amount that more decimals make is rounded up, as in the build."""
    connection.execute(
        f"""CREATE TEMP TABLE {name} (source VARCHAR, high_amount DECIMAL(18, 4), long_days INTEGER, lapse_days INTEGER,
        churn_days INTEGER)"""
    )
    for one in sources:
        high = one.high_amount.quantize(Decimal("0.0001"), ROUND_CEILING)
        values = [one.source, high, one.long_days, one.lapse_days, one.churn_days]
        connection.execute(f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?)", values)


def take_ended(connection: "DuckDBPyConnection", ends: Path, day: "date") -> None:
    """Make the relation of customers whose last subscription ended by a day; `limits` is there already."""
    over = ended(relation(ends), day=f"DATE '{day}'", limits="limits")
    connection.execute(
        f"CREATE TEMP TABLE ended AS SELECT hash(source, customer_id) AS key, cancelled_on FROM ({over})"
    )


def past_of(table: CountElapsedTable) -> Past:
    """Return how the share who came back is measured in a build: as in count × elapsed."""
    return Past(table.cutoff, table.within_days, table.measured)


def take_stood(backend: "Backend", ends: Path, past: Past, as_of: "date") -> None:
    """Make the relation `stood`: everybody with an order by the cut-off as they stood there, by today's numbers.

    `people`, `orders`, `lines` and `limits` are there already. What came back without an order of its own is taken off the
    amount, as it is in the summary.
    """
    take_ended(backend.con, ends, past.cutoff)
    kind = TYPE.format(row="those", long="(last_on - first_on >= long_days)", high="(amount >= high_amount)")
    statement = STOOD.format(type=kind, loose=loose(lines="lines", as_of="$as_of"))
    backend.con.execute(statement, {"cutoff": past.cutoff, "as_of": as_of})


def take_scored(connection: "DuckDBPyConnection") -> None:
    """Make the relation `scored`: `stood` with the points r, f and m, ceil(5 × cume_dist) in whole numbers.

    As in `figures.scores` by the greatest values at or below each fifth; there is none below equal values.
    """
    points = ", ".join(
        "1 + "
        + " + ".join(f"CAST(coalesce(stood.{column} > {name}.cut{k}, true) AS INTEGER)" for k in CUT)
        + f" AS {name}"
        for name, column in SCORED.items()
    )
    joins = " ".join(
        f"JOIN {_cuts(column)} AS {name} ON {name}.source = stood.source" for name, column in SCORED.items()
    )
    connection.execute(f"CREATE TEMP VIEW scored AS SELECT stood.*, {points} FROM stood {joins}")


def _cuts(column: str) -> str:
    cuts = ", ".join(f"max(value) FILTER (WHERE upto * {FIFTHS} <= everybody * {k}) AS cut{k}" for k in CUT)
    return CUTS.format(cuts=cuts, column=column)
