"""What the page of layers shows: types, pyramid and map of the build in use, with the rules that name their people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlmodel import Session

from app.core.csv_text import CsvFile
from app.core.errors import NotFound
from app.core.i18n import N_, Translator
from app.interviews.intentions import intentions_by_class
from app.interviews.models import NextIntention
from app.purchases.builds import NotCounted
from app.purchases.classes import TYPE_LABELS, CustomerClass
from app.purchases.scoring import csv_files, queries
from app.purchases.scoring.schemas import Layer, Layers, Money, Returned, SurveyNumbers, TypeCell
from app.purchases.scoring.survey_words import NO, UNDECIDED, YES
from app.purchases.scoring.type_tables import LAYER_LABELS
from app.purchases.segments.rule import Rule
from app.purchases.store import OrdersStore
from app.web.charts.pyramid import Pyramid, pyramid
from app.web.figures.scores import Counted
from app.web.figures.standing import Standing, without_people
from app.web.forms import FieldError

STOPPED = (CustomerClass.LAPSED.value, CustomerClass.CHURNED.value)
BUYING = (CustomerClass.NEW.value, CustomerClass.LOYAL.value, CustomerClass.ACTIVE.value)


@dataclass(frozen=True)
class TypeRow:
    """A purchase type: those still buying, those who stopped, and all of them."""

    label: str
    buying: Counted
    stopped: Counted
    total: Counted


@dataclass(frozen=True)
class Heard:
    """What people of a layer said in interviews: of so many `asked`, how many want it again."""

    asked: int = 0
    wanting: int = 0


@dataclass(frozen=True)
class LayerRow:
    """A layer with the rule of its people, and of those asked, who want it again and who do not say so."""

    layer: Layer
    label: str
    query: str
    wanting_query: str
    others_query: str
    heard: Heard


@dataclass(frozen=True)
class LayersPage:
    """The page of layers, or why there is none; `typed` and `errors` are those of a survey that could not be kept."""

    standing: Standing
    found: Layers | None = None
    types: tuple[TypeRow, ...] = ()
    rows: tuple[LayerRow, ...] = ()
    shape: Pyramid | None = None
    narrow: Pyramid | None = None
    labels: Mapping[str, str] = field(default_factory=lambda: LAYER_LABELS)
    super_query: str = ""
    deleted: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, FieldError] = field(default_factory=dict)

    @property
    def survey(self) -> SurveyNumbers | None:
        """The newest survey."""
        return self.found.survey if self.found else None


def layers_page(
    session: Session, store: OrdersStore, *, deleted: str = "", typed: Mapping[str, str] | None = None,
    errors: Mapping[str, FieldError] | None = None,
) -> LayersPage:  # fmt: skip
    """Return the page of types, pyramid and map."""
    try:
        found = queries.read_layers(session, store)
    except NotCounted:
        return LayersPage("waiting")
    if found is None:
        return LayersPage(without_people(session))
    keys = tuple(LAYER_LABELS)
    said = intentions_by_class(session, store)
    return LayersPage(
        standing="there",
        found=found,
        types=tuple(_type_rows(found.types)),
        rows=tuple(_layer_row(layer, _heard(layer, said)) for layer in found.layers),
        shape=pyramid(keys, len(found.layers)),
        narrow=pyramid(keys, len(found.layers), width=330),
        super_query=Rule.of(super_loyal="yes").to_query(),
        deleted=deleted if queries.taken_off(session, deleted) else "",
        typed=typed or {},
        errors=errors or {},
    )


def layers_file(session: Session, store: OrdersStore, words: Translator, by: str) -> CsvFile:
    """Return the layers as CSV, or (`by` is types) the ten cells.

    Raises:
        NotFound: there are no orders, or they are not counted.
    """
    found = queries.read_layers(session, store)
    if found is None:
        raise NotFound("no_orders", N_("There are no orders in the store."))
    return csv_files.types_csv(found, words) if by == "types" else csv_files.layers_csv(found, words)


def _type_rows(cells: tuple[TypeCell, ...]) -> list[TypeRow]:
    there = {(cell.purchase_type, cell.stopped): cell for cell in cells}
    return [
        TypeRow(
            label=label,
            buying=_counted([there[kind.value, False]], kind.value, BUYING),
            stopped=_counted([there[kind.value, True]], kind.value, STOPPED),
            total=_counted([there[kind.value, False], there[kind.value, True]], kind.value, ()),
        )
        for kind, label in TYPE_LABELS.items()
    ]


def _counted(cells: list[TypeCell], kind: str, classes: tuple[str, ...]) -> Counted:
    amount: dict[str, Decimal] = {}
    for cell in cells:
        for currency, value in cell.amount.items():
            amount[currency] = amount.get(currency, Decimal(0)) + value
    returned = Returned(sum(cell.returned.base for cell in cells), sum(cell.returned.back for cell in cells))
    query = Rule.of(purchase_type=kind, customer_class=classes).to_query()
    return Counted(sum(cell.people for cell in cells), amount, returned, query)


def _heard(layer: Layer, said: Mapping[CustomerClass, Mapping[NextIntention, int]]) -> Heard:
    counts = [said.get(CustomerClass(name), {}) for name in layer.classes]
    return Heard(sum(sum(one.values()) for one in counts), sum(one.get(NextIntention.YES, 0) for one in counts))


def _layer_row(layer: Layer, heard: Heard) -> LayerRow:
    return LayerRow(
        layer=layer,
        label=LAYER_LABELS[layer.key],
        query=Rule.of(customer_class=layer.classes).to_query(),
        wanting_query=Rule.of(customer_class=layer.classes, intention=YES).to_query(),
        others_query=Rule.of(customer_class=layer.classes, intention=(UNDECIDED, NO)).to_query(),
        heard=heard,
    )


def share_of(amount: Money, whole: Money) -> dict[str, float]:
    """Return the share of each currency's amount; nothing where there is none."""
    return {currency: float(value / whole[currency]) for currency, value in amount.items() if whole.get(currency)}
