"""Twins (明暗ペア): a loyal and a lapsed or churned customer who began alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.purchases.classes import STOPPED, CustomerClass
from app.purchases.schemas import CustomerSummary


@dataclass(frozen=True, slots=True)
class TwinKey:
    """What twins share: first product, month of the first order, sales channel, and the shop."""

    source: str
    first_product: str
    month: date
    sales_channel: str


@dataclass(frozen=True, slots=True)
class Half:
    """One candidate as far as pairing looks: who, which lane, how they began, how often they ordered."""

    id: int
    lane: CustomerClass
    key: TwinKey | None
    orders: int


def twin_key(summary: CustomerSummary) -> TwinKey | None:
    """Return how a customer began, or None where the file names no product."""
    return make_key(summary.source, summary.first_product, summary.first_order_on, summary.sales_channel)


def make_key(source: str, first_product: str, first_order_on: date, sales_channel: str) -> TwinKey | None:
    """Return the key of a beginning, or None without a product."""
    if not first_product:
        return None
    return TwinKey(source, first_product, first_order_on.replace(day=1), sales_channel)


def fewest_orders(people: Iterable[CustomerSummary]) -> dict[TwinKey | None, int]:
    """Return the smallest number of orders for each beginning: who goes on must have more."""
    found: dict[TwinKey | None, int] = {}
    for person in people:
        key = twin_key(person)
        if key is not None:
            found[key] = min(person.orders, found.get(key, person.orders))
    return found


def most_orders(people: Iterable[CustomerSummary]) -> dict[TwinKey | None, int]:
    """Return the largest number of orders for each beginning: who stopped must have fewer."""
    found: dict[TwinKey | None, int] = {}
    for person in people:
        key = twin_key(person)
        if key is not None:
            found[key] = max(person.orders, found.get(key, 0))
    return found


def pair_up(halves: Sequence[Half]) -> list[tuple[int, int]]:
    """Return (loyal, other) pairs; everybody is in one pair at most, in the order given, churned before lapsed."""
    dark = sorted(
        (half for half in halves if half.lane in STOPPED and half.key),
        key=lambda half: half.lane is CustomerClass.LAPSED,
    )
    pairs = []
    used: set[int] = set()
    for half in halves:
        if half.lane is not CustomerClass.LOYAL or half.key is None:
            continue
        other = next((one for one in dark if _parted(half, one) and one.id not in used), None)
        if other is not None:
            used.add(other.id)
            pairs.append((half.id, other.id))
    return pairs


def _parted(loyal: Half, other: Half) -> bool:
    """Tell whether two began alike and the loyal one went on after the other stopped."""
    return other.key == loyal.key and other.orders < loyal.orders
