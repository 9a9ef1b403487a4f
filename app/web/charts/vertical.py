"""The purchase timeline from top to bottom, for the customer page and the live screen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from app.purchases.schemas import Order, PurchaseEvent, Timeline
from app.purchases.timelines import order_kind, plain_product
from app.web.charts.marks import TRIAL, Radius, largest_amount, marks_of, product_names, radius_for

MESSAGES = frozenset({"line_sent", "mail_sent", "dm_sent", "catalogue_sent", "insert_sent"})
"""What a shop sends to everybody week by week: told once for each stretch between two orders, with how often."""
MOST_NOTES = 3


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order; `same_year` means the year was already said by an earlier row; `changed` that the kind is new."""

    row: str
    number: int
    on: date
    same_year: bool
    r: float
    hollow: bool
    kind: str
    changed: bool
    products: tuple[str, ...]
    amount: Decimal
    currency: str
    lit: bool
    coupon: str = ""
    days_to_dispatch: int | None = None
    ship_to_other: bool = False
    taken_back: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class GapRow:
    """Days between two orders."""

    row: str
    days: int
    lit: bool


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something between the orders, such as a cancelled subscription, with the reason in the file or a person's note.

    `own` to the customer, else of the whole shop; `product` where it is about one; `times` it happened, last on `until`.
    """

    row: str
    kind: str
    on: date
    same_year: bool
    reason: str
    product: str = ""
    own: bool = True
    times: int = 1
    until: date | None = None


Row = OrderRow | GapRow | EventRow


@dataclass(frozen=True, slots=True)
class Vertical:
    """`rows` are open, `more` folded; `more_open` when a lit order lies among the folded ones."""

    rows: tuple[Row, ...]
    more: tuple[Row, ...]
    more_orders: int
    more_open: bool
    days_to_as_of: int | None


def vertical(timeline: Timeline, *, lit: tuple[int, int] | None = None, limit: int | None = None) -> Vertical:
    """Return the timeline as rows.

    `lit` is (k, l): orders k to l and the gaps between them light up. `limit` is how many orders stay open.
    """
    rows = tuple(_rows(timeline, lit))
    cut = _cut(rows, limit)
    more = rows[cut:]
    last = timeline.orders[-1].ordered_on if timeline.orders else None
    return Vertical(
        rows=rows[:cut],
        more=more,
        more_orders=sum(isinstance(row, OrderRow) for row in more),
        more_open=any(isinstance(row, OrderRow) and row.lit for row in more),
        days_to_as_of=(timeline.as_of - last).days if last and timeline.as_of else None,
    )


def _cut(rows: tuple[Row, ...], limit: int | None) -> int:
    """Where the folded part begins; a remainder of up to two orders is not worth folding."""
    starts = [at for at, row in enumerate(rows) if isinstance(row, OrderRow)]
    if limit is None or len(starts) <= limit + 2:
        return len(rows)
    cut = starts[limit]
    return cut - 1 if isinstance(rows[cut - 1], GapRow) else cut


def _rows(timeline: Timeline, lit: tuple[int, int] | None) -> list[Row]:
    radius = radius_for(largest_amount(marks_of(timeline)), widest=12.0, smallest=3.6)
    entries: list[Order | PurchaseEvent] = sorted(
        [*timeline.orders, *timeline.events], key=lambda entry: (_day(entry), isinstance(entry, PurchaseEvent))
    )
    sent = _sent(entries)
    gaps = {later.number: (later.ordered_on - earlier.ordered_on).days for earlier, later in pairwise(timeline.orders)}
    rows: list[Row] = []
    year: int | None = None
    kind = ""
    for at, entry in enumerate(entries):
        together = sent.get(at, [])
        if isinstance(entry, PurchaseEvent) and not together:
            continue
        same_year = _day(entry).year == year
        year = _day(entry).year
        if isinstance(entry, PurchaseEvent):
            rows.append(_event_row(together, same_year=same_year))
            continue
        if entry.number in gaps:
            rows.append(GapRow("gap", gaps[entry.number], _lit(entry.number, lit) and _lit(entry.number - 1, lit)))
        rows.append(_order_row(entry, radius, same_year=same_year, before=kind, lit=_lit(entry.number, lit)))
        kind = order_kind(entry)
    return rows


def _order_row(order: Order, radius: Radius, *, same_year: bool, before: str, lit: bool) -> OrderRow:
    kind = order_kind(order)
    return OrderRow(
        row="order",
        number=order.number,
        on=order.ordered_on,
        same_year=same_year,
        r=radius.of(order.amount),
        hollow=kind == TRIAL,
        kind=kind,
        changed=kind != before,
        products=product_names(order),
        amount=order.amount,
        currency=order.currency,
        lit=lit,
        coupon=order.coupon,
        days_to_dispatch=(order.dispatched_on - order.ordered_on).days if order.dispatched_on else None,
        ship_to_other=order.ship_to_other,
        taken_back=order.taken_back,
    )


def _sent(entries: list[Order | PurchaseEvent]) -> dict[int, list[PurchaseEvent]]:
    """Return the events that stand in one row, by the place of the first of them."""
    found: dict[int, list[PurchaseEvent]] = {}
    first: dict[tuple[str, str], int] = {}
    for at, entry in enumerate(entries):
        if not isinstance(entry, PurchaseEvent):
            first = {}
        elif entry.own or entry.kind not in MESSAGES:
            found[at] = [entry]
        else:
            found.setdefault(first.setdefault((entry.kind, entry.product), at), []).append(entry)
    return found


def _event_row(events: list[PurchaseEvent], *, same_year: bool) -> EventRow:
    one, last = events[0], events[-1]
    notes = list(dict.fromkeys(event.reason for event in events if event.reason))
    return EventRow(
        row="event",
        kind=one.kind,
        on=one.happened_on,
        same_year=same_year,
        reason=" / ".join(notes[:MOST_NOTES]) + (" …" if len(notes) > MOST_NOTES else ""),
        product=plain_product(one.product),
        own=one.own,
        times=len(events),
        until=last.happened_on if len(events) > 1 else None,
    )


def _day(entry: Order | PurchaseEvent) -> date:
    return entry.happened_on if isinstance(entry, PurchaseEvent) else entry.ordered_on


def _lit(number: int, lit: tuple[int, int] | None) -> bool:
    return lit is not None and lit[0] <= number <= lit[1]
