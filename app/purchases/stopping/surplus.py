"""Days of product that people have left: pieces received, times the days a piece lasts, less the days since.

Counted per customer and product (the family where one is set) from order to order: what is used up stays at nothing until
the next one comes. Who goes on is measured on the as-of date, who cancelled on the day of the cancel.
"""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.purchases.repeat.bought import THING
from app.purchases.stopping.schemas import Standing, SurplusGroup, SurplusRow

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BANDS = (-1.0, 0.0, 1.0, 2.0)
STANDINGS: tuple[Standing, ...] = ("going", "cancelled", "stopped")
OVER = "over"
# `stock` is what was there after an order came: the days given since it was last used up, less the days between
SURPLUS = f"""CREATE TEMP TABLE surplus AS
    WITH received AS (
        SELECT lines.source, customer_id, order_ref, min(ordered_on) FILTER (effect = 'sale') AS day,
            {THING} AS product,
            sum(quantity * lasts) AS days
        FROM read_parquet($lines) AS lines JOIN (
            SELECT source AS shop, product_code AS known_code, product_name AS known_name, days AS lasts FROM read_parquet($lasting)
        ) AS known ON known.shop = lines.shop AND known_code = lines.product_code
            AND known_name = CASE WHEN lines.product_code = '' THEN lines.product_name ELSE '' END
        WHERE effect <> 'none' AND customer_id <> '' AND ordered_on <= $as_of
        GROUP BY lines.source, customer_id, lines.shop, order_ref, product
    ), daily AS (
        SELECT source, customer_id, product, day - DATE '1970-01-01' AS came, sum(days) AS days FROM received
        WHERE day IS NOT NULL AND days > 0 GROUP BY ALL
    ), running AS (
        SELECT *, sum(days) OVER earlier AS given, row_number() OVER later AS back
        FROM daily WINDOW earlier AS (PARTITION BY source, customer_id, product ORDER BY came),
            later AS (PARTITION BY source, customer_id, product ORDER BY came DESC)
    ), stocked AS (
        SELECT *, given - came - min(given - days - came) OVER (PARTITION BY source, customer_id, product ORDER BY came) AS stock
        FROM running
    ), ended AS (
        SELECT source, customer_id, max(cancelled_on) AS cancelled_on FROM read_parquet($ends)
        WHERE cancelled_on <= $as_of GROUP BY ALL
    )
    SELECT source, customer_id, product, coalesce(stop_ending, 'going') AS standing, CAST(days AS BIGINT) AS lasts,
        CAST(stock - (CASE WHEN stop_ending = 'cancelled' THEN cancelled_on ELSE CAST($as_of AS DATE) END - DATE '1970-01-01' - came)
            AS BIGINT) AS days_left
    FROM stocked JOIN read_parquet($summary) AS people USING (source, customer_id) LEFT JOIN ended USING (source, customer_id)
    WHERE back = 1"""
BAND = "CASE {cases} ELSE {last} END"
COUNTED = """
    SELECT product, standing, {band} AS band, count(*) FROM surplus GROUP BY ALL"""
MEDIANS = """
    SELECT product, standing, count(*), CAST(quantile_disc(days_left, 0.5) AS BIGINT) FROM surplus
    GROUP BY product, standing ORDER BY product"""


def band_sql() -> str:
    """Return the number of the band, 0 for the least left, of a row of the table `surplus`."""
    cases = " ".join(f"WHEN days_left <= {bound} * lasts THEN {place}" for place, bound in enumerate(BANDS))
    return BAND.format(cases=cases, last=len(BANDS))


def make(connection: "DuckDBPyConnection", files: Mapping[str, Path], as_of: date) -> None:
    """Make the temporary table `surplus` of a build from its files: lines, lasting, summary, ends.

    Its columns: source, customer_id, product, standing (going, cancelled, stopped), lasts (days that the last delivery
    lasts), days_left (below 0 where it was used up so many days before).
    """
    connection.execute(SURPLUS, {"as_of": as_of} | {name: str(path) for name, path in files.items()})


def count(connection: "DuckDBPyConnection") -> tuple[SurplusRow, ...]:
    """Return the table `surplus` by product, the one with most people who have more than a delivery left first."""
    bands: dict[tuple[str, str], list[int]] = {}
    for product, standing, band, people in connection.execute(COUNTED.format(band=band_sql())).fetchall():
        bands.setdefault((product, standing), [0] * (len(BANDS) + 1))[band] = people
    medians = connection.execute(MEDIANS).fetchall()
    rows = [_row(product, list(found), bands) for product, found in groupby(medians, key=lambda row: row[0])]
    return tuple(sorted(rows, key=lambda row: (-row.above_one, -row.people, row.product)))


def _row(product: str, found: list[tuple[Any, ...]], bands: dict[tuple[str, str], list[int]]) -> SurplusRow:
    by_standing = {row[1]: row for row in found}
    groups = tuple(
        SurplusGroup(
            standing=standing,
            people=by_standing[standing][2],
            median_days=by_standing[standing][3],
            bands=tuple(bands[product, standing]),  # type: ignore[arg-type]  # five of them
        )
        for standing in STANDINGS
        if standing in by_standing
    )
    return SurplusRow(product, sum(group.people for group in groups), groups)
