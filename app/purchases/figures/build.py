"""Computes every customer's figures on a day, columnar from order lines to named customers."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa
from ibis import _

from app.core import sql
from app.purchases import classes
from app.purchases.catalogue.ends import ended
from app.purchases.classes import Segments, Thresholds
from app.purchases.figures import frames, rules, scores
from app.purchases.figures.stored import Step, Table, Value, parquet_table, step
from app.purchases.schemas import SourceLimits

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

WITHIN_DAYS = 90
PIECE = 40_960
"""Customers written at once: threads share such pieces."""
LINES = ibis.table(
    {
        "source": "string", "customer_id": "string", "shop": "string", "order_ref": "string", "product_code": "string",
        "product_name": "string", "sales_channel": "string", "subscription_number": "int32", "kind": "string",
        "effect": "string", frames.ACQUIRED: "string", "ordered_at": "timestamp(6)", "ordered_on": "date", "quantity": "int64",
        "amount": "decimal(18, 4)", "currency": "string",
    },
    name="figures_lines",
)  # fmt: skip
ENDS = ibis.table(
    {
        "source": "string", "customer_id": "string", "status": "string", "started_on": "date", "cancelled_on": "date",
        "reason": "string", "delivered": "array<struct<day: date, product: string, number: int64>>",
    },
    name="figures_ends",
)  # fmt: skip
ENDED = Step(
    ibis.table(
        {
            "source": "string", "customer_id": "string", "cancelled_on": "date", "delivered_on": "date", "product": "string",
            "number": "int64", "reason": "string",
        },
        name="figures_ended",
    ),
    ended(ENDS.get_name(), day="as_of()", limits="figures_limits"),
)  # fmt: skip
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
WORDS: dict[str, tuple[str, ...]] = {
    "purchase_type": tuple(classes.PurchaseType), "customer_class": tuple(classes.CustomerClass),
    "first_kind": frames.KINDS, "stop_kind": frames.KINDS, "stop_ending": rules.ENDINGS,
    "count_band": classes.COUNT_BANDS, "elapsed_band": classes.ELAPSED_BANDS,
}  # fmt: skip


def _day() -> date:  # type: ignore[empty-body]  # a macro of the connection: no day stands in the SQL of a step
    """Return the day of the figures, or the day from which on it is asked who came back."""


AS_OF = ibis.udf.scalar.builtin(_day, name="as_of")()
CUTOFF = ibis.udf.scalar.builtin(_day, name="cutoff")()


@dataclass(frozen=True)
class Figures:
    """What was computed for one day: the named customers as a table of the backend, and what the first page counts.

    `observed_until` is the last day of which orders can be known: who "had the time" goes by it. `orders` has one row for each order, also those that do not count (no day) and those of unknown customers; `profiles`
    what names them.
    """

    as_of: date
    observed_until: date
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
    run = backend.con.execute
    until = "" if as_of is None else f" WHERE ordered_on <= DATE '{as_of}'"
    run(f"CREATE OR REPLACE TEMP VIEW {LINES.get_name()} AS SELECT * FROM {lines.get_name()}{until}")
    run(f"CREATE OR REPLACE TEMP VIEW {ENDS.get_name()} AS SELECT * FROM {ends.get_name()}")
    said, profiles, money = _line_steps()
    said.make(backend)
    profile = profiles.make(backend)
    size = frames.room(profile.count().to_pyarrow().as_py())
    steps = _order_steps(size, acquired=_says_acquired(backend, lines))
    orders = steps.orders.make(backend)
    (span,) = steps.span.rows(backend)
    if span["last"] is None:
        return None
    day: date = as_of or span["last"]
    observed = _observed_until(backend, lines, as_of, span["last"])
    before = observed - timedelta(days=WITHIN_DAYS)
    run(f"CREATE OR REPLACE TEMP MACRO as_of() AS DATE '{day}'")
    run(f"CREATE OR REPLACE TEMP MACRO cutoff() AS DATE '{before}'")
    currencies = {row["source"]: row["currency"] for row in money.rows(backend)}
    steps.spaces.make(backend)
    limits = _limits(steps.gaps.rows(backend), steps.totals.rows(backend), currencies, segments)
    backend.con.register("figures_limits_now", limits_table(limits))
    run("CREATE OR REPLACE TEMP TABLE figures_limits AS FROM figures_limits_now")
    last = _customer_steps(size, segments.super_loyal_days, segments.super_loyal_share)
    for one in (last.people, last.numbers, ENDED):
        one.make(backend)
    named = last.named.make(backend) if summary is None else _written(backend, last.named, summary, currencies)
    for one in (said, steps.spaces, last.people):
        run(f"DROP TABLE {one.table.get_name()}")  # what is written next needs the memory
    return Figures(
        as_of=day,
        observed_until=observed,
        cutoff=before,
        customers=named,
        orders=orders,
        profiles=profile,
        limits=limits,
        currencies=currencies,
        first_order_on=span["first"],
        last_order_on=span["last"],
    )


def _observed_until(backend: "Backend", lines: Table, as_of: date | None, newest: date) -> date:
    """Return the last day of which orders can be known; `newest` is the day of the newest one up to the as-of date."""
    if as_of is None:
        return newest
    sold = f"SELECT max(ordered_on) >= DATE '{as_of}' FROM {lines.get_name()} WHERE effect = 'sale'"
    return as_of if backend.con.execute(sold).fetchall() == [(True,)] else newest


def _says_acquired(backend: "Backend", lines: Table) -> bool:
    """Return whether any line says what brought its order; lines of earlier versions have no such column."""
    said = f"SELECT 1 FROM {lines.get_name()} WHERE {frames.ACQUIRED} <> '' LIMIT 1"
    return frames.ACQUIRED in lines.columns and bool(backend.con.execute(said).fetchall())


@dataclass(frozen=True)
class OrderSteps:
    """What is counted of orders."""

    orders: Step
    span: Step
    spaces: Step
    gaps: Step
    totals: Step


@dataclass(frozen=True)
class CustomerSteps:
    """What is counted of customers, given the limits of their source."""

    people: Step
    numbers: Step
    named: Step


@lru_cache
def _line_steps() -> tuple[Step, Step, Step]:
    """Return what lines say in few words, and from it their profiles and the currency of each source."""
    said = step("figures_said", frames.said(frames.goods_lines(LINES)))
    money = said.table.group_by("source").agg(currency=_.currency.min())
    return said, step("figures_profiles", frames.profiles(said.table)), step("figures_money", money)


@lru_cache(maxsize=16)
def _order_steps(size: int, *, acquired: bool = False) -> OrderSteps:
    _said, profiles, _money = _line_steps()
    found = frames.orders(frames.goods_lines(LINES), profiles.table, size, acquired=acquired)
    orders = step("figures_orders", found)
    spaces = step("figures_spaces", frames.spaces(orders.table))
    return OrderSteps(
        orders=orders,
        span=step("figures_span", orders.table.agg(first=_.ordered_on.min(), last=_.ordered_on.max())),
        spaces=spaces,
        gaps=step("figures_gaps", frames.gaps(spaces.table)),
        totals=step("figures_totals", frames.source_numbers(orders.table)),
    )


@lru_cache(maxsize=16)
def _customer_steps(size: int, recent_days: int, best_share: float) -> CustomerSteps:
    _said, profiles, _money = _line_steps()
    before = _order_steps(size)
    found = frames.customers(
        before.orders.table, before.spaces.table, AS_OF, CUTOFF, recent_days=recent_days, size=size
    )
    people = step("figures_people", found)
    limits = ibis.table(ibis.Schema.from_pyarrow(LIMITS), name="figures_limits")
    numbers = step("figures_numbers", scores.cuts(people.table, best_share).join(limits, "source"))
    named = step("figures_customers", _named(people.table, numbers.table, profiles.table))
    return CustomerSteps(people, numbers, named)


def _written(backend: "Backend", named: Step, target: Path, currencies: dict[str, str]) -> Table:
    """Write the customers; of an ENUM DuckDB writes numbers, while it looks up a text anew for each customer and column."""
    words = WORDS | {"source": tuple(currencies), "currency": tuple(set(currencies.values()))}
    enums = (f"CAST({name} AS ENUM({', '.join(map(sql.literal, some))})) AS {name}" for name, some in words.items())
    backend.con.execute(
        f"""COPY (SELECT * REPLACE ({", ".join(enums)}) FROM ({named.sql})) TO {sql.literal(target)}
        (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {PIECE})"""
    )
    return parquet_table(backend, target)


def write_lines(backend: "Backend", lines: Table, target: Path) -> None:
    """Write the order lines that count, sorted by customer, in pieces small enough to find one of them."""
    ordered = lines.order_by(["source", "customer_id", "ordered_at", "order_ref", "import_number", "line"])
    backend.to_parquet(ordered, str(target), compression="zstd", row_group_size=10_000)


def _limits(
    spaces: list[dict[str, Any]], totals: list[dict[str, Any]], currencies: dict[str, str], segments: Segments
) -> tuple[SourceLimits, ...]:  # fmt: skip
    gaps: dict[str, list[tuple[int, int]]] = {}
    for row in spaces:
        gaps.setdefault(row["source"], []).append((row["gap"], row["times"]))
    found = []
    for row in totals:
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


def limits_table(limits: tuple[SourceLimits, ...]) -> pa.Table:
    """Return the limits as a table; amounts have four decimals, so none lies between a limit and itself rounded up."""
    rows = [
        {name: getattr(one, name) for name in LIMITS.names}
        | {"high_amount": one.high_amount.quantize(Decimal("0.0001"), ROUND_CEILING)}
        for one in limits
    ]
    return pa.Table.from_pylist(rows, schema=LIMITS)


def _named(people: Table, numbers: Table, profile: Table) -> Table:
    """Give each customer scores, type, class and the words of the first and last order."""
    first = profile.select(first_profile=_.profile, first_product=_label(profile), sales_channel=_.sales_channel)
    last = profile.select(last_profile=_.profile, last_product=_label(profile), last_number=_.number)
    over = ENDED.table.select(*frames.CUSTOMER, "cancelled_on", ended_product=_.product, ended_number=_.number)
    row = people.join(numbers, "source").left_join(over, frames.CUSTOMER)
    row = row.drop("source_right", "customer_id_right").join(first, "first_profile").join(last, "last_profile")
    gave_up = rules.gave_up(row)
    row = row.mutate(
        last_product=ibis.ifelse(gave_up, row.ended_product, row.last_product),
        last_number=ibis.ifelse(gave_up, row.ended_number, row.last_number),
        last_kind=ibis.ifelse(gave_up, frames.SUBSCRIPTION, row.last_kind),
    )
    row = row.mutate(
        days_since_last=AS_OF.delta(row.last_order_on, unit="day").cast("int32"),
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
