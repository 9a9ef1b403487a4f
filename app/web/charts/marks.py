"""The neutral input of every time chart: orders and events as days from the first order."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import sqrt
from statistics import median

from app.purchases.schemas import CANCELLED, Order, Timeline
from app.purchases.timelines import order_kind, plain_product

TRIAL = "trial"
SUBSCRIPTION = "subscription"


@dataclass(frozen=True, slots=True)
class OrderMark:
    """One order: its number (1 = first), days from the first order, amount, kind and product names."""

    number: int
    day: int
    amount: Decimal
    kind: str
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventMark:
    """Something else that happened, such as a cancelled subscription; `own` to the customer, else of the whole shop."""

    kind: str
    day: int
    own: bool = True


@dataclass(frozen=True, slots=True)
class Marks:
    """Orders in time order, events in time order, and the day of the as-of date."""

    orders: tuple[OrderMark, ...]
    events: tuple[EventMark, ...]
    as_of_day: int

    @property
    def last_day(self) -> int:
        """The day of the last order, 0 without orders."""
        return self.orders[-1].day if self.orders else 0

    @property
    def cancelled_day(self) -> int | None:
        """The day of a cancellation that no order followed."""
        days = [event.day for event in self.events if event.kind == CANCELLED and event.day >= self.last_day]
        return days[-1] if days else None


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle on a rail; `hollow` means a trial order."""

    cx: float
    r: float
    hollow: bool
    number: int


def product_names(order: Order) -> tuple[str, ...]:
    """Return the different product names of an order, in file order, without a leading 【…】 that only names the kind."""
    return tuple(dict.fromkeys(plain_product(line.product_name) or line.product_code for line in order.lines))


def family_names(order: Order) -> tuple[str, ...]:
    """Return what an order is of: families where they are set, so that a refill is no new product, else names."""
    return tuple(
        dict.fromkeys(line.family or plain_product(line.product_name) or line.product_code for line in order.lines)
    )


def marks_of(timeline: Timeline) -> Marks:
    """Return a customer's timeline as marks; an empty timeline gives no orders and day 0."""
    if not timeline.orders:
        return Marks(orders=(), events=(), as_of_day=0)
    start = timeline.orders[0].ordered_on
    orders = tuple(
        OrderMark(
            number=order.number,
            day=(order.ordered_on - start).days,
            amount=order.amount,
            kind=order_kind(order),
            products=family_names(order),
        )
        for order in timeline.orders
    )
    events = tuple(
        EventMark(kind=event.kind, day=(event.happened_on - start).days, own=event.own) for event in timeline.events
    )
    as_of = timeline.as_of or timeline.orders[-1].ordered_on
    return Marks(orders=orders, events=events, as_of_day=max((as_of - start).days, orders[-1].day))


@dataclass(frozen=True, slots=True)
class Radius:
    """Dot sizes with area proportional to the amount: r = k√amount, never below `smallest`."""

    k: float
    smallest: float

    def of(self, amount: Decimal) -> float:
        """Return the radius for an amount; nothing paid gets the smallest dot."""
        return round(max(self.smallest, self.k * sqrt(max(float(amount), 0.0))), 1)


def radius_for(largest: Decimal, *, widest: float, smallest: float) -> Radius:
    """Return the scale in which the `largest` amount gets the radius `widest`."""
    return Radius(k=widest / sqrt(float(largest)) if largest > 0 else 0.0, smallest=smallest)


def largest_amount(marks: Marks) -> Decimal:
    """Return the biggest order amount, 0 without orders."""
    return max((mark.amount for mark in marks.orders), default=Decimal(0))


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to x: `first_day` stands at `left`, `last_day` at `right`."""

    first_day: int
    last_day: int
    left: float
    right: float

    def x(self, day: float) -> float:
        """Return the x of a day, in user units with one decimal."""
        span = max(self.last_day - self.first_day, 1)
        return round(self.left + (day - self.first_day) / span * (self.right - self.left), 1)


def usual_gap(marks: Marks, scale: Scale) -> float | None:
    """Return the median distance between neighbouring orders in user units, None for fewer than two orders."""
    gaps = [scale.x(later.day) - scale.x(earlier.day) for earlier, later in pairwise(marks.orders)]
    return median(gaps) if gaps else None
