"""What the page of thresholds shows: the numbers as typed, where they come from, and who would move with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal
from urllib.parse import urlencode

from sqlmodel import Session

from app.core.i18n import N_
from app.purchases import queries as purchases
from app.purchases.builds import NotCounted
from app.purchases.classes import CLASS_LABELS, TYPE_LABELS
from app.purchases.schemas import Overview, SourceLimits
from app.purchases.scoring import queries, thresholds
from app.purchases.scoring.cutoffs import RANKS
from app.purchases.scoring.schemas import Move, Preview
from app.purchases.segments.rule import Rule
from app.purchases.segments_file import Numbers, defaults, in_force
from app.purchases.store import OrdersStore
from app.serving.faults import MESSAGES
from app.web.forms import FieldError

Unit = Literal["days", "times", "percent", "orders"]
SUPER_LABELS = {"yes": N_("Super loyal"), "no": N_("Not super loyal")}


@dataclass(frozen=True)
class Number:
    """One number: its name in the form, its label and unit, and what the file has."""

    name: str
    label: str
    unit: Unit
    hint: str = ""


@dataclass(frozen=True)
class NumberGroup:
    """Numbers that belong together, and how they are used in one sentence."""

    key: str
    title: str
    rule: str
    numbers: tuple[Number, ...]


GROUPS = (
    NumberGroup("type", N_("Purchase types"), N_("Long is from the first to the last order; high is the amount in all, as a multiple of the shop's mean order."), (
        Number("long_days", N_("Long from"), "days"),
        Number("high_orders", N_("High from"), "times", N_("times the mean order")),
    )),
    NumberGroup("lapse", N_("Lapsed"), N_("Lapsed after as many days as this percent of the shop's own gaps between purchases stay below, within two bounds."), (
        Number("lapse_percent", N_("Percent of the gaps"), "percent"),
        Number("lapse_least", N_("Never less than"), "days"),
        Number("lapse_most", N_("Never more than"), "days"),
    )),
    NumberGroup("churn", N_("Churned"), N_("Churned after this many days without an order, but never below a multiple of the days of a lapse. Whoever ended their last subscription and ordered nothing since is churned, too."), (
        Number("churn_days", N_("Churned after"), "days"),
        Number("churn_times_lapse", N_("Never below"), "times", N_("times the days of a lapse")),
    )),
    NumberGroup("super", N_("Super loyal"), N_("Loyal, and among the best by the amount of the last days."), (
        Number("super_loyal_percent", N_("The best"), "percent"),
        Number("super_loyal_days", N_("By the amount of the last"), "days"),
    )),
)  # fmt: skip


@dataclass(frozen=True)
class MoveRow:
    """Everybody of one class or type now: where they would be; `query` opens them."""

    key: str
    cells: tuple[Move, ...]
    query: str

    @property
    def people(self) -> int:
        """How many they are now."""
        return sum(cell.people for cell in self.cells)


@dataclass(frozen=True)
class MoveTable:
    """From (rows) to (columns), with the labels of both."""

    key: str
    title: str
    labels: Mapping[str, str]
    rows: tuple[MoveRow, ...]

    @property
    def moved(self) -> int:
        """How many people would be named otherwise."""
        return sum(cell.people for row in self.rows for cell in row.cells if cell.was != cell.to)

    def now(self, key: str) -> int:
        """Return how many are there now."""
        return next(row.people for row in self.rows if row.key == key)

    def then(self, key: str) -> int:
        """Return how many would be there."""
        return sum(cell.people for row in self.rows for cell in row.cells if cell.to == key)


@dataclass(frozen=True)
class LimitRow:
    """The limits of a source now and then."""

    was: SourceLimits
    to: SourceLimits

    @property
    def moved(self) -> bool:
        """Whether one of the limits that are shown differs."""
        return any(
            getattr(self.was, name) != getattr(self.to, name) for name in ("lapse_days", "churn_days", "high_amount")
        )


@dataclass(frozen=True)
class ThresholdsPage:
    """The numbers as they stand or were typed; `preview` once somebody asked who would move.

    `standing` are the numbers in force. `behind` tells that the figures still show earlier numbers: they are being counted; `changed` that somebody would have
    saved other numbers than those of the preview.
    """

    values: Mapping[str, str]
    standing: Mapping[str, str]
    usual: Mapping[str, str]
    currencies: tuple[str, ...]
    overview: Overview | None
    behind: bool
    own: bool
    preview: Preview | None = None
    tables: tuple[MoveTable, ...] = ()
    limits: tuple[LimitRow, ...] = ()
    unchanged: bool = False
    waiting: bool = False
    changed: bool = False
    errors: Mapping[str, FieldError] = field(default_factory=dict)
    groups: tuple[NumberGroup, ...] = GROUPS
    ranks: tuple[tuple[str, str], ...] = tuple(zip(thresholds.LETTERS, RANKS[:-1], strict=True))

    @property
    def asked(self) -> bool:
        """Whether somebody asked who would move with these numbers."""
        return self.preview is not None or self.waiting

    @property
    def previewed(self) -> str:
        """The numbers of the preview and those in force with it, as the form that saves brings them back."""
        return urlencode([*self.values.items(), *self.standing.items()])

    def set_apart(self, name: str) -> bool:
        """Return whether a number differs from the file's."""
        return self.values.get(name) != self.usual.get(name)

    def changed_from(self, name: str) -> bool:
        """Return whether a number differs from the one in force, which is not the file's."""
        return self.standing.get(name) not in {self.values.get(name), self.usual.get(name)}


def thresholds_page(session: Session, store: OrdersStore, values: Mapping[str, str] | None = None) -> ThresholdsPage:
    """Return the page with the numbers in force, or with these and who would move with them. "defaults" are the file's.

    Raises:
        BadNumbers: they cannot be used.
    """
    page = standing_page(session, store)
    if values is None:
        return page
    current = in_force(session)
    numbers = defaults() if values.get("action") == "defaults" else thresholds.read(values, page.currencies, current)
    shown = replace(page, values=thresholds.typed(numbers, page.currencies))
    if numbers == current:
        return replace(shown, unchanged=True)
    try:
        found = queries.read_preview(session, store, numbers=numbers)
    except NotCounted:
        return replace(shown, waiting=True)
    if found is None:
        return replace(shown, waiting=True)
    limits = tuple(LimitRow(was, to) for was, to in zip(found.before, found.after, strict=True))
    return replace(shown, preview=found, tables=tables(found), limits=limits)


def standing_page(session: Session, store: OrdersStore) -> ThresholdsPage:
    """Return the page with the numbers in force."""
    overview, current = purchases.overview(session, store), in_force(session)
    currencies = queries.currencies(overview, current.cutoffs)
    standing = thresholds.typed(current, currencies)
    return ThresholdsPage(
        values=standing,
        standing=standing,
        usual=thresholds.typed(defaults(), currencies),
        currencies=currencies,
        overview=overview,
        behind=overview is not None and overview.segments != current.segments,
        own=current != defaults(),
    )


def wrong_page(
    session: Session, store: OrdersStore, values: Mapping[str, str], fault: thresholds.BadNumbers
) -> ThresholdsPage:
    """Return the page with what was typed, and what is wrong with it."""
    page = standing_page(session, store)
    typed = {name: values.get(name, "") for name in page.values}
    errors = {name: _error(kind, params) for name, (kind, params) in fault.faults.items()}
    return replace(page, values=typed, errors=errors)


def read_numbers(session: Session, store: OrdersStore, values: Mapping[str, str]) -> Numbers | None:
    """Return the numbers of the form that saves; None where they, or those in force, are others than with its preview.

    Raises:
        BadNumbers: they cannot be used.
    """
    page = standing_page(session, store)
    numbers = thresholds.read(values, page.currencies, in_force(session))
    seen = replace(page, values=thresholds.typed(numbers, page.currencies)).previewed
    return numbers if values.get("previewed") == seen else None


def changed_page(session: Session, store: OrdersStore, values: Mapping[str, str]) -> ThresholdsPage:
    """Return the page of numbers that nobody looked at yet: who would move with them."""
    return replace(thresholds_page(session, store, values), changed=True)


def tables(found: Preview) -> tuple[MoveTable, ...]:
    """Return from–to of classes, types and the super loyal."""
    parts: tuple[tuple[str, str, Mapping[str, str], tuple[Move, ...]], ...] = (
        ("customer_class", N_("Customer classes"), {key.value: text for key, text in CLASS_LABELS.items()}, found.classes),
        ("purchase_type", N_("Purchase types"), {key.value: text for key, text in TYPE_LABELS.items()}, found.types),
        ("super_loyal", N_("Super loyal"), SUPER_LABELS, found.super_loyal),
    )  # fmt: skip
    return tuple(MoveTable(key, title, labels, _rows(key, moves)) for key, title, labels, moves in parts)


def _rows(name: str, moves: tuple[Move, ...]) -> tuple[MoveRow, ...]:
    return tuple(
        MoveRow(was, tuple(cells), Rule.of(**{name: was}).to_query())
        for was, cells in groupby(moves, key=lambda one: one.was)
    )


def _error(kind: str, params: Mapping[str, object]) -> FieldError:
    return FieldError(MESSAGES.get(kind, kind if " " in kind else N_("Please write a number.")), params)
