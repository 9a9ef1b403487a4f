"""How long it takes until a product is bought again."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.purchases.repeat.bought import bought
from app.purchases.repeat.schemas import Cycle, Cycles, Gaps

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHOWN = 30
PERCENTS = (25, 50, 75)
COUNTED = f"""
    WITH days AS (
        SELECT thing, person, day, bool_or(is_family) AS is_family FROM {bought()} WHERE thing <> '' GROUP BY ALL
    ), gaps AS (
        SELECT thing, person, is_family, day - lag(day) OVER (PARTITION BY thing, person ORDER BY day) AS gap
        FROM days
    )
    SELECT thing, bool_or(is_family), count(*) FILTER (gap IS NULL) AS people,
        count(DISTINCT person) FILTER (gap IS NOT NULL) AS bought_again, count(gap) AS gaps,
        quantile_cont(gap, [0.25, 0.5, 0.75])
    FROM gaps GROUP BY thing HAVING count(gap) > 0 ORDER BY gaps DESC, people DESC, thing
"""


def count(connection: "DuckDBPyConnection", lines: Path, as_of: date) -> Cycles:
    """Return the products of a file of order lines (`OrdersStore.lines_path`) that were bought again, most often first."""
    rows = connection.execute(COUNTED, {"lines": str(lines), "as_of": as_of.isoformat()}).fetchall()
    found = tuple(
        Cycle(thing, is_family, people, again, Gaps(gaps, dict(zip(PERCENTS, quantiles, strict=True))))
        for thing, is_family, people, again, gaps, quantiles in rows[:SHOWN]
    )
    return Cycles(found, more=len(rows) - len(found))
