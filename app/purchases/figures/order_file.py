"""Writes the orders that count, one row for each, numbered within their customer: what cohorts, steps and rules read."""

from pathlib import Path
from typing import TYPE_CHECKING

from app.core import sql
from app.purchases.figures.frames import ACQUIRED, KINDS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from app.purchases.figures.build import Figures

FAMILIES = """CREATE OR REPLACE TEMP TABLE order_family AS
SELECT source, product_code, product_name, min(product_family) AS product_family FROM read_parquet($lines)
WHERE product_family <> '' AND effect = 'sale' GROUP BY ALL"""
# The order of rows within a customer is that of frames.customers: by moment, kind (trials first), profile.
ORDERS = """COPY (
    WITH numbered AS (
        SELECT *, row_number() OVER one AS order_number, lag(ordered_on) OVER one AS before
        FROM {orders} WHERE customer_id <> '' AND ordered_on IS NOT NULL
        WINDOW one AS (PARTITION BY source, customer_id
            ORDER BY date_trunc('second', ordered_at), kind DESC, profile, amount DESC, pieces DESC{tie})
    )
    SELECT numbered.source, numbered.customer_id, CAST(order_number AS INTEGER) AS order_number, ordered_on,
        CAST(ordered_on - before AS INTEGER) AS gap_days, amount, CAST(pieces AS BIGINT) AS pieces, {kind} AS kind, profile.product_code,
        CASE WHEN profile.product_name <> '' THEN profile.product_name ELSE profile.product_code END AS product,
        coalesce(order_family.product_family, '') AS product_family, profile.sales_channel, {acquired} AS acquisition_channel,
        CAST(profile.number AS INTEGER) AS subscription_number, {currency} AS currency
    FROM numbered JOIN {profiles} AS profile USING (profile)
    LEFT JOIN order_family ON order_family.source = numbered.source
        AND order_family.product_code = profile.product_code AND order_family.product_name = profile.product_name
    ORDER BY numbered.source, numbered.customer_id, order_number
) TO {target} (FORMAT parquet, COMPRESSION zstd)"""


def write(connection: "DuckDBPyConnection", figures: "Figures", lines: Path, target: Path) -> None:
    """Write the orders of known customers, sorted by source, customer and number; `lines` is the finished file of lines.

    Columns: source, customer_id, order_number (1 is the first), ordered_on, gap_days (since the order before, null for the
    first), amount (net of what came back), pieces, kind, product_code, product, product_family, sales_channel (of the line
    that names the order), acquisition_channel (empty: no line says one), subscription_number (0: none said), currency.
    """
    acquired = ACQUIRED in figures.orders.columns
    connection.execute(FAMILIES, {"lines": str(lines)})
    kinds = " ".join(f"WHEN {code} THEN '{kind}'" for code, kind in enumerate(KINDS))
    currencies = " ".join(
        f"WHEN {sql.literal(source)} THEN {sql.literal(currency)}" for source, currency in figures.currencies.items()
    )
    connection.execute(
        ORDERS.format(
            orders=figures.orders.get_name(),
            profiles=figures.profiles.get_name(),
            kind=f"CASE kind {kinds} END",
            acquired=ACQUIRED if acquired else "''",
            tie=f", {ACQUIRED}" if acquired else "",
            currency=f"CASE numbered.source {currencies} END",
            target=sql.literal(target),
        )
    )
