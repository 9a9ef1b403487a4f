"""Stop points, subscriptions and surplus once more, in plain Python; nothing of the product is used here."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class End:
    """Of who has cancelled and has no subscription that runs: the newest cancel, and the deliveries of that subscription."""

    day: date
    reason: str
    deliveries: list[Any]

    @property
    def nth(self) -> int:
        """The shop's own number of the last delivery, else how many there were."""
        return self.deliveries[-1].count or len(self.deliveries)


def ends(orders: Iterable[Any], as_of: date, lapse: int) -> dict[str, End]:
    """Return the end of each customer; of two cancels on one day that of the later last delivery, then the one with a reason.

    A subscription without a cancel runs while its last delivery lies no further back than the lapse days.
    """
    subscriptions: dict[str, dict[Key, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for one in sorted(orders, key=lambda one: one.day):
        if one.kind == "subscription" and one.day <= as_of:
            subscriptions[one.customer][one.subscription or ("", one.product)].append(one)
    found: dict[str, End] = {}
    for name, some in subscriptions.items():
        over, runs = [], False
        for rows in some.values():
            kept = [one for one in rows if not one.returned]
            cancels = [(one.ended, one.reason != "", one.reason) for one in rows if one.ended and one.ended <= as_of]
            if cancels:
                day, given, reason = max(cancels)
                over.append(((day, kept[-1].day if kept else date.min, given, reason), End(day, reason, kept)))
            else:
                runs |= bool(kept) and (as_of - kept[-1].day).days <= lapse
        if over and not runs:
            found[name] = max(over, key=lambda one: one[0])[1]
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
    lapse = lapse_days(people)
    ended = ends(orders, as_of, lapse)
    reached: dict[Key, set[str]] = defaultdict(set)
    stops: dict[Key, list[tuple[int, str]]] = defaultdict(list)
    waiting: Counter[Key] = Counter()
    for name, some in people.items():
        points, last = nths(some, together=together), some[-1]
        for point in points:
            reached[point].add(name)
        since = (as_of - last.day).days
        over = name in ended and ended[name].day >= last.day
        if over and ended[name].deliveries:
            delivered = ended[name].deliveries[-1]
            point = (ended[name].nth, "" if together else f"商品{delivered.product}", "subscription")
            reached[point].add(name)
            stops[*point, "cancelled"].append(((ended[name].day - delivered.day).days, ended[name].reason))
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
    lapse = lapse_days(people)
    ended = ends(orders, as_of, lapse)
    found: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for name, some in people.items():
        over = name in ended and ended[name].day >= some[-1].day
        standing, day = "going", as_of
        if over and ended[name].deliveries:
            standing, day = "cancelled", ended[name].day
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
