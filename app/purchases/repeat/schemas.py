"""What the figures of coming back hand out; shared by pages and command line."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

CountedBy = Literal["orders", "days"]
"""Whether every order is a step, or every day with an order."""


@dataclass(frozen=True)
class Share:
    """People out of a base of people."""

    people: int
    base: int

    @property
    def share(self) -> float | None:
        """The part of the base, None of nobody."""
        return self.people / self.base if self.base else None


@dataclass(frozen=True)
class CohortCell:
    """Who of a cohort ordered in the nth month after the first one; `over` once that month has ended."""

    nth: int
    month: date
    people: int
    share: float
    over: bool


@dataclass(frozen=True)
class Cohort:
    """The customers whose first order fell into a month, from that month (nth 0) to the last one of which orders are known."""

    month: date
    people: int
    cells: tuple[CohortCell, ...]


@dataclass(frozen=True)
class CohortTable:
    """Cohorts, oldest first; `averages` is over all cohorts whose nth month is over, `averages[0]` that of nth 1."""

    as_of: date
    first_order_on: date
    customers: int
    cohorts: tuple[Cohort, ...]
    averages: tuple[Share, ...]


@dataclass(frozen=True)
class Within:
    """Who went on within `days` days, of those whom at least so many days were given."""

    days: int
    went_on: Share


@dataclass(frozen=True)
class Gaps:
    """Days between two purchases, of those that were made: how many, and the days at some shares of them."""

    count: int
    quantiles: dict[int, float]
    """Percent → days; empty where there is no gap."""


@dataclass(frozen=True)
class Step:
    """From the nth purchase to the next one: ever so far, within some days, and how long it took."""

    number: int
    ever: Share
    within: tuple[Within, ...]
    gaps: Gaps


@dataclass(frozen=True)
class Week:
    """People whose second purchase came `first` to `last` days after the first one; `last` None: or later."""

    first: int
    last: int | None
    people: int


@dataclass(frozen=True)
class Steps:
    """How customers went on. `curve` is F2 conversion within every number of days of a grid.

    `another_day` came on a second day, however orders are counted. Who had the time goes by `observed_until`.
    """

    as_of: date
    observed_until: date
    first_order_on: date
    counted_by: CountedBy
    customers: int
    steps: tuple[Step, ...]
    curve: tuple[Within, ...]
    weeks: tuple[Week, ...]
    gaps: Gaps
    another_day: Share = Share(0, 0)


@dataclass(frozen=True)
class Cycle:
    """How often a product (its family, where it has one) is bought again: days between two days with an order of it."""

    product: str
    is_family: bool
    people: int
    bought_again: int
    gaps: Gaps


@dataclass(frozen=True)
class Cycles:
    """The products bought again most often; `more` others were bought again too."""

    rows: tuple[Cycle, ...]
    more: int


@dataclass(frozen=True)
class Worth:
    """Mean net amount a customer brought within `days` days from the first order, of the `people` who had the time.

    What came back without an order of its own is taken off too, as it is in a customer's summary.
    """

    days: int
    people: int
    mean: Decimal | None


@dataclass(frozen=True)
class ValueRow:
    """Customers of one kind in one currency; `mean_order` is over all their orders."""

    key: str
    currency: str
    people: int
    orders: int
    mean_order: Decimal
    worth: tuple[Worth, ...]


@dataclass(frozen=True)
class OrderSize:
    """Mean amount of the nth orders of all customers, in one currency; `number` None: of all orders."""

    number: int | None
    currency: str
    orders: int
    mean: Decimal


@dataclass(frozen=True)
class Values:
    """What customers bring, as a whole and by where they began; `products_more` first products are not listed.

    `by_acquisition` is empty where no first order says what brought it; `acquisitions_more` rarer ones are not listed. Who had the time goes by `observed_until`.
    """

    as_of: date
    observed_until: date
    first_order_on: date
    customers: int
    whole: tuple[ValueRow, ...]
    by_product: tuple[ValueRow, ...]
    by_channel: tuple[ValueRow, ...]
    by_month: tuple[ValueRow, ...]
    sizes: tuple[OrderSize, ...]
    products_more: int = 0
    people_more: int = 0
    by_acquisition: tuple[ValueRow, ...] = ()
    acquisitions_more: int = 0
    acquired_more: int = 0


@dataclass(frozen=True)
class CrossRow:
    """People whose first order was named by a product, and who of them bought something on a later day."""

    product: str
    is_family: bool
    people: int
    again: int
    later: tuple[int, ...]


@dataclass(frozen=True)
class CrossTable:
    """First product × later products; `later` of a row stands in the order of `to`.

    `from_more` first products with `people_more` people, and `to_more` later products, are not listed.
    """

    as_of: date
    rows: tuple[CrossRow, ...]
    to: tuple[tuple[str, bool], ...]
    customers: int
    from_more: int
    people_more: int
    to_more: int


@dataclass(frozen=True)
class AttributeRow:
    """People who share a value (empty: not known) in one currency.

    `f2` had the second order within `Attributes.exposure` days, of those whose first order is at least as old.
    """

    value: str
    currency: str
    people: int
    share: float
    mean_orders: float
    mean_amount: Decimal
    f2: Share


@dataclass(frozen=True)
class AttributeTable:
    """One attribute over all customers; `more` rarer values are not listed."""

    name: str
    rows: tuple[AttributeRow, ...]
    more: int


@dataclass(frozen=True)
class Attributes:
    """Sex, age group and prefecture, as far as member files told; `exposure` days make a first order old enough."""

    as_of: date
    observed_until: date
    customers: int
    exposure: int
    tables: tuple[AttributeTable, ...]
