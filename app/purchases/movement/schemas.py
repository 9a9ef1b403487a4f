"""What moved: people by where they stood before and after, and the four numbers that are read first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.purchases.classes import STOPPED, CustomerClass, PurchaseType
from app.purchases.schemas import SourceLimits

NONE, SPLIT, GONE, MERGED = "none", "split", "gone", "merged"
"""No customer before; part of another one before; none any more, because the orders went; part of another one now."""
AWAY = frozenset({NONE, SPLIT, GONE, MERGED})
ANY, OTHER, WAS_STOPPED, BUYING = "", "*", "stopped", "buying"
"""Ends of a rule: wherever; a customer, but not at the other end; lapsed or churned; new, active or loyal."""
CLASSES: tuple[str, ...] = (
    CustomerClass.LOYAL, CustomerClass.ACTIVE, CustomerClass.NEW, CustomerClass.LAPSED, CustomerClass.CHURNED,
)  # fmt: skip
TYPES: tuple[str, ...] = (
    PurchaseType.FAN, PurchaseType.REPEAT, PurchaseType.TREND, PurchaseType.BUDDING, PurchaseType.FIRST_TIME,
)  # fmt: skip
STILL_BUYING = frozenset(CLASSES) - STOPPED
HEADLINES: Mapping[str, tuple[str, str]] = {
    "newly_loyal": (OTHER, CustomerClass.LOYAL),
    "lapsed": (BUYING, CustomerClass.LAPSED),
    "churned": (OTHER, CustomerClass.CHURNED),
    "came_back": (WAS_STOPPED, BUYING),
}
"""The numbers that are read first, by the ends of their arrows."""
MadeBy = Literal["import", "undo", "rebuild"]


@dataclass(frozen=True)
class Arrow:
    """People who stood at `before` and stand at `after`; both may be the same."""

    before: str
    after: str
    people: int


@dataclass(frozen=True)
class Arrows:
    """All arrows of one way to name people: by class, or by type."""

    rows: tuple[Arrow, ...] = ()

    def people(self, before: str, after: str) -> int:
        """Return the people of one arrow, or of all arrows that the ends of a rule mean."""
        return sum(one.people for one in self.rows if at(one.before, before, after) and at(one.after, after, before))

    def share(self, before: str, after: str) -> float | None:
        """Return which part of those who stood at `before` it is; None of those who were no customers, and of nobody."""
        base = 0 if before in AWAY else self.people(before, ANY)
        return self.people(before, after) / base if base else None

    @property
    def moved(self) -> int:
        """How many customers stand elsewhere now and were customers before."""
        return sum(one.people for one in self.rows if one.before != one.after and not {one.before, one.after} & AWAY)

    @property
    def stayed(self) -> int:
        """How many are customers and were customers before, wherever they stand."""
        return sum(one.people for one in self.rows if not {one.before, one.after} & AWAY)

    @property
    def came(self) -> int:
        """How many were no customers before."""
        return self.people(NONE, ANY)

    @property
    def went(self) -> int:
        """How many are no customers any more, merged ones among them."""
        return self.people(ANY, GONE) + self.people(ANY, MERGED)


def at(place: str, wanted: str, other: str) -> bool:
    """Return whether a place is what the end of a rule means; `other` is its other end."""
    if wanted == WAS_STOPPED:
        return place in STOPPED
    if wanted == BUYING:
        return place in STILL_BUYING
    if wanted == OTHER:
        return place != other and place not in AWAY
    return wanted in (ANY, place)


@dataclass(frozen=True)
class Moves:
    """What moved between two states of the data."""

    classes: Arrows
    types: Arrows

    def headlines(self) -> dict[str, int]:
        """Return the numbers that are read first."""
        return {name: self.classes.people(*ends) for name, ends in HEADLINES.items()}


@dataclass(frozen=True)
class Between:
    """What moved from the end of one day to the end of another, by the rules and limits of the build."""

    from_on: date
    to_on: date
    moves: Moves
    limits: tuple[SourceLimits, ...]


@dataclass(frozen=True)
class Kept:
    """What a build moved against the build before it: every number as it was shown then, and as it is shown now.

    `import_id` is the import that was taken or undone, empty for a rebuild. Without a build before, `as_of_before` is None
    and nothing moved; without one after it (the last import was undone), `as_of` is None.
    """

    made_by: MadeBy
    import_id: str
    as_of_before: date | None
    as_of: date | None
    moves: Moves
    limits_before: tuple[SourceLimits, ...] = ()
    limits: tuple[SourceLimits, ...] = ()

    @property
    def anybody(self) -> bool:
        """Whether anybody came, went, or stands elsewhere now."""
        return bool(self.moves.classes.moved or self.moves.classes.came or self.moves.classes.went)
