"""Which rows of a prepared file an earlier import of the same source already holds, and which of those have changed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.purchases.figures import returns
from app.purchases.figures.lines import LinesInput, corrected, newest, order_ref, row_key
from app.purchases.figures.stored import Table

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

CONTENT = (
    "customer_id", "ordered_at", "product_code", "product_name", "kind", "status", "line_type", "effect", "quantity", "amount",
    "sales_channel", "acquisition_channel", "subscription_number", "subscription_status", "subscription_cancelled_on", "cancel_reason", "coupon",
    "discount", "points_used", "refunded", "dispatched_on", "prefecture",
)  # fmt: skip


def inputs(rows: Sequence[Path]) -> LinesInput:
    """Return row files with the fixes that lie beside some of them."""
    beside = (fixes_beside(path) for path in rows)
    return LinesInput(rows=tuple(rows), fixes=tuple(path for path in beside if path.exists()))


def fixes_beside(rows: Path) -> Path:
    """Return where the fixes of a row file lie, if it has any: rows.parquet → fixes.parquet, x.parquet → x.fixes.parquet."""
    return rows.with_name("fixes.parquet") if rows.name == "rows.parquet" else rows.with_suffix(".fixes.parquet")


def mark_known(backend: "Backend", rows: Path, earlier: Sequence[Path]) -> None:
    """Make `good` (the file's rows that are not held back, whether they are `new` and `changed`) and `known` (line, changed)."""
    run = backend.con.execute
    good = corrected(backend, inputs([rows]))
    run("CREATE OR REPLACE TABLE known (line BIGINT, changed BOOLEAN)")
    if not earlier:
        run(f"CREATE OR REPLACE VIEW good AS SELECT *, true AS new, false AS changed FROM ({good.compile()})")
        return
    run(
        f"""CREATE OR REPLACE VIEW good AS SELECT rows.*, known.line IS NULL AS new, coalesce(known.changed, false) AS changed
        FROM ({good.compile()}) AS rows LEFT JOIN known USING (line)"""
    )
    before = corrected(backend, inputs(earlier))
    run(f"CREATE OR REPLACE TABLE good_keys AS SELECT line, row_key, {_content()} AS content FROM ({_keyed(good)})")
    run(
        f"""INSERT INTO known
        WITH before AS (
            SELECT row_key, arg_max(content, import_number) AS content FROM (
                SELECT row_key, import_number, {_content()} AS content FROM ({_keyed(before)})
                WHERE row_key IN (SELECT row_key FROM good_keys))
            GROUP BY row_key)
        SELECT line, before.content <> good_keys.content FROM good_keys JOIN before USING (row_key)"""
    )


def _keyed(rows: Table) -> str:
    return str(rows.mutate(row_key=row_key(rows)).compile())


def _content() -> str:
    return f"hash({', '.join(CONTENT)})"


def count_returns(backend: "Backend", rows: Path, earlier: Sequence[Path], import_number: int) -> tuple[int, int, int]:
    """Return how many new returned rows were matched to an order, how many were not, and how many new orders came back whole."""
    kept = newest(backend, corrected(backend, inputs([*earlier, rows])))
    kept = kept.mutate(order_ref=order_ref(kept), shop=kept.source).drop("line_id")
    found = returns.matched(backend, kept)
    new = f"import_number = {import_number} AND line NOT IN (SELECT line FROM known)"
    matched = (
        f"({found.compile()})"
        if found is not None
        else "(SELECT 0 AS import_number, 0 AS line, '' AS order_ref LIMIT 0)"
    )
    backend.con.execute(f"CREATE OR REPLACE TABLE order_of_return AS SELECT * FROM {matched}")
    (every,) = _one(backend, "SELECT count(*) FROM good WHERE effect = 'counter' AND new")
    (given,) = _one(backend, f"SELECT count(*) FROM order_of_return WHERE {new}")
    backend.con.execute(f"CREATE OR REPLACE VIEW kept_lines AS {kept.compile()}")
    # only orders that something came back from can have come back whole
    (whole,) = _one(
        backend,
        f"""WITH placed AS (
            SELECT customer_id, coalesce(order_of_return.order_ref, kept_lines.order_ref) AS order_ref, effect, quantity,
                effect = 'sale' AND {new} AS new_sale
            FROM kept_lines LEFT JOIN order_of_return USING (import_number, line) WHERE effect <> 'none'
        ), back AS (SELECT DISTINCT customer_id, order_ref FROM placed WHERE effect = 'counter')
        SELECT count(*) FROM (
            SELECT 1 FROM placed SEMI JOIN back USING (customer_id, order_ref) GROUP BY customer_id, order_ref
            HAVING sum(quantity) <= 0 AND bool_or(new_sale))""",
    )
    return given, every - given, whole


def _one(backend: "Backend", sql: str) -> tuple[int, ...]:
    found: list[tuple[int, ...]] = backend.con.execute(sql).fetchall()
    return found[0]
