"""Twins (明暗ペア): a loyal and a lapsed or churned customer who began alike."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.purchases.classes import CustomerClass
from app.purchases.schemas import CustomerSummary

DARK = frozenset({CustomerClass.LAPSED, CustomerClass.CHURNED})


@dataclass(frozen=True, slots=True)
class TwinKey:
    """What twins share: first product, month of the first order, sales channel, and the shop."""

    source: str
    first_product: str
    month: date
    sales_channel: str


@dataclass(frozen=True, slots=True)
class Half:
    """One candidate as far as pairing looks: who, which lane, how they began."""

    id: int
    lane: CustomerClass
    key: TwinKey | None


def twin_key(summary: CustomerSummary) -> TwinKey | None:
    """Return how a customer began, or None where the file names no product."""
    return make_key(summary.source, summary.first_product, summary.first_order_on, summary.sales_channel)


def make_key(source: str, first_product: str, first_order_on: date, sales_channel: str) -> TwinKey | None:
    """Return the key of a beginning, or None without a product."""
    if not first_product:
        return None
    return TwinKey(source, first_product, first_order_on.replace(day=1), sales_channel)


def keys_of(people: Collection[CustomerSummary]) -> frozenset[TwinKey]:
    """Return the beginnings found among people."""
    return frozenset(key for person in people if (key := twin_key(person)) is not None)


def pair_up(halves: Sequence[Half]) -> list[tuple[int, int]]:
    """Return (loyal, other) pairs; everybody is in one pair at most, in the order given, churned before lapsed."""
    dark = sorted(
        (half for half in halves if half.lane in DARK and half.key), key=lambda half: half.lane is CustomerClass.LAPSED
    )
    pairs = []
    used: set[int] = set()
    for half in halves:
        if half.lane is not CustomerClass.LOYAL or half.key is None:
            continue
        other = next((one for one in dark if one.key == half.key and one.id not in used), None)
        if other is not None:
            used.add(other.id)
            pairs.append((half.id, other.id))
    return pairs
