"""What pages and commands show of rules and their people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.core.types import CleanText
from app.purchases.schemas import CustomerSummary
from app.purchases.segments.models import SegmentKind
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
    acquired: tuple[str, ...] = ()


Name = Annotated[CleanText, StringConstraints(min_length=1, max_length=120)]


class SegmentName(BaseModel):
    """The name of a saved segment."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    name: Name


class NewSegment(SegmentName):
    """Conditions to be kept: the query of their address, moving with the data or frozen with the people of today."""

    rule: Annotated[CleanText, StringConstraints(max_length=8000)] = ""
    kind: SegmentKind = SegmentKind.MOVING


@dataclass(frozen=True)
class Frozen:
    """The people of a rule on the day of the figures, by their references."""

    day: date
    refs: tuple[str, ...]


FEWEST = 5
"""Planners are told of as many people or more; of fewer they are told that."""


@dataclass(frozen=True)
class SegmentRow:
    """A saved segment with its people now; None where the build in use cannot count them.

    Of a moving one `before` is the head-count of the build before, whose day is `before_on`; of a frozen one `size` people
    were kept, of whom `there` are in the data now, `merged` of them as one with another of them. `names` are those of segments that its rule names.
    """

    public_id: str
    name: str
    kind: SegmentKind
    rule: Rule
    names: Mapping[str, str]
    created_at: datetime
    frozen_on: date | None
    size: int
    people: int | None
    there: int | None = None
    before: int | None = None
    before_on: date | None = None

    @property
    def gone(self) -> int:
        """People of a frozen segment who are not in the data now."""
        return 0 if self.there is None else self.size - self.there

    @property
    def merged(self) -> int:
        """People of a frozen segment who count as one with another of them now."""
        return 0 if self.there is None or self.people is None else self.there - self.people

    @property
    def change(self) -> int | None:
        """How many people more or fewer there are than in the build before."""
        return None if self.people is None or self.before is None else self.people - self.before

    @property
    def few(self) -> bool:
        """Whether planners are told only that there are fewer than `FEWEST`."""
        return self.people is not None and 0 < self.people < FEWEST

    @property
    def rule_withheld(self) -> bool:
        """Whether planners are told no conditions: they would say what so few people, or nobody, did."""
        return (self.people or 0) < FEWEST

    @property
    def change_withheld(self) -> bool:
        """Whether planners are told no change: so few people moved, or were or are there, that numbers would tell of them."""
        if self.change is None:
            return False
        return 0 < abs(self.change) < FEWEST or min(self.people or 0, self.before or 0) < FEWEST

    @property
    def gone_withheld(self) -> bool:
        """Whether planners are not told that people of a frozen segment are not in the data now."""
        return self.gone < FEWEST

    @property
    def own(self) -> Rule:
        """The rule that finds its people now: its conditions, or for a frozen one that it is this segment."""
        return self.rule if self.kind is SegmentKind.MOVING else Rule.of(segment=self.public_id)


@dataclass(frozen=True)
class Leaving:
    """Whom a file of people holds, by which build and day: how many, and who (references) where they are few enough to note.

    `digest` is the SHA-256 of all references in the order of the file, each followed by a line feed.
    """

    version: str
    as_of: date
    people: int
    digest: str
    refs: tuple[str, ...] = ()
