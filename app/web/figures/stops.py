"""The pages of stopping: stop points, survival of subscriptions, what is left over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal
from urllib.parse import urlencode

from sqlmodel import Session

from app.core.csv_text import CsvFile
from app.core.i18n import Translator
from app.purchases.builds import NotCounted
from app.purchases.schemas import SourceLimits
from app.purchases.segments.rule import Rule
from app.purchases.segments.values import LONGEST
from app.purchases.stopping import fields, queries
from app.purchases.stopping.csv_file import stop_points_csv
from app.purchases.stopping.schemas import NotSet, Step, StopRow, SurplusGroup, SurplusRow, Survival
from app.purchases.stopping.schemas import Standing as HowTheyStand
from app.purchases.stopping.surplus import OVER
from app.purchases.stopping.words import BAND_LABELS, CAUTION_TEXTS, STANDING_LABELS
from app.purchases.store import OrdersStore
from app.studies.guide_file import stop_templates
from app.studies.schemas import HypothesisTemplate
from app.web.charts.bars import Segment, stacked
from app.web.charts.stopping.matrix import StopCell, StopLine, StopMatrix, stop_matrix
from app.web.charts.stopping.steps import SurvivalShape, survival_shape
from app.web.figures.standing import without_people

PAGE_ROWS = 25
MOST_CURVES = 8
LONGEST_PRODUCT = 80
EACH, TOGETHER, MANY_PRODUCTS = "product", "together", 40
AFTER = 12
BAND_PAINTS = ("c-left-0", "c-left-1", "c-left-2", "c-left-3", "c-left-4")
Standing = Literal["counted", "none", "nobody", "waiting"]


@dataclass(frozen=True)
class StopPointsPage:
    """Stop points: the matrix, and one page of the list; `page` of `pages`. `by` product, or all products together."""

    standing: Standing
    as_of: date | None = None
    customers: int = 0
    stopped: int = 0
    total: int = 0
    limits: tuple[SourceLimits, ...] = ()
    matrix: StopMatrix | None = None
    lead: StopRow | None = None
    rows: Sequence[StopRow] = ()
    page: int = 1
    pages: int = 1
    by: str = EACH

    def query(self, row: StopRow) -> str:
        """Return the rule of the people of a stop point."""
        return stop_query(row.product, row.kind, str(row.nth), row.ending)

    def cell_query(self, line: StopLine, cell: StopCell) -> str:
        """Return the rule of the people of a cell of the matrix."""
        number = f"{cell.nth}-" if self.matrix and cell.nth > self.matrix.columns else str(cell.nth)
        return stop_query(line.product, line.kind, number)

    def template(self, row: StopRow) -> HypothesisTemplate | None:
        """Return the hypotheses to start from at a stop point."""
        return stop_templates().get((row.kind, row.nth))

    def study_query(self, row: StopRow) -> str:
        """Return what the form of a new study starts with."""
        template = self.template(row)
        chosen = [("template", template.slug)] if template else []
        product = [("product", row.product[:LONGEST_PRODUCT])] if row.product else []
        return urlencode([*product, *chosen, ("people", self.query(row))])


def stop_query(product: str, kind: str, number: str, ending: str = "") -> str:
    """Return the rule of those who stopped there. A product without a name cannot be asked for: then it is any."""
    given = {"stop_number": number, "stop_kind": kind}
    if product.strip() and len(product) <= LONGEST and product.isprintable():
        given["stop_product"] = product
    return Rule.of(**given | ({"stop_ending": ending} if ending else {})).to_query()


def stop_points_page(db: Session, store: OrdersStore, page: int, by: str) -> StopPointsPage:
    """Return the page of stop points. A shop of many products starts with all of them together."""
    try:
        found = queries.stop_points(db, store)
    except NotCounted:
        return StopPointsPage("waiting")
    if found is None:
        return StopPointsPage(without_people(db))
    if by not in {EACH, TOGETHER}:
        by = TOGETHER if len({row.product for row in found.rows}) > MANY_PRODUCTS else EACH
    rows = found.rows if by == EACH else found.together
    pages = max(-(-len(rows) // PAGE_ROWS), 1)
    here = min(max(page, 1), pages)
    return StopPointsPage(
        standing="counted",
        as_of=found.as_of,
        customers=found.customers,
        stopped=found.stopped,
        total=len(rows),
        limits=found.limits,
        matrix=stop_matrix(rows),
        lead=rows[0] if rows else None,
        rows=rows[(here - 1) * PAGE_ROWS : here * PAGE_ROWS],
        page=here,
        pages=pages,
        by=by,
    )


def stop_points_file(db: Session, store: OrdersStore, by: str, words: Translator) -> CsvFile:
    """Return all stop points as CSV; headings alone while there are no orders.

    Raises:
        NotCounted: the build in use has no file of orders.
    """
    found = queries.stop_points(db, store)
    rows = () if found is None else found.together if by == TOGETHER else found.rows
    return stop_points_csv(rows, found.as_of if found else None, words)


@dataclass(frozen=True)
class SurvivalView:
    """One product's subscriptions, ready to draw; `after` is the share of the curve still subscribed after 12 deliveries."""

    found: Survival
    wide: SurvivalShape
    narrow: SurvivalShape
    half: int | None
    worst: Step | None
    after: float | None
    cautions: tuple[str, ...]

    def query(self, what: str, nth: int = 0) -> str:
        """Return the rule of the people behind a number."""
        return people_query("subscription", fields.subscription(what, nth, self.found.product))


@dataclass(frozen=True)
class SurvivalPage:
    """How long subscriptions last; `more` products are not drawn."""

    standing: Standing
    as_of: date | None = None
    rows: tuple[SurvivalView, ...] = ()
    limits: tuple[SourceLimits, ...] = ()
    more: int = 0
    months: int = AFTER


def survival_page(db: Session, store: OrdersStore) -> SurvivalPage:
    """Return the page of survival."""
    try:
        found = queries.survival(db, store)
    except NotCounted:
        return SurvivalPage("waiting")
    if found is None:
        return SurvivalPage(without_people(db))
    rows = tuple(survival_view(one) for one in found.rows[:MOST_CURVES])
    return SurvivalPage("counted", found.as_of, rows, found.limits, max(len(found.rows) - MOST_CURVES, 0))


def survival_view(found: Survival) -> SurvivalView:
    """Return one product ready to draw."""
    ahead = found.curve.ahead if found.curve else ()
    return SurvivalView(
        found=found,
        wide=survival_shape(found),
        narrow=survival_shape(found, width=340, height=240),
        half=next((step.nth for step in found.steps if step.still <= 0.5), None),
        worst=max(found.steps, key=lambda step: step.stopped, default=None),
        after=ahead[AFTER - 1] if len(ahead) >= AFTER else None,
        cautions=tuple(CAUTION_TEXTS[one] for one in found.cautions),
    )


@dataclass(frozen=True)
class SurplusPage:
    """What people have left of each product, and the products of which nobody said how long a piece lasts."""

    standing: Standing
    as_of: date | None = None
    rows: tuple[SurplusRow, ...] = ()
    not_set: tuple[NotSet, ...] = ()
    products_not_set: int = 0
    bands: tuple[str, ...] = BAND_LABELS
    paints: tuple[str, ...] = BAND_PAINTS
    standings: Mapping[HowTheyStand, str] = field(default_factory=lambda: STANDING_LABELS)

    def bars(self, group: SurplusGroup) -> tuple[Segment, ...]:
        """Return the parts of a group's bar."""
        return stacked(
            tuple((paint, Decimal(people)) for paint, people in zip(BAND_PAINTS, group.bands, strict=True))
        )  # fmt: skip

    def query(self, row: SurplusRow, standing: str = fields.ANY, band: int | str = fields.ANY) -> str:
        """Return the rule of the people behind a number."""
        return people_query("surplus", fields.surplus(standing, band, row.product))

    over: str = OVER


def surplus_page(db: Session, store: OrdersStore) -> SurplusPage:
    """Return the page of surplus."""
    try:
        found = queries.surplus(db, store)
    except NotCounted:
        return SurplusPage("waiting")
    if found is None:
        return SurplusPage(without_people(db))
    return SurplusPage("counted", found.as_of, found.rows, found.not_set, found.products_not_set)


def people_query(name: str, value: str) -> str:
    """Return the rule with one condition; nothing where the words of the shop cannot stand in an address."""
    return Rule.of(**{name: value}).to_query() if value.isprintable() and len(value) <= LONGEST else ""
