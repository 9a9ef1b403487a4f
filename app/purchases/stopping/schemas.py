"""What the figures of stopping hand out; shared by pages and command line."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from app.purchases.schemas import Kind, SourceLimits

Ending = Literal["cancelled", "stopped"]
Standing = Literal["going", "cancelled", "stopped"]


@dataclass(frozen=True)
class GivenReason:
    """A cancel reason as the shop wrote it down, and how many people gave it."""

    reason: str
    people: int


@dataclass(frozen=True)
class StopRow:
    """The people who stopped after the nth order of a kind, one of this product.

    It is their last order, or the last delivery of the subscription they cancelled last: who cancels after a single order
    bought beside has stopped with the subscription. `reached` had such an nth order; `waiting` of them had it last and have
    not stopped so far, of the other `known` one knows whether they went on. `usual_days` lie, at the median, between that
    order and the day the stop shows. Of those who cancelled, `reasons` are the most given ones,
    `rarer_reasons` people gave others, `no_reason` none.
    """

    nth: int
    product: str
    kind: Kind
    ending: Ending
    people: int
    reached: int
    waiting: int
    usual_days: int | None
    reasons: tuple[GivenReason, ...] = ()
    rarer_reasons: int = 0
    no_reason: int = 0

    @property
    def known(self) -> int:
        """Return how many of those who reached the order went on or stopped."""
        return self.reached - self.waiting

    @property
    def share(self) -> float:
        """Return which part of those who went on or stopped did so here and in this way."""
        return self.people / self.known if self.known else 0.0


@dataclass(frozen=True)
class StopPoints:
    """Every stop point of a shop on the as-of date, the one of most people first; `together` are those of all products."""

    as_of: date
    customers: int
    stopped: int
    rows: tuple[StopRow, ...]
    together: tuple[StopRow, ...]
    limits: tuple[SourceLimits, ...]


@dataclass(frozen=True)
class Step:
    """What became of the subscriptions that had their nth delivery and of which the next step is known.

    `still` is the share of all that is still subscribed after it, `expected` the same by the fitted curve.
    """

    nth: int
    had: int
    stopped: int
    still: float
    expected: float | None


class Caution(StrEnum):
    """Why a curve must not be trusted far."""

    FEW = "few"
    ONE_COHORT = "one_cohort"
    FAR = "far"
    POOR_FIT = "poor_fit"
    SAME_CHANCE = "same_chance"


@dataclass(frozen=True)
class Curve:
    """The sBG curve of a product's subscriptions; `ahead` is its share still subscribed after 1, 2 … deliveries."""

    alpha: float
    beta: float
    log_likelihood: float
    ahead: tuple[float, ...]


@dataclass(frozen=True)
class Survival:
    """How long the subscriptions of a product last; `product` is empty for all of them together.

    `ended` were cancelled or fell silent, `silent` of them without a word; the others run. `late` began before the shop's
    data and are in no other number.
    """

    product: str
    subscriptions: int
    ended: int
    silent: int
    late: int
    first_on: date | None
    last_on: date | None
    steps: tuple[Step, ...]
    curve: Curve | None
    cautions: tuple[Caution, ...]


@dataclass(frozen=True)
class SurvivalTable:
    """Survival of all subscriptions and of each product, the one with most subscriptions first."""

    as_of: date
    rows: tuple[Survival, ...]
    limits: tuple[SourceLimits, ...]


@dataclass(frozen=True)
class SurplusGroup:
    """How much of a product people who stand alike have left, by how many deliveries' worth.

    `bands` counts people: used up for longer than one delivery lasts, used up since, up to one delivery left, up to two,
    more than two. `median_days` is below 0 where the product was used up before.
    """

    standing: Standing
    people: int
    median_days: int
    bands: tuple[int, int, int, int, int]

    @property
    def above_one(self) -> int:
        """Return the people with more than one delivery left."""
        return self.bands[3] + self.bands[4]


@dataclass(frozen=True)
class SurplusRow:
    """One product, or family, of which somebody said how long a piece lasts."""

    product: str
    people: int
    groups: tuple[SurplusGroup, ...]

    @property
    def above_one(self) -> int:
        """Return the people with more than one delivery left."""
        return sum(group.above_one for group in self.groups)


@dataclass(frozen=True)
class NotSet:
    """A product of which nobody has said yet how many days a piece lasts."""

    source: str
    product: str
    orders: int


@dataclass(frozen=True)
class SurplusTable:
    """Days of product left at home, by product; `not_set` names what is ordered most among those without days per piece."""

    as_of: date
    rows: tuple[SurplusRow, ...]
    not_set: tuple[NotSet, ...]
    products_not_set: int
