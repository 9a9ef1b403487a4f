"""Which subscriptions run, rest or have ended: what order lines and subscription files say, the newest word on each.

Where both speak of one subscription, the word with the newer day stands, whichever file was imported first. The word of
order lines has the day of the end they name. That of a subscription file has the newest of start, pause and cancel; while it
runs, also the delivery before the next one: the file was written after it. A running or resting subscription has to be
newer than the end; a cancelled one stands from the same day on. Of several subscription files the last one imported counts.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.core import sql
from app.purchases.repeat.bought import NAME, PERSON, PLACED, THING, bought

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

MERGES = "subscription_merges"
DELIVERED = "STRUCT(day DATE, product VARCHAR, number BIGINT)[]"
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
    SELECT * EXCLUDE (in_file), CAST(NULL AS {delivered}) AS delivered FROM newer n
    WHERE in_file OR subscription_id != '' OR NOT EXISTS (
        SELECT 1 FROM newer o WHERE o.source = n.source AND o.customer_id = n.customer_id
            AND o.cancelled_on = n.cancelled_on AND o.subscription_id != ''
    )
    ORDER BY source, customer_id, cancelled_on NULLS FIRST, subscription_id
"""

THEIR_LINES = """
    SELECT source, customer_id, shop, order_ref, subscription_id, subscription_number, kind, effect, quantity, amount,
        product_family, product_name, product_code, ordered_at, ordered_on
    FROM {lines} SEMI JOIN (FROM {ends} WHERE cancelled_on IS NOT NULL) AS ended USING (source, customer_id)
    WHERE customer_id <> ''
"""
# the number of a cancel that no order has: which deliveries were its own nobody says, so those without a number are
WITH_DELIVERIES = f"""
    WITH goods AS (
        SELECT *, {PERSON} AS person, {PLACED} AS placed, {THING} AS thing, {NAME} AS name FROM lines_of_ended
        WHERE effect = 'sale' AND kind = 'subscription' AND ordered_on <= {{until}}
    ), delivery AS (
        SELECT source, customer_id, shop, subscription_id, if(subscription_id = '', thing, '') AS named, order_ref,
            min(ordered_at) AS sent_at, min(ordered_on) AS day, max(subscription_number)::BIGINT AS number,
            arg_min(name, (amount <= 0, -amount, product_code, name)) AS product
        FROM goods SEMI JOIN {{kept}} AS kept USING (person, placed, thing) GROUP BY ALL
    ), each AS (
        SELECT source, customer_id, shop, subscription_id, named,
            list({{{{'day': day, 'product': product, 'number': number}}}} ORDER BY sent_at, order_ref) AS delivered
        FROM delivery GROUP BY ALL
    ), unnumbered AS (
        SELECT source, customer_id, shop,
            list({{{{'day': day, 'product': product, 'number': number}}}} ORDER BY sent_at, order_ref) AS delivered
        FROM delivery WHERE subscription_id = '' GROUP BY ALL
    ), known AS (
        SELECT *, if(subscription_id = '', product, '') AS named FROM {{ends}}
    ), owned AS (
        SELECT k.* EXCLUDE (delivered, named), k.named, coalesce(e.delivered, u.delivered) AS delivered,
            e.delivered IS NULL AND u.delivered IS NOT NULL AS taken
        FROM known k LEFT JOIN each e USING (source, customer_id, shop, subscription_id, named)
            LEFT JOIN unnumbered u ON k.subscription_id <> '' AND k.cancelled_on IS NOT NULL
                AND (u.source, u.customer_id, u.shop) = (k.source, k.customer_id, k.shop)
    ), others AS (
        SELECT * FROM each ANTI JOIN known USING (source, customer_id, shop, subscription_id, named)
        WHERE subscription_id <> '' OR NOT EXISTS (
            FROM owned o WHERE taken AND (o.source, o.customer_id, o.shop) = (each.source, each.customer_id, each.shop)
        )
    )
    SELECT * EXCLUDE (named, taken) FROM (
        FROM owned UNION ALL BY NAME
        SELECT source, customer_id, shop, subscription_id, '' AS status, '' AS reason, named AS product, delivered FROM others
    ) ORDER BY source, customer_id, cancelled_on NULLS FIRST, subscription_id, product
"""
ENDED = """
    WITH known AS (
        SELECT source, customer_id, status, reason, if(cancelled_on <= {day}, cancelled_on, NULL) AS cancelled_on,
            started_on IS NOT NULL AS begun, coalesce(started_on <= {day}, true) AS there,
            status <> 'cancelled' OR coalesce(cancelled_on > {day}, false) AS open, [one FOR one IN delivered IF one.day <= {day}] AS had
        FROM {ends}
    ), told AS (
        SELECT known.* EXCLUDE (had), had[-1].day AS delivered_on, had[-1].product AS product,
            coalesce(nullif(had[-1].number, 0), len(had)) AS number,
            coalesce(open AND (there AND status <> '' AND (status <> 'cancelled' OR begun)
                OR {day} - had[-1].day <= lapse.lapse_days), false) AS runs
        FROM known LEFT JOIN {limits} AS lapse ON lapse.source = known.source
    ), people AS (
        SELECT source, customer_id, max(cancelled_on) AS cancelled_on, arg_max(
            {{'delivered_on': delivered_on, 'product': product, 'number': number, 'reason': trim(reason)}},
            (cancelled_on, coalesce(delivered_on, DATE '0001-01-01'), trim(reason) <> '', reason, product)
        ) FILTER (cancelled_on IS NOT NULL) AS one
        FROM told GROUP BY source, customer_id HAVING max(cancelled_on) IS NOT NULL AND NOT bool_or(runs)
    )
    SELECT source, customer_id, cancelled_on, one.delivered_on, one.product, one.number, one.reason FROM people
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
        delivered=DELIVERED,
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


def add_deliveries(connection: "DuckDBPyConnection", lines: str, target: Path, *, as_of: date | None) -> None:
    """Add to the file the deliveries of who cancelled, of each subscription in a list, also of those of which nothing is said.

    `lines` names the relation of lines; up to `as_of`. Nothing is read of it where nobody cancelled.
    """
    ends = sql.parquet(target)
    if not connection.execute(f"SELECT 1 FROM {ends} WHERE cancelled_on IS NOT NULL LIMIT 1").fetchall():
        return
    part = target.with_suffix(".part")
    until = f"DATE '{as_of or date.max}'"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE lines_of_ended AS {THEIR_LINES.format(lines=lines, ends=ends)}")
    rows = WITH_DELIVERIES.format(ends=ends, kept=bought(lines="lines_of_ended", as_of=until), until=until)
    connection.execute(f"COPY ({rows}) TO {sql.literal(part)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 5000)")
    connection.execute("DROP TABLE lines_of_ended")
    part.replace(target)


def ended(ends: str, *, day: str, limits: str) -> str:
    """Return the query of customers who ended their last subscription by a day and have no other that runs.

    One runs where a file says so, or where it has no cancel and its last delivery lies no further back than `lapse_days` of
    the relation `limits` (one row for each source). Columns: source, customer_id, cancelled_on, and of the subscription
    that was cancelled last, on one day of that delivered last: delivered_on, product and number of its last delivery, null
    where none is known, and reason. The number is what the shop says (定期回数), else the count of its deliveries.
    """
    return ENDED.format(ends=ends, day=day, limits=limits)


def relation(path: Path) -> str:
    """Return the subscriptions of a build as a relation; one from before deliveries were kept knows of none."""
    import pyarrow.parquet as pq

    known = "delivered" in pq.read_schema(path).names
    return (
        sql.parquet(path) if known else f"(SELECT *, CAST(NULL AS {DELIVERED}) AS delivered FROM {sql.parquet(path)})"
    )
