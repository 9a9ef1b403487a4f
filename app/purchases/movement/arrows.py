"""Counts people by where they stood before and after. SQL of DuckDB over two relations of named customers."""

from collections import Counter
from typing import TYPE_CHECKING

from app.purchases.movement.schemas import GONE, NONE, Arrow, Arrows, Moves

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# by 64 bits of who it is, as in figures.frames: half the time of a join by the texts
BOTH = f"""SELECT coalesce(later.source, earlier.source) AS source,
    coalesce(later.customer_id, earlier.customer_id) AS customer_id,
    coalesce(CAST(earlier.customer_class AS VARCHAR), '{NONE}') AS class_before,
    coalesce(CAST(later.customer_class AS VARCHAR), '{GONE}') AS class_after,
    coalesce(CAST(earlier.purchase_type AS VARCHAR), '{NONE}') AS type_before,
    coalesce(CAST(later.purchase_type AS VARCHAR), '{GONE}') AS type_after
FROM (SELECT source, customer_id, customer_class, purchase_type, hash(source, customer_id) AS who FROM {{earlier}}) AS earlier
FULL JOIN (SELECT source, customer_id, customer_class, purchase_type, hash(source, customer_id) AS who FROM {{later}}) AS later
    USING (who)"""
COUNT = "SELECT class_before, class_after, type_before, type_after, count(*) FROM {rows} GROUP BY ALL"


def both(earlier: str, later: str) -> str:
    """Return the query of everybody in one of two relations: source, customer_id, class and type before and after."""
    return BOTH.format(earlier=earlier, later=later)


def count(connection: "DuckDBPyConnection", rows: str) -> Moves:
    """Return the arrows of such rows, those of people who did not move among them."""
    classes: Counter[tuple[str, str]] = Counter()
    types: Counter[tuple[str, str]] = Counter()
    for class_before, class_after, type_before, type_after, people in connection.execute(
        COUNT.format(rows=rows)
    ).fetchall():
        classes[class_before, class_after] += people
        types[type_before, type_after] += people
    return Moves(_arrows(classes), _arrows(types))


def _arrows(counted: Counter[tuple[str, str]]) -> Arrows:
    return Arrows(tuple(Arrow(*ends, people) for ends, people in sorted(counted.items())))
