"""What a file says was refunded of its orders, and what it changes of the refunds of orders known before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from app.purchases.figures import returns
from app.purchases.figures.lines import placed
from app.purchases.figures.stored import viewed
from app.purchases.files.check.known_rows import inputs

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Refunds:
    """Of a file's new rows: those of orders with a refund, what is taken off them, and what was refunded beyond the goods.

    `changed` is how much more (or less) is taken off orders known before; `whole` counts orders of which nothing is left.
    """

    rows: int = 0
    amount: Decimal = NOTHING
    other: Decimal = NOTHING
    changed: Decimal = NOTHING
    whole: int = 0


def count_refunds(backend: "Backend", rows: Path, earlier: Sequence[Path], import_number: int) -> Refunds:
    """Return what was refunded, counted like the figures do. Call it after `known_rows.mark_known`."""
    if not any("refunded" in pq.read_schema(path).names for path in (*earlier, rows)):
        return Refunds()
    new = f"import_number = {import_number} AND effect = 'sale' AND line NOT IN (SELECT line FROM known)"
    before = _row(backend, earlier, "SELECT sum(refunded) FROM {refunds}")[0] if earlier else None
    found = _row(
        backend,
        [*earlier, rows],
        f"""WITH orders AS (
            SELECT sum(refunded) AS refunded, count(*) FILTER ({new} AND refunded > 0) AS rows, any_value(other) AS other,
                sum(refunded) FILTER ({new}) AS amount, bool_or(whole) AS whole, bool_or({new}) AS new,
                bool_or(effect = 'counter') AND sum(quantity) <= 0 AS back
            FROM {{refunds}} GROUP BY customer_id, order_ref)
        SELECT sum(rows), sum(amount), sum(other) FILTER (new), sum(refunded),
            count(*) FILTER (new AND whole AND NOT back) FROM orders""",  # what came back whole is no order already
    )
    count, amount, other, after, whole = (value or 0 for value in found)
    changed = Decimal(after - amount - (before or 0))
    return Refunds(int(count), Decimal(amount), Decimal(other), changed, whole)


def _row(backend: "Backend", rows: Sequence[Path], sql: str) -> tuple[Any, ...]:
    """Return the only row of a query over the refunds of these files; nulls where there are none."""
    kept = viewed(backend, returns.with_orders(backend, placed(backend, inputs(rows))))
    found = returns.refunds(backend, kept)
    if found is None:
        return (None,) * 5
    told: list[tuple[Any, ...]] = backend.con.execute(sql.format(refunds=found.get_name())).fetchall()
    return told[0]
