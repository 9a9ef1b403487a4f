"""One customer's orders and events, built from order lines, and the words for what an order is. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from app.purchases.catalogue.fitting import fitting
from app.purchases.schemas import CANCELLED, Kind, Order, OrderLine, PurchaseEvent, Timeline


@dataclass(frozen=True)
class Line:
    """One stored order line, in the order of `COLUMNS`."""

    shop: str
    order_ref: str
    order_id: str
    ordered_at: datetime
    ordered_on: date
    product_code: str
    product_name: str
    kind: Kind
    effect: str
    quantity: int
    amount: Decimal
    currency: str
    sales_channel: str
    subscription_number: int | None
    subscription_cancelled_on: date | None
    cancel_reason: str
    product_family: str
    coupon: str
    dispatched_on: date | None
    ship_to_other: bool
    refunded: Decimal | None


Place = tuple[datetime, int, str, str, str, int, str]
COLUMNS = tuple(Line.__dataclass_fields__)
ORDER = attrgetter("shop", "order_ref")
KINDS: tuple[Kind, ...] = ("subscription", "single", "trial")
BRACKET = re.compile(r"^\s*[【\[][^】\]]*[】\]]\s*(?=\S)")


def order_kind(order: Order) -> Kind:
    """Return subscription if any line paid for is, trial if all of them are, else single.

    Samples put in for nothing say nothing about an order, unless it holds nothing else. `figures.frames` has the same rule.
    """
    paid = {line.kind for line in order.lines if line.amount > 0} or {line.kind for line in order.lines}
    if "subscription" in paid:
        return "subscription"
    return "trial" if paid == {"trial"} else "single"


def plain_product(name: str) -> str:
    """Return a product name without a leading 【…】 or […], which only tells how it was sold."""
    return BRACKET.sub("", name)


def make_timeline(
    lines: Iterable[Line],
    as_of: date | None,
    *,
    subscriptions: Iterable[PurchaseEvent] | None = None,
    happened: Iterable[PurchaseEvent] = (),
) -> Timeline:
    """Return the valid orders, numbered from 1, and what happened beside them, oldest first.

    `subscriptions` is what is known of them from all files; without it the order lines tell which were cancelled.
    """
    known = [line for line in lines if as_of is None or line.ordered_on <= as_of]
    goods = sorted((line for line in known if line.effect != "none"), key=ORDER)
    found = [_order(list(group)) for _, group in groupby(goods, key=ORDER)]
    valid = sorted((item for item in found if item is not None), key=lambda item: item[0])
    orders = tuple(_numbered(order, number) for number, (_, order) in enumerate(valid, start=1))
    found_events = [*(_cancels(known) if subscriptions is None else subscriptions), *happened]
    names = {name for line in known for name in (line.product_code, line.product_name, line.product_family)}
    fit = fitting(found_events, orders, names, as_of)
    events = tuple(sorted(fit, key=lambda event: (event.happened_on, event.kind, event.product)))
    currency = orders[0].currency if orders else next((line.currency for line in known), "JPY")
    return Timeline(orders=orders, events=events, as_of=as_of, currency=currency)


def _cancels(lines: Iterable[Line]) -> list[PurchaseEvent]:
    """Return the subscription cancels that order lines name, once for each day."""
    ended: dict[date, str] = {}
    for line in lines:
        day = line.subscription_cancelled_on
        if day is not None:
            ended[day] = ended.get(day, "") or line.cancel_reason
    return [PurchaseEvent(CANCELLED, day, reason) for day, reason in ended.items()]


def _order(lines: list[Line]) -> tuple[Place, Order] | None:
    """Return an order and where it stands: by moment, then trials first, then by product; `figures.frames` does the same."""
    sales = [line for line in lines if line.effect == "sale"]
    came_back = len(sales) < len(lines)
    if not sales or (came_back and sum(line.quantity for line in lines) <= 0):
        return None
    moment = min(line.ordered_at for line in sales)
    named = min(sales, key=lambda line: (line.amount <= 0, KINDS.index(line.kind), -line.amount, *_profile(line)))
    place = (moment.replace(microsecond=0), -KINDS.index(named.kind), *_profile(named), named.order_ref)
    return place, Order(
        number=0,
        order_id=named.order_id or named.order_ref,
        ordered_on=moment.date(),
        amount=sum((line.amount for line in lines), Decimal(0)),
        currency=named.currency,
        sales_channel=named.sales_channel,
        subscription_number=max((line.subscription_number or 0 for line in sales), default=0) or None,
        lines=_products(lines),
        coupon=next((line.coupon for line in sales if line.coupon), ""),
        dispatched_on=min((line.dispatched_on for line in sales if line.dispatched_on), default=None),
        ship_to_other=any(line.ship_to_other for line in sales),
        taken_back=sum(map(_taken_back, lines), Decimal(0)),
    )


def _taken_back(line: Line) -> Decimal:
    return line.refunded or Decimal(0) if line.effect == "sale" else -line.amount


def _profile(line: Line) -> tuple[str, str, str, int]:
    return line.product_code, line.product_name, line.sales_channel, line.subscription_number or 0


def _products(lines: list[Line]) -> tuple[OrderLine, ...]:
    """Return products with what came back taken off; products that wholly came back are left out."""
    sums: dict[tuple[str, str, Kind], tuple[int, Decimal]] = {}
    families = {(line.product_code, line.product_name): line.product_family for line in lines}
    for line in sorted(lines, key=lambda line: line.effect == "counter"):
        key = next((known for known in sums if _same(known, line)), (line.product_code, line.product_name, line.kind))
        quantity, amount = sums.get(key, (0, Decimal(0)))
        sums[key] = (quantity + line.quantity, amount + line.amount)
    return tuple(
        OrderLine(*key, quantity, amount, family=families[key[:2]])
        for key, (quantity, amount) in sums.items()
        if quantity > 0
    )


def _same(known: tuple[str, str, Kind], line: Line) -> bool:
    if line.product_code:
        return known[0] == line.product_code
    return known[:2] == ("", line.product_name)


def _numbered(order: Order, number: int) -> Order:
    return replace(order, number=number)
