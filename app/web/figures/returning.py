"""What the page of coming back shows: how well the past told it, and the people by their chance now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from sqlmodel import Session

from app.core.i18n import N_
from app.purchases import queries as purchases
from app.purchases.classes import CLASS_LABELS, CustomerClass
from app.purchases.returning import queries
from app.purchases.returning import tasks as returning
from app.purchases.returning.explanation import Explanation
from app.purchases.schemas import CustomerSummary
from app.purchases.segments.rule import Rule
from app.purchases.store import OrdersStore
from app.web.charts.returning.bands import BandChart, Measured, band_chart
from app.web.services import Services

if TYPE_CHECKING:
    from app.purchases.returning.backtest import Backtest
    from app.purchases.returning.kept import Kept

Standing = Literal["none", "waiting", "counting", "failed", "there"]
CLASSES = (CustomerClass.LOYAL, CustomerClass.ACTIVE, CustomerClass.NEW, CustomerClass.LAPSED, CustomerClass.CHURNED)
GOOD, FAIR, WEAK = 0.8, 0.7, 0.6
VERDICTS = (
    (GOOD, N_("In this shop the chances tell well who orders again.")),
    (FAIR, N_("In this shop the chances are a fair guide to who orders again.")),
    (WEAK, N_("In this shop the chances tell only roughly who orders again.")),
    (0.0, N_("In this shop the chances hardly tell who orders again. Do not go by their order.")),
)
SECOND_TEXTS = {
    "fitted": N_("The model was fitted without trouble."),
    "at_bound": N_("A number of the model ran to the end of what is tried. Read its chances as a direction, not as numbers."),
    "no_dropout": N_("The orders of this shop show nobody dropping out for good, so the model has nothing to tell and is not asked."),
    "no_repeats": N_("Nobody ordered on a second day yet, so the model cannot be fitted."),
    "not_settled": N_("The model could not be fitted to the orders of this shop."),
}  # fmt: skip


@dataclass(frozen=True)
class BandCell:
    """People of one class in a band; the query names them."""

    label: str
    people: int
    query: str


@dataclass(frozen=True)
class BandRow:
    """People whose chance lies from–to percent now, all of them and by class; the query names them."""

    low: int
    high: int
    people: int
    query: str
    cells: tuple[BandCell, ...]


@dataclass(frozen=True)
class ComingBackPage:
    """The page, or why there is nothing on it yet; `worth` is the verdict on the past in words.

    `training` has day, people and those who came back of each day that was learned from.
    """

    standing: Standing
    as_of: date | None = None
    found: "Kept | None" = None
    reason: str = ""
    training: tuple[tuple[date, int, int], ...] = ()
    now: tuple[BandRow, ...] = ()
    classes: tuple[CustomerClass, ...] = CLASSES
    past: tuple[Measured, ...] = ()
    charts: tuple[BandChart, BandChart] | None = None
    worth: str = ""
    second: str = ""


def coming_back_page(db: Session, store: OrdersStore) -> ComingBackPage:
    """Return the page of the build in use."""
    day = purchases.as_of(db, store)
    if day is None:
        return ComingBackPage("none")
    found = queries.kept_of(db, store)
    if found is None:
        if returning.failed(db, store):
            return ComingBackPage("failed", day)
        return ComingBackPage("counting" if returning.waiting(db, store) else "waiting", day)
    from app.purchases.returning.backtest import EDGES
    from app.purchases.returning.scores import REASON_TEXTS
    from app.purchases.returning.state import day_of

    past = _measured(found.past) if found.past else ()
    return ComingBackPage(
        standing="there",
        as_of=found.as_of,
        found=found,
        reason=REASON_TEXTS[found.reason] if found.reason else "",
        training=tuple((day_of(one.cutoff), one.people, one.came_back) for one in found.training),
        now=_now([round(100 * edge) for edge in EDGES], found.bands, queries.bands_by_class(db, store)),
        past=past,
        charts=(band_chart(past), band_chart(past, width=340, height=240)) if past else None,
        worth=_verdict(found.past.auc_all) if found.past else "",
        second=SECOND_TEXTS[found.second.state.value],
    )


def _now(edges: list[int], people: tuple[int, ...], by_class: Mapping[str, tuple[int, ...]]) -> tuple[BandRow, ...]:
    """Return the bands, the highest chance first."""
    rows = []
    for place, ((low, high), everybody) in enumerate(zip(pairwise(edges), people, strict=False)):
        span = f"{low}-{high}"
        cells = tuple(
            BandCell(
                CLASS_LABELS[one],
                by_class[one.value][place] if one.value in by_class else 0,
                Rule.of(p_return=span, customer_class=one.value).to_query(),
            )
            for one in CLASSES
        )
        rows.append(BandRow(low, high, everybody, Rule.of(p_return=span).to_query(), cells))
    return tuple(reversed(rows))


@dataclass(frozen=True)
class CustomerReturn:
    """What is said of one customer beside the class: the build's figures, those of the customer; a fallback is named."""

    found: "Kept"
    one: Explanation
    reason: str


def customer_return(db: Session, store: OrdersStore, summary: CustomerSummary) -> CustomerReturn | None:
    """Return what is known of a customer's coming back; None while nobody counted it."""
    found = queries.kept_of(db, store)
    one = queries.explanation_of(db, store, summary=summary) if found else None
    if found is None or one is None:
        return None
    from app.purchases.returning.scores import REASON_TEXTS

    return CustomerReturn(found, one, REASON_TEXTS[found.reason] if found.reason else "")


def _measured(past: "Backtest") -> tuple[Measured, ...]:
    return tuple(
        Measured(round(100 * one.low), round(100 * one.high), one.n, one.predicted, one.actual) for one in past.bands
    )


def _verdict(auc: float | None) -> str:
    return next((text for least, text in VERDICTS if auc >= least), "") if auc is not None else ""


def count_soon(services: Services, db: Session) -> None:
    """Have the figures counted where nobody did yet: the build may be the work of a command, which leaves it to us."""
    version = returning.waiting(db, services.orders)
    if version and not returning.failed(db, services.orders):
        _ask(services.enqueue, version)


def count_again(services: Services, db: Session) -> None:
    """Have the figures counted once more, after a count that broke off or never came."""
    returning.forget_failure(db, services.orders)
    services.enqueue(returning.JOB, "")


@lru_cache(maxsize=8)
def _ask(enqueue: Callable[[str, str], object], version: str) -> None:
    """Ask once for each build."""
    del version
    enqueue(returning.JOB, "")
