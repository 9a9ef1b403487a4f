"""What pages and commands show of rules and their people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

from app.purchases.schemas import CustomerSummary
from app.purchases.segments.people import PAGE, Order, Sums
from app.purchases.segments.rule import Rule


@dataclass(frozen=True)
class PeopleOf:
    """The people of a rule in the build in use, one page of them; `customers` is everybody in the data.

    `names` are those of the saved segments that the rule names, by id; `currency` the only one of the data, else empty.
    """

    rule: Rule
    sums: Sums
    rows: tuple[CustomerSummary, ...]
    order: Order
    page: int
    as_of: date
    customers: int
    names: Mapping[str, str]
    currency: str

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(ceil(self.sums.people / PAGE), 1)


@dataclass(frozen=True)
class Choices:
    """What can be chosen in the form of conditions: words of the data, most used first."""

    products: tuple[str, ...]
    families: tuple[str, ...]
    channels: tuple[str, ...]
    sources: tuple[str, ...]
    attributes: tuple[tuple[str, tuple[str, ...]], ...]
    segments: tuple[tuple[str, str], ...]
