"""Builders of customers, orders and timelines; every value has a dull default."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from app.purchases.classes import CustomerClass, PurchaseType
from app.purchases.schemas import CustomerSummary, Kind, Order, OrderLine, PurchaseEvent, StopPoint, Timeline

AS_OF = date(2026, 11, 20)
SERUM = "白つゆ美容液"


def a_customer(
    ref: str = "aaaaaaaaaaaaaaaa", *, customer_class: CustomerClass = CustomerClass.LOYAL, orders: int = 12,
    amount: str = "183000", days_since_last: int = 9, mean_gap_days: float | None = 31.0,
    first_order_on: date = date(2023, 9, 20), first_product: str = SERUM, sales_channel: str = "自社EC",
    stop_point: StopPoint | None = None, super_loyal: bool = False, source: str = "本店",
) -> CustomerSummary:  # fmt: skip
    last = AS_OF - timedelta(days=days_since_last)
    return CustomerSummary(
        customer_ref=ref, source=source, customer_id=f"id-{ref}", orders=orders, purchase_days=orders, items=orders,
        amount=Decimal(amount), currency="JPY", first_order_on=min(first_order_on, last), last_order_on=last,
        days_since_last=days_since_last, mean_gap_days=mean_gap_days, r=5, f=5, m=5, decile=1,
        purchase_type=PurchaseType.FAN, customer_class=customer_class, super_loyal=super_loyal,
        first_product=first_product, first_kind="single", stop_point=stop_point, sales_channel=sales_channel,
    )  # fmt: skip


def an_order(
    number: int, on: date, *, amount: str = "5000", kind: Kind = "single", product: str = SERUM, pieces: int = 1,
    channel: str = "自社EC",
) -> Order:  # fmt: skip
    line = OrderLine(product_code="A", product_name=product, kind=kind, quantity=pieces, amount=Decimal(amount))
    return Order(
        number=number, order_id=f"o{number}", ordered_on=on, amount=Decimal(amount), currency="JPY",
        sales_channel=channel, subscription_number=None, lines=(line,),
    )  # fmt: skip


def orders_every(*gaps: int, start: date = date(2026, 1, 10), kinds: Sequence[Kind] = ()) -> tuple[Order, ...]:
    """Return one order more than there are gaps (days); `kinds` names the kind of the first ones."""
    days = [start]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    rest: list[Kind] = ["single"] * (len(days) - len(kinds))
    named = [*kinds, *rest]
    return tuple(an_order(n, day, kind=kind) for n, (day, kind) in enumerate(zip(days, named, strict=True), start=1))


def a_timeline(orders: Sequence[Order], *, events: Sequence[PurchaseEvent] = (), as_of: date = AS_OF) -> Timeline:
    return Timeline(orders=tuple(orders), events=tuple(events), as_of=as_of, currency="JPY")


def stopped(number: int = 4, *, kind: Kind = "subscription", ending: str = "cancelled") -> StopPoint:
    return StopPoint(
        number=number, product=SERUM, kind=kind, ending="cancelled" if ending == "cancelled" else "stopped"
    )
