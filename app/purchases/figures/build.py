"""Computes every customer's figures on a day, columnar from order lines to named customers."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
from ibis import _

from app.purchases import classes
from app.purchases.catalogue.ends import cancelled
from app.purchases.classes import Segments, Thresholds
from app.purchases.figures import frames, rules, scores
from app.purchases.figures.stored import Table, Value, one_row, rows_of, stored
from app.purchases.schemas import SourceLimits

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

WITHIN_DAYS = 90
MONEY = pa.decimal128(18, 4)
LIMITS = pa.schema(
    [
        ("source", pa.string()), ("currency", pa.string()), ("high_amount", MONEY), ("long_days", pa.int32()),
        ("lapse_days", pa.int32()), ("churn_days", pa.int32()),
    ]
)  # fmt: skip
SUMMARY = (
    "source", "customer_id", "orders", "purchase_days", "items", "amount", "currency", "first_order_on", "last_order_on",
    "days_since_last", "mean_gap_days", "r", "f", "m", "decile", "purchase_type", "customer_class", "super_loyal",
    "first_product", "first_kind", "stop_number", "stop_product", "stop_kind", "stop_ending", "sales_channel",
    "count_band", "elapsed_band",
)  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """What was computed for one day: the named customers as a table of the backend, and what the first page counts.

    `orders` has one row for each order, also those that do not count (no day) and those of unknown customers; `profiles`
    what names them.
    """

    as_of: date
    cutoff: date
    customers: Table
    orders: Table
    profiles: Table
    limits: tuple[SourceLimits, ...]
    currencies: dict[str, str]
    first_order_on: date
    last_order_on: date


def compute(
    backend: "Backend", lines: Table, ends: Table, *, as_of: date | None, segments: Segments, summary: Path | None = None
) -> Figures | None:  # fmt: skip
    """Return the figures on `as_of` (by default the day of the newest order), or None where there is no valid order.

    `ends` has one row for each subscription (`catalogue.ends`). The customers are kept in the Parquet file `summary`
    where one is asked for, else in memory.
    """
    goods = frames.goods_lines(lines, as_of)
    profile = stored(backend, frames.profiles(goods))
    size = frames.room(profile.count().to_pyarrow().as_py())
    orders = stored(backend, frames.orders(goods, profile, size))
    span = one_row(orders.agg(first=_.ordered_on.min(), last=_.ordered_on.max()))
    if span["last"] is None:
        return None
    day: date = as_of or span["last"]
    cutoff = day - timedelta(days=WITHIN_DAYS)
    money = goods.group_by("source").agg(currency=_.currency.min())
    currencies = {row["source"]: row["currency"] for row in rows_of(money)}
    spaces = stored(backend, frames.spaces(orders))
    people = stored(
        backend, frames.customers(orders, spaces, day, cutoff, recent_days=segments.super_loyal_days, size=size)
    )
    limits = _limits(orders, spaces, currencies, segments)
    numbers = scores.cuts(people, segments.super_loyal_share).join(stored(backend, _as_table(limits)), "source")
    ended = stored(backend, cancelled(ends, day))
    named = _named(people, stored(backend, numbers), profile, ended, day)
    return Figures(
        as_of=day,
        cutoff=cutoff,
        customers=stored(backend, named) if summary is None else _written(backend, named, summary),
        orders=orders,
        profiles=profile,
        limits=limits,
        currencies=currencies,
        first_order_on=span["first"],
        last_order_on=span["last"],
    )


def _written(backend: "Backend", named: Table, target: Path) -> Table:
    backend.to_parquet(named, str(target), compression="snappy")
    return backend.read_parquet(str(target))


def write_lines(backend: "Backend", lines: Table, target: Path) -> None:
    """Write the order lines that count, sorted by customer, in pieces small enough to find one of them."""
    ordered = lines.order_by(["source", "customer_id", "ordered_at", "order_ref", "import_number", "line"])
    backend.to_parquet(ordered, str(target), compression="zstd", row_group_size=10_000)


def _limits(
    orders: Table, spaces: Table, currencies: dict[str, str], segments: Segments
) -> tuple[SourceLimits, ...]:  # fmt: skip
    gaps: dict[str, list[tuple[int, int]]] = {}
    for row in rows_of(frames.gaps(spaces)):
        gaps.setdefault(row["source"], []).append((row["gap"], row["times"]))
    found = []
    for row in rows_of(frames.source_numbers(orders)):
        source = row["source"]
        gap = classes.quantile(gaps.get(source, ()), segments.lapse_share)
        found.append(
            _source_limits(
                source,
                currencies[source],
                classes.thresholds(segments, p90_gap=gap, total=row["total"], orders=row["orders"]),
            )
        )
    return tuple(found)


def _source_limits(source: str, currency: str, limits: Thresholds) -> SourceLimits:
    return SourceLimits(
        source=source,
        currency=currency,
        high_amount=limits.high_amount,
        long_days=limits.long_days,
        lapse_days=limits.lapse_days,
        churn_days=limits.churn_days,
    )


def _as_table(limits: tuple[SourceLimits, ...]) -> pa.Table:
    """Return the limits as a table; amounts have four decimals, so none lies between a limit and itself rounded up."""
    rows = [
        {name: getattr(one, name) for name in LIMITS.names}
        | {"high_amount": one.high_amount.quantize(Decimal("0.0001"), ROUND_CEILING)}
        for one in limits
    ]
    return pa.Table.from_pylist(rows, schema=LIMITS)


def _named(people: Table, numbers: Table, profile: Table, ended: Table, day: date) -> Table:
    """Give each customer scores, type, class and the words of the first and last order."""
    first = profile.select(first_profile=_.profile, first_product=_label(profile), sales_channel=_.sales_channel)
    last = profile.select(last_profile=_.profile, last_product=_label(profile), last_number=_.number)
    row = people.join(numbers, "source").left_join(ended, frames.CUSTOMER)
    row = row.drop("source_right", "customer_id_right")
    row = row.join(first, "first_profile").join(last, "last_profile")
    row = row.mutate(
        days_since_last=ibis.literal(day).delta(row.last_order_on, unit="day").cast("int32"),
        mean_gap_days=ibis.ifelse(
            _.orders > 1,
            _.last_order_on.delta(_.first_order_on, unit="day").cast("float64") / (_.orders - 1),
            ibis.null("float64"),
        ),
        first_kind=_kind(row.first_kind),
        last_kind=_kind(row.last_kind),
        **{name: scores.fifth(row, name).cast("int8") for name in scores.SCORED},
        decile=scores.decile(row).cast("int8"),
        purchase_type=rules.purchase_type(row),
        count_band=rules.count_band(row.orders),
    )
    row = row.mutate(elapsed_band=rules.elapsed_band(row.days_since_last), customer_class=rules.customer_class(row))
    row = row.mutate(
        super_loyal=(row.customer_class == classes.CustomerClass.LOYAL.value) & scores.best_of_year(row),
        stop_number=rules.stop_number(row),
        stop_product=ibis.ifelse(rules.stopped(row), row.last_product, ibis.null("string")),
        stop_kind=ibis.ifelse(rules.stopped(row), row.last_kind, ibis.null("string")),
        stop_ending=rules.stop_ending(row),
    )
    return row.select(*SUMMARY, "past_orders", "past_last_on")


def _label(profile: Table) -> Value:
    return ibis.ifelse(profile.product_name != "", profile.product_name, profile.product_code)


def _kind(code: Value) -> Value:
    return ibis.cases(*((code == place, kind) for place, kind in enumerate(frames.KINDS)))
