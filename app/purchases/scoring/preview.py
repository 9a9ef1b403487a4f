"""Who would move with other numbers: counted over the customers of a build, without building anew. DuckDB."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from app.purchases import classes
from app.purchases.builds import Build
from app.purchases.classes import CustomerClass, PurchaseType, Segments
from app.purchases.figures import list_file
from app.purchases.schemas import Overview, SourceLimits
from app.purchases.scoring import standing
from app.purchases.scoring.cutoffs import Cutoffs, amount_rank, days_rank, orders_rank
from app.purchases.scoring.schemas import Move, Preview
from app.purchases.segments_file import Numbers
from app.purchases.store import files_of_a_build

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

GAPS = "SELECT source, gap_days, count(*) FROM orders WHERE gap_days > 0 GROUP BY ALL ORDER BY ALL"
TOTALS = "SELECT source, count(*), sum(amount) FROM orders GROUP BY source"
BEST = """WITH recent AS (
    SELECT hash(source, customer_id) AS key, sum(amount) AS amount FROM orders WHERE ordered_on > $since GROUP BY 1
),
each AS (
    SELECT p.source, hash(p.source, p.customer_id) AS key, coalesce(recent.amount, 0) AS amount
    FROM people p LEFT JOIN recent ON recent.key = hash(p.source, p.customer_id)
),
counted AS (
    SELECT source, amount, sum(count(*)) OVER (PARTITION BY source ORDER BY amount) AS upto,
        sum(count(*)) OVER (PARTITION BY source) AS everybody
    FROM each GROUP BY source, amount
),
cut AS (SELECT source, max(amount) FILTER (WHERE everybody - upto >= $share * everybody) AS best FROM counted GROUP BY source)
SELECT key FROM each JOIN cut USING (source) WHERE amount > 0 AND (best IS NULL OR amount > best)"""
CLASS = f"""CASE WHEN subscription_ended OR days_since_last > churn_days THEN '{CustomerClass.CHURNED.value}'
    WHEN days_since_last > lapse_days THEN '{CustomerClass.LAPSED.value}' WHEN orders = 1 THEN '{CustomerClass.NEW.value}'
    WHEN to_type = '{PurchaseType.FAN.value}' THEN '{CustomerClass.LOYAL.value}' ELSE '{CustomerClass.ACTIVE.value}' END"""
MOVES = """WITH those AS (
    SELECT p.*, limits.* EXCLUDE (source), coalesce(ended.cancelled_on >= p.last_order_on, false) AS subscription_ended,
        best.key IS NOT NULL AS among_best, {type} AS to_type
    FROM people p JOIN limits ON limits.source = p.source
    LEFT JOIN ended ON ended.key = hash(p.source, p.customer_id)
    LEFT JOIN best ON best.key = hash(p.source, p.customer_id)
),
named AS (SELECT *, {named} AS to_class FROM those)
SELECT customer_class, to_class, purchase_type, to_type, super_loyal, among_best AND to_class = '{loyal}' AS to_super, {r}, {f}, {m}, count(*)
FROM named GROUP BY ALL"""
Gaps = Mapping[str, tuple[tuple[int, int], ...]]


@dataclass(frozen=True)
class Rhythm:
    """What each source's numbers are computed from: how often so many days lay between purchase days, orders and total."""

    gaps: Gaps
    totals: Mapping[str, tuple[int, Decimal]]


@lru_cache(maxsize=4)
def rhythm(build: Build) -> Rhythm:
    """Return the gaps and totals of a build; no numbers change them."""
    gaps: dict[str, list[tuple[int, int]]] = defaultdict(list)
    with build.store.plain_duckdb() as connection:
        standing.view(connection, "orders", build.store.orders_path(build.version))
        for source, gap, times in connection.execute(GAPS).fetchall():
            gaps[source].append((gap, times))
        totals = {source: (orders, total) for source, orders, total in connection.execute(TOTALS).fetchall()}
    return Rhythm({source: tuple(found) for source, found in gaps.items()}, totals)


def limits(found: Rhythm, sources: Iterable[SourceLimits], segments: Segments) -> tuple[SourceLimits, ...]:
    """Return the limits that a build with these numbers would give each source."""
    after = []
    for one in sources:
        orders, total = found.totals.get(one.source, (0, Decimal(0)))
        gap = classes.quantile(found.gaps.get(one.source, ()), segments.lapse_share)
        own = classes.thresholds(segments, p90_gap=gap, total=total, orders=orders)
        after.append(
            replace(
                one, high_amount=own.high_amount, long_days=own.long_days, lapse_days=own.lapse_days, churn_days=own.churn_days
            )
        )  # fmt: skip
    return tuple(after)


@lru_cache(maxsize=8)
def _best(build: Build, as_of: date, share: float, days: int) -> "pa.Table":
    """Return the keys of the best customers by the amount of the last days."""
    with build.store.plain_duckdb() as connection:
        standing.view(connection, "people", build.store.summary_path(build.version))
        standing.view(connection, "orders", build.store.orders_path(build.version))
        found = connection.sql(BEST, params={"since": as_of - timedelta(days=days), "share": share})
        return found.to_arrow_table()


@lru_cache(maxsize=16)
def count(build: Build, was: Cutoffs, to: Numbers) -> Preview:
    """Return who would move with the numbers `to`; `was` are the fixed cut-offs in force."""
    with build.store.open_list(build.version) as listed:
        overview = list_file.read_overview(listed)
    after = limits(rhythm(build), overview.sources, to.segments)
    best = _best(build, overview.as_of, to.segments.super_loyal_share, to.segments.super_loyal_days)
    with build.store.duckdb() as backend, files_of_a_build():
        connection: DuckDBPyConnection = backend.con
        standing.view(connection, "people", build.store.summary_path(build.version))
        standing.take_limits(connection, after)
        standing.take_ended(connection, build.store.ends_path(build.version), overview.as_of)
        connection.register("best", best)
        rows = connection.execute(_statement(was, to.cutoffs)).fetchall()
        connection.unregister("best")
    return _preview(overview, after, rows)


def _statement(was: Cutoffs, to: Cutoffs) -> str:
    moved = {
        "r": (days_rank("days_since_last", was), days_rank("days_since_last", to)),
        "f": (orders_rank("orders", was), orders_rank("orders", to)),
        "m": (amount_rank("amount", "currency", was), amount_rank("amount", "currency", to)),
    }
    return MOVES.format(
        type=standing.TYPE.format(
            row="p",
            long="(p.last_order_on - p.first_order_on >= limits.long_days)",
            high="(p.amount >= limits.high_amount)",
        ),
        named=CLASS,
        loyal=CustomerClass.LOYAL.value,
        **{name: "false" if one == other else f"({one}) <> ({other})" for name, (one, other) in moved.items()},
    )


def _preview(overview: Overview, after: tuple[SourceLimits, ...], rows: Iterable[tuple[object, ...]]) -> Preview:
    found: dict[str, dict[tuple[str, str], int]] = {name: defaultdict(int) for name in ("classes", "types", "super")}
    ranks = dict.fromkeys("rfm", 0)
    for was_class, to_class, was_type, to_type, was_super, to_super, r, f, m, people in rows:
        count = int(str(people))
        found["classes"][str(was_class), str(to_class)] += count
        found["types"][str(was_type), str(to_type)] += count
        found["super"]["yes" if was_super else "no", "yes" if to_super else "no"] += count
        for name, changed in zip("rfm", (r, f, m), strict=True):
            ranks[name] += count if changed else 0
    return Preview(
        customers=overview.customers,
        classes=_moves(found["classes"], tuple(CustomerClass)),
        types=_moves(found["types"], tuple(PurchaseType)),
        super_loyal=_moves(found["super"], ("yes", "no")),
        ranks=ranks,
        before=overview.sources,
        after=after,
    )


def _moves(counts: Mapping[tuple[str, str], int], keys: tuple[str, ...]) -> tuple[Move, ...]:
    return tuple(Move(str(was), str(to), counts.get((str(was), str(to)), 0)) for was in keys for to in keys)
