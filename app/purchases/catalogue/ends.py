"""Which subscriptions run, rest or have ended: what order lines and subscription files say, the newest word on each.

Where both speak of one subscription, the word with the newer day stands, whichever file was imported first. The word of
order lines has the day of the end they name. That of a subscription file has the newest of start, pause and cancel; while it
runs, also the delivery before the next one: the file was written after it. A running or resting subscription has to be
newer than the end; a cancelled one stands from the same day on. Of several subscription files the last one imported counts.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ibis import _

from app.core import sql
from app.purchases.repeat.bought import THING

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

CUSTOMER = ("source", "customer_id")
Table = Any  # Ibis builds its column attributes at run time; the type checker cannot follow them
Value = Any  # an Ibis column, for the same reason
MERGES = "subscription_merges"
NOTHING = """
    SELECT '' AS source, '' AS customer_id, '' AS subscription_id, '' AS status, NULL::DATE AS started_on,
        NULL::DATE AS paused_on, NULL::DATE AS cancelled_on, NULL::DATE AS next_on, '' AS cycle, '' AS reason, '' AS product,
        '' AS product_code,
        NULL::BIGINT AS number, 0::BIGINT AS import_number, 0::BIGINT AS line
    WHERE false
"""
# an order line says of its subscription only that it ended; lines without a subscription number count by day and product
FROM_LINES = f"""
    SELECT shop, source, customer_id, subscription_id, max(subscription_cancelled_on) AS cancelled_on,
        coalesce(arg_max(nullif(cancel_reason, ''), (subscription_cancelled_on, ordered_at, cancel_reason)), '') AS reason,
        arg_max({THING}, (ordered_at, {THING})) AS product,
        arg_max(subscription_number, (ordered_at, subscription_number))::BIGINT AS number
    FROM read_parquet($lines)
    WHERE subscription_cancelled_on IS NOT NULL
    GROUP BY shop, source, customer_id, subscription_id, if(subscription_id = '', subscription_cancelled_on, NULL),
        if(subscription_id = '', {THING}, NULL)
"""
# 30日ごと, 隔週, 1ヶ月ごと, 毎月20日; nothing where it is told in another way
CYCLE_DAYS = r"""
    CASE WHEN regexp_matches(cycle, '月|month')
        THEN 31 * coalesce(try_cast(regexp_extract(cycle, '([0-9]{1,2})\s*\D?(月|month)', 1) AS INTEGER), if(contains(cycle, '隔'), 2, 1))
    WHEN regexp_matches(cycle, '週|week')
        THEN 7 * coalesce(try_cast(regexp_extract(cycle, '([0-9]{1,2})\s*(週|week)', 1) AS INTEGER), if(contains(cycle, '隔'), 2, 1))
    ELSE try_cast(regexp_extract(cycle, '([0-9]{1,3})\s*(日|day|$)', 1) AS INTEGER) END
"""
NEWEST_SAID = """
    SELECT *, greatest(started_on, paused_on, cancelled_on, if(status = 'active', next_on - ({cycle}), NULL)) AS known_on
    FROM ({rows})
    QUALIFY row_number() OVER (PARTITION BY source, subscription_id ORDER BY import_number DESC, line DESC) = 1
"""
BOTH = """
    WITH said AS ({said}), ended AS ({ended}),
    joined AS (
        SELECT s.* REPLACE (coalesce({to_source}, s.source) AS source, coalesce({to_customer}, s.customer_id) AS customer_id),
            s.source AS shop
        FROM said s {people}
    ),
    met AS (
        SELECT coalesce(e.source, j.source) AS source, coalesce(e.customer_id, j.customer_id) AS customer_id,
            coalesce(j.shop, e.shop) AS shop, coalesce(j.subscription_id, e.subscription_id) AS subscription_id, j.status, j.started_on, j.paused_on,
            j.cancelled_on AS said_on, e.cancelled_on AS ended_on, j.reason AS said, coalesce(e.reason, '') AS told,
            coalesce(nullif(j.product, ''), nullif(e.product, ''), j.product_code, '') AS product, coalesce(j.number, e.number) AS number,
            j.shop IS NOT NULL AS in_file,
            j.shop IS NOT NULL AND (e.shop IS NULL OR if(j.status = 'cancelled',
                coalesce(j.known_on >= e.cancelled_on, false), coalesce(j.known_on > e.cancelled_on, false))) AS stands
        FROM joined j FULL JOIN ended e
            ON j.shop = e.shop AND j.subscription_id = e.subscription_id AND e.subscription_id != ''
    ),
    newer AS (
        SELECT source, customer_id, shop, subscription_id, if(stands, status, 'cancelled') AS status, started_on, paused_on,
            if(stands, if(status = 'cancelled', coalesce(said_on, ended_on), NULL), ended_on) AS cancelled_on,
            if(stands, if(status = 'cancelled', coalesce(nullif(said, ''), told), said), coalesce(nullif(told, ''), said, ''))
                AS reason,
            product, number, in_file
        FROM met
    )
    SELECT * EXCLUDE (in_file) FROM newer n
    WHERE in_file OR subscription_id != '' OR NOT EXISTS (
        SELECT 1 FROM newer o WHERE o.source = n.source AND o.customer_id = n.customer_id
            AND o.cancelled_on = n.cancelled_on AND o.subscription_id != ''
    )
    ORDER BY source, customer_id, cancelled_on NULLS FIRST, subscription_id
"""


def write(
    connection: "DuckDBPyConnection",
    lines: Path,
    files: Sequence[Path],
    target: Path,
    *,
    merges: "pa.Table | None" = None,
) -> None:
    """Write one row for each subscription, sorted by customer: order lines and subscription files in one.

    Its number is that of a `shop`: people brought together may have the same number in two. Without one the `product` (as in
    `repeat.bought.THING`) tells which it is.
    `merges` (source, customer_id, to_source, to_customer_id) are customers who go by another key.
    """
    people = MERGES if merges is not None and merges.num_rows else ""
    if people:
        connection.register(MERGES, merges)
    rows = "SELECT * FROM read_parquet($files, union_by_name=true)" if files else NOTHING
    statement = BOTH.format(
        said=NEWEST_SAID.format(rows=rows, cycle=CYCLE_DAYS),
        ended=FROM_LINES,
        to_source="m.to_source" if people else "NULL",
        to_customer="m.to_customer_id" if people else "NULL",
        people=f"LEFT JOIN {people} m ON m.source = s.source AND m.customer_id = s.customer_id" if people else "",
    )
    connection.execute(
        f"COPY ({statement}) TO {sql.literal(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 5000)",
        {"lines": str(lines)} | ({"files": [str(path) for path in files]} if files else {}),
    )


def cancelled(ends: Table, as_of: date | Value) -> Table:
    """Return `cancelled_on` of each customer whose last subscription ended by that day, and who has none that runs."""
    running = (_.started_on.isnull() | (_.started_on <= as_of)) & (
        (_.status != "cancelled") | (_.cancelled_on.notnull() & (_.cancelled_on > as_of) & _.started_on.notnull())
    )
    people = ends.group_by(CUSTOMER).agg(
        cancelled_on=_.cancelled_on.max(where=_.cancelled_on <= as_of), running=running.any()
    )
    return people.filter(_.cancelled_on.notnull() & ~_.running).drop("running")
