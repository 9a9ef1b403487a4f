"""One row for each subscription: how many deliveries it had, and whether it runs, was cancelled or fell silent.

A subscription goes by its number at the shop; where the shop has none, by customer and product. A delivery is an order that
counts, with pieces left of its product; the shop's own count of deliveries (定期回数) wins over ours. Cancelled counts from
the day of the cancel. Where no file says that it runs or rests, it fell silent once its last delivery lies further back
than the shop's lapse days and than twice the usual time between its deliveries; days of which no order can be known are not
silence.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.purchases.repeat.bought import PERSON, PLACED, THING, bought
from app.purchases.schemas import SourceLimits

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# more deliveries than every week for twenty years are a number of something else
MOST = 999
# lines without a subscription number go by what the product is called
LINES = f"""CREATE TEMP TABLE delivered_lines AS
    SELECT source, customer_id, shop, order_ref, subscription_id, subscription_number, ordered_on, goods.thing AS product,
        CASE WHEN subscription_id = '' THEN goods.thing ELSE '' END AS named
    FROM (
        SELECT *, {PERSON} AS person, {PLACED} AS placed, {THING} AS thing FROM read_parquet($lines)
        WHERE effect = 'sale' AND kind = 'subscription' AND customer_id <> '' AND ordered_on <= CAST($as_of AS DATE)
    ) AS goods SEMI JOIN {bought()} AS kept USING (person, placed, thing)"""
# the product of a subscription is the one that most of its deliveries hold
SUBSCRIPTIONS = f"""CREATE TEMP TABLE delivered AS
    WITH products AS (
        SELECT source, customer_id, shop, subscription_id, named, product, count(DISTINCT order_ref) AS orders
        FROM delivered_lines GROUP BY ALL
    ), main AS (
        SELECT source, customer_id, shop, subscription_id, named, arg_min(product, (-orders, product)) AS product
        FROM products GROUP BY source, customer_id, shop, subscription_id, named
    )
    SELECT source, customer_id, shop, subscription_id, named, any_value(main.product) AS product,
        count(DISTINCT order_ref) AS orders, min(nullif(subscription_number, 0)) FILTER (subscription_number <= {MOST}) AS first_number,
        max(subscription_number) FILTER (subscription_number <= {MOST}) AS last_number, min(ordered_on) AS first_on, max(ordered_on) AS last_on
    FROM delivered_lines JOIN main USING (source, customer_id, shop, subscription_id, named)
    GROUP BY source, customer_id, shop, subscription_id, named"""
STATES = """CREATE TEMP TABLE subscriptions AS
    WITH said AS (
        SELECT source, customer_id, shop, subscription_id, CASE WHEN subscription_id = '' THEN product ELSE '' END AS named,
            max(cancelled_on) FILTER (status = 'cancelled' AND cancelled_on <= $as_of) AS cancelled_on,
            bool_or(status IN ('active', 'paused')) AS runs
        FROM read_parquet($ends) GROUP BY ALL
    ), told AS (
        SELECT delivered.*, said.cancelled_on, coalesce(said.runs, false) AS runs,
            CAST($until AS DATE) - delivered.last_on AS silence,
            greatest(lapse.days, CASE WHEN orders > 1 THEN 2 * (last_on - first_on) / (orders - 1) END) AS patience
        FROM delivered LEFT JOIN said USING (source, customer_id, shop, subscription_id, named)
            LEFT JOIN (SELECT unnest($sources) AS source, unnest($days) AS days) AS lapse USING (source)
    )
    SELECT source, customer_id, product, CAST(greatest(orders, coalesce(last_number, 0)) AS INTEGER) AS deliveries,
        coalesce(first_number, 1) > 1 AS late, first_on, last_on,
        CASE WHEN cancelled_on >= last_on THEN 'cancelled' WHEN NOT runs AND silence > patience THEN
            CASE WHEN cancelled_on IS NULL THEN 'silent' ELSE 'cancelled' END
        ELSE 'running' END AS state
    FROM told"""


def read(
    connection: "DuckDBPyConnection", lines: Path, ends: Path, days: tuple[date, date], limits: Sequence[SourceLimits]
) -> None:  # fmt: skip
    """Make the temporary table `subscriptions`; `days` are the as-of date and that until which orders can be known.

    Its columns: source, customer_id, product (the family where one is set), deliveries, late (its first deliveries lie
    before the shop's data), first_on, last_on, state (running, cancelled, silent).
    """
    as_of, until = days
    connection.execute(LINES, {"lines": str(lines), "as_of": as_of})
    connection.execute(SUBSCRIPTIONS)
    lapse = {"sources": [one.source for one in limits], "days": [one.lapse_days for one in limits]}
    connection.execute(STATES, {"ends": str(ends), "as_of": as_of, "until": until, **lapse})
