"""What the overview says first: who moved, where people stop, whom to ask. Each number is that of the page it leads to."""

from dataclasses import dataclass
from datetime import date
from math import ceil
from threading import Lock
from typing import Literal
from urllib.parse import urlencode

from sqlmodel import Session

from app.purchases import queries as shop
from app.purchases.builds import Build, NotCounted, build_of
from app.purchases.classes import CustomerClass
from app.purchases.movement import queries as movement
from app.purchases.movement.fields import FIELD, written
from app.purchases.movement.schemas import HEADLINES, WAS_STOPPED, Arrows
from app.purchases.repeat import queries as repeat
from app.purchases.segments import queries as segments
from app.purchases.segments.rule import Rule
from app.purchases.stopping import queries as stopping
from app.purchases.store import OrdersStore
from app.web.figures.stops import EACH, MANY_PRODUCTS, TOGETHER, StopPointsPage

Standing = Literal["none", "waiting", "later", "there"]
MOST_STOPS = 3
BACK_DAYS = 30
HALF = 50
REMEMBERED = 4
LEFT_LOYAL = (CustomerClass.LOYAL.value, WAS_STOPPED)


@dataclass(frozen=True)
class Number:
    """People with the rule that opens them; `template` names the hypotheses to ask them with."""

    name: str
    people: int
    query: str
    template: str = ""


@dataclass(frozen=True)
class Moved:
    """Who moved with the last import or, where it moved nobody, since `BACK_DAYS` days ago."""

    with_import: bool
    nobody_by_import: bool
    from_on: date
    to_on: date
    numbers: tuple[Number, ...]
    left_loyal: Number
    query: str


@dataclass(frozen=True)
class Monday:
    """The three blocks, or why they are not there (`later`: not counted yet).

    `moved` is None where the data is too young to compare, `usual_days` where nobody ordered twice.
    """

    standing: Standing
    as_of: date | None = None
    customers: int = 0
    moved: Moved | None = None
    stops: StopPointsPage | None = None
    asks: tuple[Number, ...] = ()
    usual_days: int | None = None
    back_days: int = BACK_DAYS


@dataclass(frozen=True)
class MondayRegion:
    """The blocks alone."""

    monday: Monday


_one_at_a_time = Lock()
_remembered: dict[Build, Monday] = {}


def monday(session: Session, store: OrdersStore, *, count: bool = False) -> Monday:
    """Return the blocks. A build never changes: they are counted once, by a request that says so, and remembered."""
    try:
        build = build_of(session, store)
        if build is None:
            return Monday("none")
        if count:
            _count_once(build, session, store)
    except NotCounted:
        return Monday("waiting")
    return _remembered.get(build, Monday("later"))


def _count_once(build: Build, session: Session, store: OrdersStore) -> None:
    """Count the blocks of a build unless they are there; who asks meanwhile waits for them."""
    with _one_at_a_time:
        if build not in _remembered:
            _remembered[build] = _counted(session, store)
            for old in list(_remembered)[:-REMEMBERED]:
                _remembered.pop(old, None)


def _counted(session: Session, store: OrdersStore) -> Monday:
    """Count the blocks.

    Raises:
        NotCounted: the build in use lacks a file that they need.
    """
    overview = shop.overview(session, store)
    if overview is None or not overview.customers:
        return Monday("none")
    moved = _moved(session, store)
    usual, wall = _wall(session, store)
    super_loyal = Number("super_loyal", overview.super_loyal, Rule.of(super_loyal="yes").to_query(), "super_loyal")
    asks = (moved.left_loyal if moved else None, wall, super_loyal)
    return Monday(
        standing="there",
        as_of=overview.as_of,
        customers=overview.customers,
        moved=moved,
        stops=_stops(session, store),
        asks=tuple(one for one in asks if one),
        usual_days=usual,
    )


def _stops(session: Session, store: OrdersStore) -> StopPointsPage | None:
    """Return the stop points of most people; of all products together where a shop has many."""
    found = stopping.stop_points(session, store)
    if found is None:
        return None
    many = len({row.product for row in found.rows}) > MANY_PRODUCTS
    rows = (found.together if many else found.rows)[:MOST_STOPS]
    return StopPointsPage(
        "counted", found.as_of, found.customers, found.stopped, rows=rows, by=TOGETHER if many else EACH
    )


def _moved(session: Session, store: OrdersStore) -> Moved | None:
    change, days = movement.last_change(session, store), movement.days_of(session, store)
    if change and change.made_by == "import" and change.as_of_before and change.as_of:
        classes = change.moves.classes
        if _any(classes):
            return _ready(classes, None, (change.as_of_before, change.as_of))
    if days is None or days.before(BACK_DAYS) <= days.first:
        return None
    ends = (days.before(BACK_DAYS), days.last)
    found = movement.between(session, store, from_on=ends[0], to_on=ends[1])
    nobody = change is not None and change.made_by == "import" and change.as_of_before is not None
    return _ready(found.moves.classes, ends, ends, nobody=nobody) if found else None


def _any(classes: Arrows) -> bool:
    return any(classes.people(*ends) for ends in HEADLINES.values())


def _ready(
    classes: Arrows, asked: tuple[date, date] | None, ends: tuple[date, date], *, nobody: bool = False
) -> Moved:  # fmt: skip
    """Return the numbers; `asked` are the days that their rules name, None for the last change of the data."""

    def number(name: str, before: str, after: str, template: str = "") -> Number:
        query = urlencode({FIELD: written(before, after, asked)})
        return Number(name, classes.people(before, after), query, template)

    page = {"from": ends[0], "to": ends[1]} if asked else {"since": "import"}
    return Moved(
        with_import=asked is None,
        nobody_by_import=nobody,
        from_on=ends[0],
        to_on=ends[1],
        numbers=tuple(number(name, *places) for name, places in HEADLINES.items()),
        left_loyal=number("left_loyal", *LEFT_LOYAL, "lapsed_return"),
        query=urlencode(page),
    )


def _wall(session: Session, store: OrdersStore) -> tuple[int | None, Number | None]:
    """Return after how many days half of the second orders had come, and who with one order is past that, not yet lapsed."""
    steps = repeat.read_steps(session, store)
    half = steps.steps[0].gaps.quantiles.get(HALF) if steps and steps.steps else None
    if half is None:
        return None, None
    rule = Rule.of(customer_class=CustomerClass.NEW.value, days_since_last=f"{ceil(half) + 1}-")
    found = segments.count(session, store, rule=rule)
    return ceil(half), Number("second_wall", found.people, rule.to_query(), "second_order") if found else None
