"""Small builders for chart tests."""

from datetime import date, timedelta
from decimal import Decimal

from app.purchases.schemas import Kind, Order, OrderLine, PurchaseEvent, Timeline

START = date(2025, 5, 9)


def order(
    *,
    number: int = 1,
    day: int = 0,
    amount: str = "4400",
    kind: Kind = "single",
    products: tuple[str, ...] = ("美容液",),
) -> Order:
    """Return an order `day` days after the first."""
    lines = tuple(
        OrderLine(product_code=name, product_name=name, kind=kind, quantity=1, amount=Decimal(amount) / len(products))
        for name in products
    )
    return Order(
        number=number,
        order_id=f"O{number}",
        ordered_on=START + timedelta(days=day),
        amount=Decimal(amount),
        currency="JPY",
        sales_channel="自社EC",
        subscription_number=None,
        lines=lines,
    )


def timeline(
    *orders: Order, cancelled_day: int | None = None, as_of_day: int = 560, reason: str = "余っている"
) -> Timeline:
    """Return a timeline of orders with an optional cancellation."""
    events = (
        ()
        if cancelled_day is None
        else (PurchaseEvent("subscription_cancelled", START + timedelta(days=cancelled_day), reason),)
    )
    return Timeline(orders=orders, events=events, as_of=START + timedelta(days=as_of_day), currency="JPY")


def loyal_timeline() -> Timeline:
    """Return sixteen orders: trial, two singles, then a subscription with more products."""
    days = (0, 41, 112, 140, 171, 202, 264, 295, 326, 357, 388, 419, 450, 481, 512, 543)
    amounts = (980, 4400, 4400, 3960, 3960, 5280, 3960, 5280, 8760, 8760, 5280, 8760, 8760, 10080, 8760, 10080)
    products = {6: ("美容液", "せっけん"), 9: ("美容液", "クリーム"), 14: ("美容液", "クリーム", "せっけん")}
    orders = []
    for number, (day, amount) in enumerate(zip(days, amounts, strict=True), start=1):
        kind: Kind = "trial" if number == 1 else "single" if number < 4 else "subscription"
        names = ("お試し7日セット",) if number == 1 else products.get(number, ("美容液",))
        orders.append(order(number=number, day=day, amount=str(amount), kind=kind, products=names))
    return timeline(*orders)
