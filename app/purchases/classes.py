"""The names of purchase types and customer classes, and the numbers behind them; `figures.rules` has the rules. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.core.i18n import N_


class PurchaseType(StrEnum):
    """Count × period × amount; every cell has exactly one name."""

    FIRST_TIME = "first_time"
    BUDDING = "budding"
    TREND = "trend"
    REPEAT = "repeat"
    FAN = "fan"


class CustomerClass(StrEnum):
    """The first that fits, in this order."""

    CHURNED = "churned"
    LAPSED = "lapsed"
    NEW = "new"
    LOYAL = "loyal"
    ACTIVE = "active"


STOPPED = frozenset({CustomerClass.LAPSED, CustomerClass.CHURNED})
"""The classes of people who no longer buy."""

TYPE_LABELS = {
    PurchaseType.FIRST_TIME: N_("First-time customer"),
    PurchaseType.BUDDING: N_("Budding customer"),
    PurchaseType.TREND: N_("Trend customer"),
    PurchaseType.REPEAT: N_("Repeat customer"),
    PurchaseType.FAN: N_("Fan"),
}
CLASS_LABELS = {
    CustomerClass.CHURNED: N_("Churned"),
    CustomerClass.LAPSED: N_("Lapsed"),
    CustomerClass.NEW: N_("New"),
    CustomerClass.LOYAL: N_("Loyal"),
    CustomerClass.ACTIVE: N_("Active"),
}
SUPER_LOYAL_LABEL = N_("Super loyal (VIP)")
KIND_LABELS = {
    "trial": N_("Trial"),
    "single": N_("Single purchase"),
    "subscription": N_("Subscription"),
}
COUNT_LABELS = {"1": N_("1 order"), "2": N_("2 orders"), "3": N_("3 orders"), "4+": N_("4 orders or more")}
ELAPSED_LABELS = {
    "30": N_("within 30 days"),
    "60": N_("31-60 days"),
    "90": N_("61-90 days"),
    "120": N_("91-120 days"),
    "over": N_("over 120 days"),
}
COUNT_BANDS = tuple(COUNT_LABELS)
ELAPSED_BANDS = tuple(ELAPSED_LABELS)


@dataclass(frozen=True)
class Segments:
    """The editable numbers of `seed_data/segments/*.toml`; days unless said otherwise."""

    long_days: int = 90
    high_orders: Decimal = Decimal(7)
    lapse_share: float = 0.9
    lapse_least: int = 60
    lapse_most: int = 240
    churn_days: int = 240
    churn_times_lapse: int = 2
    super_loyal_share: float = 0.01
    super_loyal_days: int = 365


@dataclass(frozen=True)
class Thresholds:
    """The numbers of one shop on one day, computed from its own orders."""

    high_amount: Decimal
    long_days: int
    lapse_days: int
    churn_days: int


def thresholds(segments: Segments, *, p90_gap: float | None, total: Decimal, orders: int) -> Thresholds:
    """Return the shop's own numbers; without a gap (no repeat customer) the lapse limit is the highest allowed."""
    gap = segments.lapse_most if p90_gap is None else round(p90_gap)
    lapse = min(max(gap, segments.lapse_least), segments.lapse_most)
    return Thresholds(
        high_amount=segments.high_orders * total / orders if orders else Decimal(0),
        long_days=segments.long_days,
        lapse_days=lapse,
        churn_days=max(segments.churn_days, segments.churn_times_lapse * lapse),
    )


def quantile(counts: Sequence[tuple[int, int]], share: float) -> float | None:
    """Return the value at a share of (value, times), ascending, between two of them in proportion; None of nothing."""
    total = sum(times for _, times in counts)
    if not total:
        return None
    place = share * (total - 1)
    low = _nth(counts, int(place))
    return low + (place - int(place)) * (_nth(counts, min(int(place) + 1, total - 1)) - low)


def _nth(counts: Sequence[tuple[int, int]], place: int) -> int:
    for value, times in counts:
        if place < times:
            return value
        place -= times
    raise IndexError(place)
