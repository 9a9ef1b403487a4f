"""Computes every customer's figures on a day from the files of the manifest, and names each customer by the rules."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from app.purchases import classes
from app.purchases.classes import CustomerClass, Facts, PurchaseType, Segments, Thresholds
from app.purchases.figures import frames
from app.purchases.schemas import CustomerSummary, Kind, SourceLimits, StopPoint

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

WITHIN_DAYS = 90
Row = dict[str, Any]


@dataclass(frozen=True)
class Returned:
    """People with so many orders and this last order day at the cut-off, and how many of them ordered again since."""

    orders: int
    last_order_on: date
    people: int
    came_back: int


@dataclass(frozen=True)
class Figures:
    """Everything computed for one day."""

    as_of: date
    cutoff: date
    customers: list[CustomerSummary]
    limits: tuple[SourceLimits, ...]
    returned: tuple[Returned, ...]
    months: tuple[tuple[date, str, int, Decimal], ...]
    first_order_on: date
    last_order_on: date


def write_lines(backend: "Backend", files: Sequence[Path], target: Path) -> None:
    """Write the order lines that count, one for each key, sorted by customer."""
    rows = backend.read_parquet([str(path) for path in files])
    lines = frames.newest(rows).drop("row_hash", "content_key")
    ordered = lines.order_by(["source", "customer_id", "ordered_at", "order_id", "line"])
    backend.to_parquet(ordered, str(target), compression="zstd", row_group_size=5_000)


def compute(
    backend: "Backend", lines_file: Path, *, as_of: date | None, segments: Segments, ref: Callable[[str, str], str]
) -> Figures | None:
    """Return the figures on `as_of` (by default the day of the newest order), or None where there is no valid order."""
    lines = backend.read_parquet(str(lines_file))
    # each step is a table of its own: one nested expression takes Ibis seconds to write as SQL
    orders = backend.create_table("every_order", frames.valid_orders(lines), temp=True)
    newest = orders.ordered_on.max().to_pyarrow().as_py()
    if newest is None:
        return None
    day: date = as_of or newest
    if as_of is not None:
        lines = lines.filter(lines.ordered_on <= as_of)
    if day < newest:
        orders = backend.create_table("orders_on_day", frames.valid_orders(lines, day), temp=True)
    numbers = _rows(frames.source_numbers(orders, segments.lapse_share))
    if not numbers:
        return None
    limits = {row["source"]: _limits(row, segments) for row in numbers}
    cutoff = day - timedelta(days=WITHIN_DAYS)
    people = frames.customers(orders, lines, day, recent_days=segments.super_loyal_days)
    monthly = orders.mutate(month=orders.ordered_on.truncate("M")).group_by("month", "currency")
    months = _rows(monthly.agg(orders=ibis._.count(), amount=ibis._.amount.sum()).order_by("month", "currency"))
    return Figures(
        as_of=day,
        cutoff=cutoff,
        customers=[_summary(row, day, limits[row["source"]], segments, ref) for row in _stream(people)],
        limits=tuple(
            SourceLimits(
                source=row["source"],
                currency=row["currency"],
                high_amount=limits[row["source"]].high_amount,
                long_days=limits[row["source"]].long_days,
                lapse_days=limits[row["source"]].lapse_days,
                churn_days=limits[row["source"]].churn_days,
            )
            for row in sorted(numbers, key=lambda row: str(row["source"]))
        ),
        returned=tuple(Returned(**row) for row in _rows(frames.returns(orders, cutoff))),
        months=tuple((row["month"], row["currency"], row["orders"], row["amount"]) for row in months),
        first_order_on=min(row["first_on"] for row in numbers),
        last_order_on=max(row["last_on"] for row in numbers),
    )


def write_summary(customers: Sequence[CustomerSummary], target: Path) -> None:
    """Write the customer summary as Parquet, for analysis outside the pages."""
    names = [item.name for item in fields(CustomerSummary) if item.name != "stop_point"]
    columns = {name: list(map(attrgetter(name), customers)) for name in names}
    pq.write_table(pa.table(columns), target, compression="zstd")


def _rows(expression: Any) -> list[Row]:  # noqa: ANN401 - an Ibis expression
    found: list[Row] = expression.to_pyarrow().to_pylist()
    return found


def _stream(expression: Any) -> Iterator[Row]:  # noqa: ANN401 - an Ibis expression
    for batch in expression.to_pyarrow().to_batches(max_chunksize=20_000):
        yield from batch.to_pylist()


def _limits(row: Row, segments: Segments) -> Thresholds:
    return classes.thresholds(segments, p90_gap=row["gap"], total=row["total"], orders=row["orders"])


def _summary(
    row: Row, as_of: date, limits: Thresholds, segments: Segments, ref: Callable[[str, str], str]
) -> CustomerSummary:
    orders, first, last = row["orders"], row["first_order_on"], row["last_order_on"]
    facts = Facts(
        orders=orders,
        first_order_on=first,
        last_order_on=last,
        amount=row["amount"],
        days_since_last=(as_of - last).days,
        cancelled_on=row["cancelled_on"],
    )
    kind = classes.customer_class(facts, limits)
    best = row["recent_place"] < segments.super_loyal_share * row["people"] and row["recent_amount"] > 0
    return CustomerSummary(
        customer_ref=ref(row["source"], row["customer_id"]),
        source=row["source"],
        customer_id=row["customer_id"],
        orders=orders,
        purchase_days=row["purchase_days"],
        items=row["items"],
        amount=row["amount"],
        currency=row["currency"],
        first_order_on=first,
        last_order_on=last,
        days_since_last=facts.days_since_last,
        mean_gap_days=(last - first).days / (orders - 1) if orders > 1 else None,
        r=row["r"],
        f=row["f"],
        m=row["m"],
        decile=row["decile"],
        purchase_type=PurchaseType(classes.purchase_type(facts, limits)),
        customer_class=kind,
        super_loyal=kind is CustomerClass.LOYAL and best,
        first_product=row["first_product"],
        first_kind=row["first_kind"],
        stop_point=stop_point(row, facts, kind),
        sales_channel=row["sales_channel"],
    )


def stop_point(row: Row, facts: Facts, kind: CustomerClass) -> StopPoint | None:
    """Return after which order a customer stopped; None for people who have not.

    The number counts the customer's orders of the last order's kind; a subscription's own count (定期回数) wins.
    """
    if kind not in classes.STOPPED:
        return None
    last_kind: Kind = row["last_kind"]
    number = row[f"{last_kind}_orders"]
    if last_kind == "subscription" and row["last_number"]:
        number = row["last_number"]
    ending = "cancelled" if last_kind == "subscription" and classes.subscription_ended(facts) else "stopped"
    return StopPoint(number=number, product=row["last_product"], kind=last_kind, ending=ending)  # type: ignore[arg-type]  # two literals
