"""Stop points, subscriptions and surplus once more, in plain Python; nothing of the product is used here."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Protocol


class Order(Protocol):
    """What is read of an order."""

    customer: str
    day: date
    product: str
    kind: str
    pieces: int
    subscription: str
    count: int | None
    ended: date | None
    reason: str
    returned: bool


Key = tuple[Any, ...]


def valid(orders: Iterable[Any]) -> dict[str, list[Any]]:
    """Return the orders that count, by customer, oldest first."""
    found: dict[str, list[Any]] = defaultdict(list)
    for one in orders:
        if not one.returned:
            found[one.customer].append(one)
    return {name: sorted(some, key=lambda one: one.day) for name, some in found.items()}


def lapse_days(people: dict[str, list[Any]]) -> Any:
    """Return the 90 % quantile of days between two orders, at least 60 and at most 240."""
    gaps = sorted((after.day - before.day).days for some in people.values() for before, after in pairwise(some))
    if not gaps:
        return 240
    place = 0.9 * (len(gaps) - 1)
    low = int(place)
    return min(max(round(gaps[low] + (place - low) * (gaps[min(low + 1, len(gaps) - 1)] - gaps[low])), 60), 240)


def ends(orders: Iterable[Any], as_of: date) -> dict[str, tuple[date, str]]:
    """Return the last cancel of each customer, with its reason; of two on one day, the one that gave a reason."""
    found: dict[str, tuple[date, str]] = {}
    for one in orders:
        if one.ended and one.ended <= as_of:
            known = found.get(one.customer)
            if known is None or (one.ended, one.reason != "", one.reason) > (known[0], known[1] != "", known[1]):
                found[one.customer] = (one.ended, one.reason)
    return found


def nths(some: list[Any], *, together: bool = False) -> list[Key]:
    """Return (nth, product, kind) of each order of a customer; without products where all count together."""
    times: Counter[str] = Counter()
    found = []
    for one in some:
        times[one.kind] += 1
        nth = one.count if one.kind == "subscription" and one.count else times[one.kind]
        found.append((nth, "" if together else f"商品{one.product}", one.kind))
    return found


def stop_points(orders: list[Any], *, together: bool = False, as_of: date | None = None) -> dict[Key, dict[str, Any]]:
    """Return what is counted of each (nth, product, kind, ending)."""
    people = valid(orders)
    as_of = as_of or max(one.day for some in people.values() for one in some)
    lapse, ended = lapse_days(people), ends(orders, as_of)
    reached: dict[Key, set[str]] = defaultdict(set)
    stops: dict[Key, list[tuple[int, str]]] = defaultdict(list)
    waiting: Counter[Key] = Counter()
    for name, some in people.items():
        points, last = nths(some, together=together), some[-1]
        for point in points:
            reached[point].add(name)
        since = (as_of - last.day).days
        over = name in ended and ended[name][0] >= last.day
        delivered = [place for place, one in enumerate(some) if one.kind == "subscription"]
        if over and delivered:
            days = (ended[name][0] - some[delivered[-1]].day).days
            stops[*points[delivered[-1]], "cancelled"].append((days, ended[name][1]))
        elif over or since > lapse:
            stops[*points[-1], "stopped"].append((lapse, ""))
        else:
            waiting[points[-1]] += 1
    return {
        point: {
            "people": len(some),
            "reached": len(reached[point[:3]]),
            "waiting": waiting[point[:3]],
            "share": len(some) / (len(reached[point[:3]]) - waiting[point[:3]]),
            "usual_days": sorted(days for days, _ in some)[(len(some) - 1) // 2],
            "reasons": dict(Counter(reason for _, reason in some)) if point[3] == "cancelled" else {},
        }
        for point, some in stops.items()
    }


def subscriptions(orders: list[Any]) -> Counter[Key]:
    """Return how many subscriptions are alike: (product, deliveries, began before the data, state)."""
    return Counter(one[1:] for one in subscriptions_of(orders))


def subscriptions_of(orders: list[Any]) -> list[Key]:
    """Return (customer, product, deliveries, began before the data, state) of each subscription."""
    people = valid(orders)
    as_of, lapse = max(one.day for some in people.values() for one in some), lapse_days(people)
    kept: dict[Key, list[Any]] = defaultdict(list)
    for some in people.values():
        for one in some:
            if one.kind == "subscription":
                kept[one.customer, one.subscription, "" if one.subscription else one.product].append(one)
    cancels: dict[Key, date] = {}
    for one in orders:
        if one.ended and one.ended <= as_of:
            key = (one.customer, one.subscription, "" if one.subscription else one.product)
            cancels[key] = max(one.ended, cancels.get(key, one.ended))
    found: list[Key] = []
    for key, some in kept.items():
        first, last = some[0], some[-1]
        counts = [one.count for one in some if one.count]
        patience = max(lapse, 2 * (last.day - first.day).days / (len(some) - 1) if len(some) > 1 else 0)
        cancelled, silent = cancels.get(key), (as_of - last.day).days > patience
        over = cancelled is not None and (cancelled >= last.day or silent)
        state = "cancelled" if over else "silent" if silent else "running"
        deliveries = max([len(some), *counts])
        found.append((key[0], f"商品{first.product}", deliveries, min(counts, default=1) > 1, state))
    return found


def surplus(orders: list[Any], lasting: dict[str, int]) -> dict[Key, list[tuple[int, int]]]:
    """Return (days left, days that the last delivery lasts) of each customer, by (product, standing)."""
    people = valid(orders)
    as_of = max(one.day for some in people.values() for one in some)
    lapse, ended = lapse_days(people), ends(orders, as_of)
    found: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for name, some in people.items():
        over = name in ended and ended[name][0] >= some[-1].day
        standing, day = "going", as_of
        if over and any(one.kind == "subscription" for one in some):
            standing, day = "cancelled", ended[name][0]
        elif over or (as_of - some[-1].day).days > lapse:
            standing = "stopped"
        for product in {one.product for one in some if one.product in lasting}:
            empty, last = date.min, 0
            for one in some:
                if one.product == product:
                    last = one.pieces * lasting[product]
                    empty = max(empty, one.day) + timedelta(days=last)
            found[f"商品{product}", standing].append(((empty - day).days, last))
    return {key: sorted(values) for key, values in found.items()}


def still(rows: Counter[Key], product: str) -> list[tuple[int, int, int, float]]:
    """Return (nth, had, stopped, still subscribed) after each delivery: each one by those whose next step is known."""
    seen = [(key[1], key[3] != "running", times) for key, times in rows.items() if key[0] == product and not key[2]]
    share, found = 1.0, []
    for nth in range(1, max((deliveries for deliveries, _, _ in seen), default=0) + 1):
        had = sum(times for deliveries, over, times in seen if deliveries > nth or (deliveries == nth and over))
        stopped = sum(times for deliveries, over, times in seen if deliveries == nth and over)
        if had:
            share *= 1 - stopped / had
            found.append((nth, had, stopped, share))
    return found
