"""Counts stop points: after which order of which product, of which kind and in which way people stopped.

The nth order counts the orders of its kind; that of a subscription has the subscription's own number where one is said.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.purchases.catalogue.ends import ended, relation
from app.purchases.schemas import SourceLimits
from app.purchases.stopping.schemas import GivenReason, StopPoints, StopRow

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_REASONS = 5
EACH, ALL = "product", "''"
NTH = """CREATE TEMP TABLE nth_orders AS
    SELECT hash(source, customer_id) AS customer, order_number, ordered_on, kind, product,
        CAST(CASE WHEN kind = 'subscription' AND subscription_number > 0 THEN subscription_number
            ELSE row_number() OVER (PARTITION BY source, customer_id, kind ORDER BY order_number) END AS INTEGER) AS nth
    FROM read_parquet($orders)"""
STOPPED = """CREATE TEMP TABLE stopped_people AS
    WITH lapse AS (SELECT unnest($sources) AS source, unnest($days) AS lapse_days)
    SELECT hash(people.source, people.customer_id) AS customer, CAST(stop_number AS INTEGER) AS nth, stop_product AS product,
        stop_kind AS kind, stop_ending AS ending,
        CASE WHEN stop_ending = 'cancelled' THEN ended.cancelled_on - ended.delivered_on ELSE lapse.lapse_days END AS days,
        coalesce(ended.reason, '') AS reason
    FROM read_parquet($summary) AS people LEFT JOIN ({ended}) AS ended USING (source, customer_id)
        LEFT JOIN lapse USING (source)
    WHERE stop_number IS NOT NULL"""
# of a subscription beside another one only the file of subscriptions knows how often it came
POINTS = """
    WITH reached AS (
        SELECT nth, {product} AS product, kind, count(DISTINCT customer) AS reached
        FROM (SELECT customer, nth, product, kind FROM nth_orders UNION ALL SELECT customer, nth, product, kind FROM stopped_people)
        GROUP BY ALL
    ), waiting AS (
        SELECT nth, {product} AS product, kind, count(*) AS waiting
        FROM nth_orders JOIN (
            SELECT hash(source, customer_id) AS customer, orders AS order_number FROM read_parquet($summary)
            WHERE stop_number IS NULL
        ) AS buying USING (customer, order_number) GROUP BY ALL
    )
    SELECT nth, product, kind, ending, count(*) AS people, coalesce(any_value(reached), 0), coalesce(any_value(waiting), 0),
        quantile_disc(days, 0.5)
    FROM (SELECT * REPLACE ({product} AS product) FROM stopped_people) AS stopped LEFT JOIN reached USING (nth, product, kind) LEFT JOIN waiting USING (nth, product, kind)
    GROUP BY nth, product, kind, ending ORDER BY people DESC, nth, product, kind, ending"""
REASONS = """
    SELECT nth, {product} AS product, kind, reason, count(*) AS people FROM stopped_people WHERE ending = 'cancelled'
    GROUP BY ALL ORDER BY people DESC, reason"""
Given = dict[tuple[Any, ...], list[GivenReason]]


def count(
    connection: "DuckDBPyConnection", files: tuple[Path, Path, Path], as_of: date, limits: Sequence[SourceLimits]
) -> StopPoints:  # fmt: skip
    """Return the stop points of a build from its files of orders, summary and subscriptions."""
    orders, summary = str(files[0]), str(files[1])
    connection.execute(NTH, {"orders": orders})
    over = ended(relation(files[2]), day=f"DATE '{as_of}'", limits="lapse")
    lapse = {"sources": [one.source for one in limits], "days": [one.lapse_days for one in limits]}
    connection.execute(STOPPED.format(ended=over), {"summary": summary, **lapse})
    customers = connection.execute("SELECT count(*) FROM read_parquet($summary)", {"summary": summary}).fetchall()
    rows, together = (_rows(connection, summary, product) for product in (EACH, ALL))
    return StopPoints(as_of, customers[0][0], sum(row.people for row in rows), rows, together, tuple(limits))


def _rows(connection: "DuckDBPyConnection", summary: str, product: str) -> tuple[StopRow, ...]:
    given: Given = defaultdict(list)
    for *point, reason, people in connection.execute(REASONS.format(product=product)).fetchall():
        given[tuple(point)].append(GivenReason(reason, people))
    found = connection.execute(POINTS.format(product=product), {"summary": summary}).fetchall()
    return tuple(_row(row, given) for row in found)


def _row(found: tuple[Any, ...], given: Given) -> StopRow:
    nth, product, kind, ending, people, reached, waiting, days = found
    told = given[nth, product, kind] if ending == "cancelled" else []
    reasons = [reason for reason in told if reason.reason]
    return StopRow(
        nth=nth,
        product=product,
        kind=kind,
        ending=ending,
        people=people,
        reached=reached,
        waiting=waiting,
        usual_days=days,
        reasons=tuple(reasons[:MOST_REASONS]),
        rarer_reasons=sum(reason.people for reason in reasons[MOST_REASONS:]),
        no_reason=sum(reason.people for reason in told if not reason.reason),
    )
