"""What a card showed on its day, kept as JSON, so that it stays when the orders go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from app.purchases.classes import CustomerClass, PurchaseType
from app.purchases.schemas import CustomerSummary, StopPoint, Timeline
from app.purchases.timelines import order_kind


@dataclass(frozen=True, slots=True)
class SnapshotOrder:
    """One order as a card draws it."""

    number: int
    on: date
    amount: Decimal
    kind: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A customer as shown when picked."""

    source: str
    orders: int
    amount: Decimal
    currency: str
    first_order_on: date
    last_order_on: date
    days_since_last: int
    mean_gap_days: float | None
    purchase_type: PurchaseType
    customer_class: CustomerClass
    super_loyal: bool
    first_product: str
    sales_channel: str
    stop_point: StopPoint | None
    marks: tuple[SnapshotOrder, ...]
    cancelled_on: date | None
    attributes: dict[str, str] = field(default_factory=dict)


def take(
    summary: CustomerSummary, timeline: Timeline, attributes: Mapping[str, str] | None = None
) -> dict[str, Any]:  # fmt: skip
    """Return the customer as plain JSON; no customer number, no contact data."""
    stop = summary.stop_point
    last = timeline.orders[-1].ordered_on if timeline.orders else summary.last_order_on
    ends = [event.happened_on for event in timeline.cancels if event.happened_on >= last]
    return {
        "source": summary.source,
        "orders": summary.orders,
        "amount": str(summary.amount),
        "currency": summary.currency,
        "first_order_on": summary.first_order_on.isoformat(),
        "last_order_on": summary.last_order_on.isoformat(),
        "days_since_last": summary.days_since_last,
        "mean_gap_days": summary.mean_gap_days,
        "purchase_type": summary.purchase_type.value,
        "customer_class": summary.customer_class.value,
        "super_loyal": summary.super_loyal,
        "first_product": summary.first_product,
        "sales_channel": summary.sales_channel,
        "stop_point": [stop.number, stop.product, stop.kind, stop.ending] if stop else None,
        "marks": [
            [order.number, order.ordered_on.isoformat(), str(order.amount), order_kind(order)]
            for order in timeline.orders
        ],
        "cancelled_on": ends[-1].isoformat() if ends else None,
        "attributes": dict(attributes or {}),
    }


def attributes_in(kept: dict[str, Any]) -> dict[str, str]:
    """Return what customer files had brought of the person by then; nothing in a snapshot from before there were any."""
    found: dict[str, str] = kept.get("attributes", {})
    return found


def read(kept: dict[str, Any]) -> Snapshot:
    """Return the snapshot kept by `take`."""
    stop = kept["stop_point"]
    ended = kept["cancelled_on"]
    return Snapshot(
        source=kept["source"],
        orders=kept["orders"],
        amount=Decimal(kept["amount"]),
        currency=kept["currency"],
        first_order_on=date.fromisoformat(kept["first_order_on"]),
        last_order_on=date.fromisoformat(kept["last_order_on"]),
        days_since_last=kept["days_since_last"],
        mean_gap_days=kept["mean_gap_days"],
        purchase_type=PurchaseType(kept["purchase_type"]),
        customer_class=CustomerClass(kept["customer_class"]),
        super_loyal=kept["super_loyal"],
        first_product=kept["first_product"],
        sales_channel=kept["sales_channel"],
        stop_point=StopPoint(*stop) if stop else None,
        marks=tuple(
            SnapshotOrder(number, date.fromisoformat(on), Decimal(amount), kind)
            for number, on, amount, kind in kept["marks"]
        ),
        cancelled_on=date.fromisoformat(ended) if ended else None,
        attributes=attributes_in(kept),
    )
