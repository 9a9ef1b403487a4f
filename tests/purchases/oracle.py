"""The customer summary once more, in plain Python over csv rows; nothing of the product is used here."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Line:
    order: str
    customer: str
    day: date
    quantity: int
    amount: Decimal
    cancelled: bool = False
    product: str = ""


def summary(lines: Iterable[Line], as_of: date | None = None) -> dict[str, dict[str, Any]]:
    """Return the figures of each known customer with a valid order; what nobody is known to have bought only dates the shop.

    A negative cancelled line takes off its order, or the newest earlier one that holds its pieces; others drop out.
    """
    counted = [line for line in lines if not line.cancelled or line.quantity < 0]
    matched = _matched(counted)
    goods: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for place, line in enumerate(counted):
        if as_of is None or line.day <= as_of:
            goods[line.customer, matched.get(place, line.order)].append(line)
    orders: dict[str, list[date]] = defaultdict(list)
    amount: dict[str, Decimal] = defaultdict(Decimal)
    items: dict[str, int] = defaultdict(int)
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for (customer, _), parts in goods.items():
        amount[customer] += sum(part.amount for part in parts)
        items[customer] += sum(part.quantity for part in parts)
        sold = [part.day for part in parts if not part.cancelled]
        wholly_back = any(part.cancelled for part in parts) and sum(part.quantity for part in parts) <= 0
        if sold and not wholly_back:
            orders[customer].append(min(sold))
            totals[customer] += sum(part.amount for part in parts)
    if not orders:
        return {}
    day = as_of or max(max(days) for days in orders.values())
    orders.pop("", None)
    totals.pop("", None)
    figures = {name: _figures(days, amount[name], items[name], day) for name, days in orders.items()}
    if figures:
        _score(figures)
        _name(figures, orders, sum(totals.values(), Decimal(0)))
    return figures


def _matched(lines: list[Line]) -> dict[int, str]:
    """Return the order that each return without a sale in its own order takes from, by the return's place."""
    sold = {(line.customer, line.order) for line in lines if not line.cancelled}
    stock: dict[tuple[str, str, str], int] = defaultdict(int)
    first: dict[tuple[str, str, str], date] = {}
    last: dict[tuple[str, str, str], int] = {}
    for place, line in enumerate(lines):
        key = (line.customer, line.order, line.product)
        if not line.cancelled:
            stock[key] += line.quantity
            first[key] = min(first.get(key, line.day), line.day)
            last[key] = place
        elif key[:2] in sold:
            stock[key] += line.quantity
    found = {}
    for place, line in sorted(enumerate(lines), key=lambda item: (item[1].day, item[0])):
        if line.cancelled and line.customer and (line.customer, line.order) not in sold:
            fitting = [
                key for key, day in first.items()
                if (key[0], key[2]) == (line.customer, line.product) and day <= line.day and stock[key] >= -line.quantity
            ]  # fmt: skip
            if fitting:
                best = max(fitting, key=lambda key: (first[key], last[key]))
                stock[best] += line.quantity
                found[place] = best[1]
    return found


def _figures(days: list[date], amount: Decimal, items: int, as_of: date) -> dict[str, Any]:
    first, last = min(days), max(days)
    return {
        "orders": len(days),
        "purchase_days": len(set(days)),
        "items": items,
        "amount": amount,
        "first_order_on": first,
        "last_order_on": last,
        "days_since_last": (as_of - last).days,
        "mean_gap_days": (last - first).days / (len(days) - 1) if len(days) > 1 else None,
    }


def _score(figures: dict[str, dict[str, Any]]) -> None:
    n = len(figures)
    for name, key in (("r", "last_order_on"), ("f", "orders"), ("m", "amount")):
        values = sorted(figure[key] for figure in figures.values())
        for figure in figures.values():
            figure[name] = -(-5 * bisect_right(values, figure[key]) // n)
    amounts = sorted(figure["amount"] for figure in figures.values())
    for figure in figures.values():
        figure["decile"] = 1 + 10 * (n - bisect_right(amounts, figure["amount"])) // n


def _name(figures: dict[str, dict[str, Any]], orders: dict[str, list[date]], total: Decimal) -> None:
    gaps = sorted(
        (after - before).days
        for days in orders.values()
        for before, after in zip(sorted(set(days)), sorted(set(days))[1:], strict=False)
    )
    lapse = min(max(round(_quantile(gaps, 0.9)), 60), 240) if gaps else 240
    churn = max(240, 2 * lapse)
    high = 7 * total / sum(len(days) for days in orders.values())
    for figure in figures.values():
        figure["purchase_type"] = _type(figure, high)
        figure["customer_class"] = _class(figure, lapse, churn)


def _quantile(values: list[int], share: float) -> float:
    place = share * (len(values) - 1)
    low = int(place)
    return values[low] + (place - low) * (values[min(low + 1, len(values) - 1)] - values[low])


def _type(figure: dict[str, Any], high: Decimal) -> str:
    if figure["orders"] == 1:
        return "first_time"
    long = (figure["last_order_on"] - figure["first_order_on"]).days >= 90
    rich = figure["amount"] >= high
    return {(True, True): "fan", (True, False): "repeat", (False, True): "trend", (False, False): "budding"}[long, rich]


def _class(figure: dict[str, Any], lapse: int, churn: int) -> str:
    since: int = figure["days_since_last"]
    rules: list[tuple[Callable[[], bool], str]] = [
        (lambda: since > churn, "churned"),
        (lambda: since > lapse, "lapsed"),
        (lambda: figure["orders"] == 1, "new"),
        (lambda: figure["purchase_type"] == "fan", "loyal"),
    ]
    return next((name for test, name in rules if test()), "active")
