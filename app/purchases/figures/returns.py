"""What came back: the order that a returned or cancelled piece came from, and what was refunded of an order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa
from ibis import _
from ibis.util import gen_name

from app.purchases.figures.stored import Table, table_of, viewed

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

# plain SQL: every import asks this, and Ibis takes longer to write it than DuckDB to answer
PRODUCT = "CASE WHEN product_code <> '' THEN product_code ELSE product_name END"
BACK = f"""CREATE TEMP TABLE {{back}} AS
    SELECT import_number, line, source, customer_id, {PRODUCT} AS product, ordered_at, quantity, order_id AS own_ref,
        CASE WHEN regexp_full_match(order_id, '[Cc][0-9]+') THEN substr(order_id, 2) ELSE order_id END AS order_ref
    FROM {{lines}} WHERE effect = 'counter'"""
EXPLICIT = """CREATE TEMP TABLE {explicit} AS
    WITH sold AS (
        SELECT DISTINCT source, customer_id, order_ref
        FROM {lines} SEMI JOIN (SELECT source, customer_id, unnest([order_ref, own_ref]) AS order_ref FROM {back}) AS asked
            USING (source, customer_id, order_ref)
        WHERE effect = 'sale'
    )
    SELECT back.* EXCLUDE (order_ref, own_ref), coalesce(named.order_ref, own.order_ref) AS order_ref
    FROM {back} AS back LEFT JOIN sold AS named USING (source, customer_id, order_ref)
        LEFT JOIN sold AS own ON (own.source, own.customer_id, own.order_ref) = (back.source, back.customer_id, back.own_ref)
    WHERE coalesce(named.order_ref, own.order_ref) IS NOT NULL"""
REST = """CREATE TEMP TABLE {rest} AS
    SELECT import_number, line, source, customer_id, product, ordered_at, abs(quantity) AS pieces
    FROM {back} ANTI JOIN {explicit} USING (import_number, line) WHERE customer_id <> ''"""
STOCKS = f"""WITH held AS (
        SELECT source, customer_id, product, order_ref, sum(quantity) AS pieces, min(ordered_at) AS moment,
            max(import_number) AS import_number, max(line) AS line
        FROM (SELECT *, {PRODUCT} AS product FROM {{lines}} WHERE effect = 'sale') AS sold
        SEMI JOIN {{rest}} USING (source, customer_id, product) GROUP BY ALL
    ), taken AS (SELECT source, customer_id, product, order_ref, sum(quantity) AS pieces FROM {{explicit}} GROUP BY ALL)
    SELECT source, customer_id, product, order_ref, moment, CAST(held.pieces + coalesce(taken.pieces, 0) AS BIGINT)
    FROM held LEFT JOIN taken USING (source, customer_id, product, order_ref) ORDER BY moment, import_number, line"""
FOUND = """CREATE TEMP TABLE {found} AS
    SELECT import_number, line, order_ref FROM {explicit} UNION ALL SELECT import_number, line, order_ref FROM {later}"""
REFUNDED = "FROM {lines} WHERE effect = 'sale' AND refunded > 0"
TOUCHED = f"""CREATE TEMP TABLE {{touched}} AS
    SELECT import_number, line, source, customer_id, order_ref, effect, quantity, amount, coalesce(refunded, 0) AS refunded
    FROM {{lines}} SEMI JOIN (SELECT source, customer_id, order_ref {REFUNDED}) AS said USING (source, customer_id, order_ref)
    WHERE effect <> 'none'"""
# The newest file says what was refunded of an order; its rows repeat it. `step` is the finest unit that the amounts are
# written in: yen are shared in whole yen. Shares are differences of rounded sums, so they add up and the rest is the
# largest line's.
SHARES = """CREATE TEMP TABLE {shares} AS
    WITH sums AS (
        SELECT source, customer_id, order_ref, sum(amount) FILTER (effect = 'sale') AS goods,
            coalesce(-sum(amount) FILTER (effect = 'counter'), 0) AS back,
            struct_extract(max({{'file': import_number, 'said': refunded}}) FILTER (effect = 'sale'), 'said') AS refunded,
            CASE WHEN bool_and(amount % 1 = 0 AND refunded % 1 = 0) THEN 10000
                WHEN bool_and(amount % 0.01 = 0 AND refunded % 0.01 = 0) THEN 100 ELSE 1 END AS step
        FROM {touched} GROUP BY ALL
    ), given AS (
        SELECT * EXCLUDE (goods, refunded), CAST(goods * 10000 AS HUGEINT) AS goods,
            CAST(greatest(least(refunded, goods) - back, 0) * 10000 AS HUGEINT) AS given,
            refunded >= goods AND goods > back AS whole,
            CAST(greatest(refunded - greatest(goods, back), 0) AS DECIMAL(18, 4)) AS other
        FROM sums
    ), placed AS (
        SELECT touched.* EXCLUDE (refunded), given, goods, step, whole, other,
            CASE effect WHEN 'sale' THEN CAST(touched.amount * 10000 AS HUGEINT) ELSE 0 END AS own,
            sum(own) OVER (PARTITION BY source, customer_id, order_ref ORDER BY own, import_number, line
                ROWS UNBOUNDED PRECEDING) AS upto
        FROM {touched} AS touched JOIN given USING (source, customer_id, order_ref)
    )
    SELECT * EXCLUDE (given, goods, step, own, upto),
        CAST(CAST(CASE WHEN own = 0 THEN 0
            ELSE given * upto // goods // step * step - given * (upto - own) // goods // step * step END
        AS DECIMAL(38, 0)) * 0.0001 AS DECIMAL(18, 4)) AS refunded
    FROM placed"""
MATCHED = pa.schema([("import_number", pa.int64()), ("line", pa.int64()), ("order_ref", pa.string())])


@dataclass
class Stock:
    """Pieces of one product that one order of a customer still has."""

    order_ref: str
    moment: datetime
    pieces: int


def with_orders(backend: "Backend", lines: Table) -> Table:
    """Give each return that can be matched the `order_ref` of the order it takes from.

    In this order: a number like C123 names order 123; the return's own number is an order of the same customer; the newest
    earlier order of the same customer holding enough pieces of the same product.
    """
    found = matched(backend, lines)
    if found is None:
        return lines
    known = found.rename(return_import="import_number", return_line="line", return_ref="order_ref")
    joined = lines.left_join(known, [lines.import_number == known.return_import, lines.line == known.return_line])
    return joined.mutate(order_ref=ibis.coalesce(_.return_ref, _.order_ref)).select(lines.columns)


def matched(backend: "Backend", lines: Table) -> Table | None:
    """Return (import_number, line, order_ref) of every matched return; None where nothing came back."""
    view = viewed(backend, lines).get_name()
    names = {"lines": view} | {name: gen_name(name) for name in ("back", "explicit", "rest", "later", "found")}
    run = backend.con.execute
    run(BACK.format(**names))
    if run("SELECT count(*) FROM {back}".format(**names)).fetchall() == [(0,)]:
        return None
    run(EXPLICIT.format(**names))
    run(REST.format(**names))
    rest = run("SELECT * FROM {rest} ORDER BY ordered_at, import_number, line".format(**names)).fetchall()
    stocks = _stocks(run(STOCKS.format(**names)).fetchall()) if rest else {}
    later = [dict(zip(MATCHED.names, row, strict=True)) for row in _later(rest, stocks)]
    backend.con.register(names["later"], pa.Table.from_pylist(later, schema=MATCHED))
    run(FOUND.format(**names))
    backend.con.unregister(names["later"])
    return table_of(backend, names["found"])


def count_matched(backend: "Backend", lines: Table, import_number: int) -> tuple[int, int]:
    """Return how many returned lines of an import were matched to an order, and how many were not."""
    found = matched(backend, lines)
    counters = lines.filter((_.effect == "counter") & (_.import_number == import_number)).count().to_pyarrow().as_py()
    if found is None or not counters:
        return 0, counters
    given = found.filter(_.import_number == import_number).count().to_pyarrow().as_py()
    return given, counters - given


def without_refunds(backend: "Backend", lines: Table) -> Table:
    """Take the refund of an order off its lines (`with_orders`): `amount` is net, `refunded` the line's own part.

    An order refunded as far as its goods go counts like one whose state says that it was returned.
    """
    found = refunds(backend, lines)
    if found is None:
        return lines
    known = found.select(share_import=_.import_number, share_line=_.line, share=_.refunded, whole=_.whole)
    joined = lines.left_join(known, [lines.import_number == known.share_import, lines.line == known.share_line])
    whole = ibis.coalesce(joined.whole, ibis.literal(value=False))
    return joined.mutate(
        amount=ibis.ifelse(whole, _.amount, _.amount - _.share.fill_null(0)).cast("decimal(18, 4)"),
        refunded=_.share,
        status=ibis.ifelse(whole & (_.effect == "sale"), "returned", _.status),
        effect=ibis.ifelse(whole, "none", _.effect),
    ).select(lines.columns)


def refunds(backend: "Backend", lines: Table) -> Table | None:
    """Return the lines of orders of which something was refunded; None where there is no such order.

    Columns: import_number, line, source, customer_id, order_ref, effect, quantity, amount (gross), refunded (the line's part of
    what is taken off the goods), whole (nothing is left of the order), other (of the order: refunded beyond its goods).
    What rows of returned goods took off an order is part of what was refunded, so it is not taken off again.
    """
    view = viewed(backend, lines).get_name()
    names = {"lines": view, "touched": gen_name("touched"), "shares": gen_name("shares")}
    run = backend.con.execute
    if not run(f"SELECT 1 {REFUNDED} LIMIT 1".format(**names)).fetchall():
        return None
    run(TOUCHED.format(**names))
    run(SHARES.format(**names))
    return table_of(backend, names["shares"])


def _stocks(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str, ...], list[Stock]]:
    """Return what the orders of customers with returns hold, oldest first, less what named returns take back."""
    stocks: dict[tuple[str, ...], list[Stock]] = {}
    for source, customer_id, product, order_ref, moment, left in rows:
        stocks.setdefault((source, customer_id, product), []).append(Stock(order_ref, moment, left))
    return stocks


def _later(
    rest: Iterable[tuple[Any, ...]], stocks: dict[tuple[str, ...], list[Stock]]
) -> Iterator[tuple[int, int, str]]:  # fmt: skip
    """Yield the returns that an earlier order can give, the oldest return first, the newest order first."""
    for import_number, line, source, customer_id, product, moment, pieces in rest:
        for stock in reversed(stocks.get((source, customer_id, product), ())):
            if stock.moment <= moment and stock.pieces >= pieces:
                stock.pieces -= pieces
                yield import_number, line, stock.order_ref
                break
