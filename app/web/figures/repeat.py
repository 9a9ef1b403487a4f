"""What the pages of coming back show: figures of the build in use, drawn and with the rules that name their people."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from sqlmodel import Session

from app.core.csv_text import CsvFile
from app.core.errors import NotFound
from app.core.i18n import N_, Translator
from app.purchases import queries as purchases
from app.purchases.builds import NotCounted
from app.purchases.repeat import csv_files, queries
from app.purchases.repeat.schemas import (
    Attributes,
    CohortTable,
    CrossTable,
    Cycles,
    OrderSize,
    Share,
    Steps,
    ValueRow,
    Values,
    Within,
)
from app.purchases.repeat.steps import WITHIN
from app.purchases.store import OrdersStore
from app.web.charts.cohort_table import HeatTable, heat_table
from app.web.charts.columns import Columns, columns
from app.web.charts.curve import Curve, curve
from app.web.charts.funnel import FunnelStep, funnel, had_time, in_time
from app.web.charts.heat import CrossLine, Sources, WorthRow, cross_lines, worth_rows
from app.web.figures.standing import Standing, without_people

MONTHS: Mapping[str, int | None] = {"12": 12, "24": 24, "all": None}
USUAL_MONTHS, USUAL_WITHIN = "24", 90
WIDE, NARROW = 1120, 350
PARTS: Mapping[str, str] = {
    "product": "first_product", "channel": "sales_channel", "acquisition": "acquisition_channel", "month": "first_month",
}  # fmt: skip
BEGINNINGS: Mapping[str, str] = {
    "product": N_("First product"),
    "channel": N_("Sales channel of the first order"),
    "acquisition": N_("Acquisition channel"),
    "month": N_("Month of the first order"),
}
LATEST_MONTHS = 24
Found = TypeVar("Found")


@dataclass(frozen=True)
class CohortsPage:
    """The cohorts, or why there are none."""

    standing: Standing
    found: CohortTable | None = None
    table: HeatTable | None = None
    shown: str = USUAL_MONTHS


@dataclass(frozen=True)
class Conversion:
    """F2 conversion within some days; the queries name who went on and who had the time."""

    days: int
    went_on: Share
    went_on_query: str
    base_query: str


@dataclass(frozen=True)
class StepsPage:
    """How people go on, or why that is not known."""

    standing: Standing
    found: Steps | None = None
    usual: Conversion | None = None
    conversions: tuple[Conversion, ...] = ()
    curves: tuple[Curve, Curve] | None = None
    weeks: tuple[Columns, Columns] | None = None
    steps: tuple[FunnelStep, ...] = ()
    days: int = USUAL_WITHIN
    choices: tuple[int, ...] = WITHIN
    cycles: Cycles | None = None


@dataclass(frozen=True)
class Sizes:
    """Mean amounts of the nth orders in one currency."""

    currency: str
    rows: tuple[OrderSize, ...]
    shape: Columns


@dataclass(frozen=True)
class ValuePage:
    """What people bring and buy beside, or why that is not known; `by` says which table of beginnings is shown."""

    standing: Standing
    by: str = "product"
    beginnings: Mapping[str, str] = field(default_factory=lambda: BEGINNINGS)
    found: Values | None = None
    whole: tuple[WorthRow, ...] = ()
    rows: tuple[WorthRow, ...] = ()
    earlier: int = 0
    sizes: tuple[Sizes, ...] = ()
    cross: CrossTable | None = None
    lines: tuple[CrossLine, ...] = ()
    attributes: Attributes | None = None
    old_enough: str = ""
    in_time: str = ""


def cohorts_page(session: Session, store: OrdersStore, shown: str) -> CohortsPage:
    """Return the page of cohorts: the newest 12, 24, or all of them."""
    try:
        found = queries.read_cohorts(session, store)
    except NotCounted:
        return CohortsPage("waiting")
    if found is None:
        return CohortsPage(without_people(session))
    chosen = shown if shown in MONTHS else USUAL_MONTHS
    return CohortsPage("there", found, heat_table(found, most=MONTHS[chosen]), chosen)


def steps_page(session: Session, store: OrdersStore, asked: str = "") -> StepsPage:
    """Return the page of steps: F2, weeks to the second order, the nth to the next, products bought again.

    `asked` is within how many days people have to go on to the next order, 90 unless it is one of those counted.
    """
    days = next((days for days in WITHIN if str(days) == asked), USUAL_WITHIN)
    try:
        found = queries.read_steps(session, store)
    except NotCounted:
        return StepsPage("waiting")
    if found is None:
        return StepsPage(without_people(session))
    weeks = [week.people for week in found.weeks if week.last is not None]
    conversions = tuple(_conversion(one, found.observed_until) for one in found.steps[0].within)
    wide, narrow = curve(found.curve, WITHIN), curve(found.curve, (30, 90, 180, 365), width=NARROW, height=220)
    return StepsPage(
        standing="there",
        found=found,
        usual=next(one for one in conversions if one.days == USUAL_WITHIN),
        conversions=conversions,
        curves=(wide, narrow) if wide and narrow else None,
        weeks=(columns(weeks, width=WIDE), columns(weeks, width=NARROW)) if sum(weeks) else None,
        steps=funnel(found, days),
        days=days,
        cycles=queries.read_cycles(session, store),
    )


def _conversion(one: Within, until: date) -> Conversion:
    return Conversion(one.days, one.went_on, in_time(until, one.days), had_time(until, one.days))


def value_page(session: Session, store: OrdersStore, by: str) -> ValuePage:
    """Return the page of values: as a whole, by one kind of beginning, by order, later products, attributes."""
    try:
        found = queries.read_values(session, store)
    except NotCounted:
        return ValuePage("waiting")
    cross, attributes = queries.read_cross(session, store), queries.read_attributes(session, store)
    if found is None or cross is None or attributes is None:
        return ValuePage(without_people(session))
    listed = _beginnings(found)
    part = by if by in listed else "product"
    sources = _sources(session, store)
    rows = listed[part][-LATEST_MONTHS:] if part == "month" else listed[part]
    return ValuePage(
        standing="there",
        by=part,
        beginnings={name: BEGINNINGS[name] for name in listed},
        found=found,
        whole=worth_rows(found.whole, "", found.observed_until, sources),
        rows=worth_rows(rows, PARTS[part], found.observed_until, sources),
        earlier=len(listed[part]) - len(rows),
        sizes=_sizes(found),
        cross=cross,
        lines=cross_lines(cross),
        attributes=attributes,
        old_enough=had_time(found.observed_until, attributes.exposure),
        in_time=in_time(found.observed_until, attributes.exposure),
    )


def cohorts_file(session: Session, store: OrdersStore, words: Translator) -> CsvFile:
    """Return all cohorts as CSV."""
    return csv_files.cohorts_csv(_there(queries.read_cohorts(session, store)), words)


def steps_file(session: Session, store: OrdersStore, words: Translator) -> CsvFile:
    """Return all steps as CSV."""
    return csv_files.steps_csv(_there(queries.read_steps(session, store)), words)


def value_file(session: Session, store: OrdersStore, words: Translator, by: str) -> CsvFile:
    """Return the values by one kind of beginning as CSV, or (`by` is cross) first and later products."""
    if by == "cross":
        return csv_files.cross_csv(_there(queries.read_cross(session, store)), words)
    found = _there(queries.read_values(session, store))
    listed = _beginnings(found)
    part = by if by in listed else "product"
    return csv_files.values_csv(listed[part], BEGINNINGS[part], found.as_of, words)


def _there(found: Found | None) -> Found:
    if found is None:
        raise NotFound("no_orders", N_("There are no orders in the store."))
    return found


def _beginnings(found: Values) -> Mapping[str, tuple[ValueRow, ...]]:
    """Return the tables of beginnings; that of what brought first orders only where one says it."""
    acquired = {"acquisition": found.by_acquisition} if found.by_acquisition else {}
    return {"product": found.by_product, "channel": found.by_channel, **acquired, "month": found.by_month}


def _sources(session: Session, store: OrdersStore) -> Sources:
    """Return the sources of each currency, nothing where there is only one."""
    found: dict[str, list[str]] = defaultdict(list)
    overview = purchases.overview(session, store)
    for one in overview.sources if overview else ():
        found[one.currency].append(one.source)
    return {currency: tuple(names) for currency, names in found.items()} if len(found) > 1 else {}


def _sizes(found: Values) -> tuple[Sizes, ...]:
    rows: dict[str, list[OrderSize]] = defaultdict(list)
    for size in found.sizes:
        rows[size.currency].append(size)
    return tuple(
        Sizes(currency, tuple(sizes), columns([max(size.mean, Decimal(0)) for size in sizes], width=NARROW * 2))
        for currency, sizes in rows.items()
    )
