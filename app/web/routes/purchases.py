"""Purchase data: the shop at a glance, its customers, one customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ValidationError
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.schemas import Actor
from app.core.database import read_session, write_session
from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases import import_queries, operations, queries
from app.purchases.classes import CLASS_LABELS, COUNT_LABELS, ELAPSED_LABELS, TYPE_LABELS
from app.purchases.identity.merges import Key
from app.purchases.identity.queries import parts_of
from app.purchases.identity.schemas import Decided, FoundPeople
from app.purchases.identity.search import find_people
from app.purchases.import_queries import ImportGroup
from app.purchases.other.attribute_filter import read_attribute
from app.purchases.other.attribute_words import Attribute
from app.purchases.other.attributes import AttributeCount
from app.purchases.other.queries import attribute_choices, customer_attributes
from app.purchases.schemas import Contact, CustomerFilters, CustomerPage, CustomerSummary, Overview, SortKey, Timeline
from app.purchases.store import OrdersStore
from app.studies.queries import list_studies
from app.studies.schemas import StudyRow
from app.web.aside import read_aside
from app.web.charts.elapsed import ElapsedTable, elapsed_table
from app.web.deps import PostedForm, ReadSession, permit, services
from app.web.figures.monday import Monday, MondayRegion, monday
from app.web.figures.returning import CustomerReturn, customer_return
from app.web.forms import FieldError, FormInvalid
from app.web.render import redirect, render
from app.web.routes import imports
from app.web.routes.imports import Importer
from app.web.trail import logged

router = APIRouter()
router.include_router(imports.router)
Reader = Annotated[Actor, Depends(permit("purchases.read"))]
UP = "_up"
SORTS = (
    ("last_order_on", N_("Latest order first")),
    ("last_order_on_up", N_("Oldest last order first")),
    ("amount", N_("Largest amount first")),
    ("amount_up", N_("Smallest amount first")),
    ("orders", N_("Most orders first")),
    ("orders_up", N_("Fewest orders first")),
    ("first_order_on", N_("Newest customers first")),
    ("first_order_on_up", N_("Oldest customers first")),
)
SORT_KEYS: dict[str, SortKey] = {
    name: key for key in get_args(SortKey) for name in (key, f"{key}{UP}")
}  # fmt: skip
ALL = N_("All")
OPTIONS: dict[str, list[tuple[str, str]]] = {
    "customer_class": [("", ALL), *((key.value, text) for key, text in CLASS_LABELS.items())],
    "purchase_type": [("", ALL), *((key.value, text) for key, text in TYPE_LABELS.items())],
    "count": [("", ALL), *COUNT_LABELS.items()],
    "elapsed": [("", ALL), *ELAPSED_LABELS.items()],
}
RECENT_IMPORTS = 8


@dataclass(frozen=True)
class OverviewPage:
    """The shop on the as-of date, or nothing yet."""

    overview: Overview | None
    days: tuple[date, date]
    table: ElapsedTable | None
    imports: tuple[ImportGroup, ...]
    earlier_imports: tuple[ImportGroup, ...]
    counted_now: bool
    count_labels: Mapping[str, str]
    elapsed_labels: Mapping[str, str]
    class_labels: Mapping[str, str]
    type_labels: Mapping[str, str]
    monday: Monday
    errors: Mapping[str, FieldError] = field(default_factory=dict)
    typed: str = ""


@dataclass(frozen=True)
class Head:
    """The head of a column that the list can stand by: where it leads, and how the list stands by it now."""

    query: str
    direction: Literal["", "ascending", "descending"]


@dataclass(frozen=True)
class AttributeChoice:
    """The attributes one may filter by, the one whose values are offered (`of`), and the value chosen: sex=female."""

    attributes: tuple[AttributeCount, ...] = ()
    of: str = ""
    chosen: str = ""

    @property
    def count(self) -> AttributeCount | None:
        """Return the attribute whose values are offered; None where it has too many to offer."""
        return next((one for one in self.attributes if one.name == self.of), None)


@dataclass(frozen=True)
class AttributeRegion:
    """The second step of choosing an attribute alone."""

    attribute: AttributeChoice


@dataclass(frozen=True)
class CustomersPage:
    """The customer list with its filters."""

    found: CustomerPage
    sort: str
    as_of: date | None
    first_query: str = ""
    previous_query: str = ""
    next_query: str = ""
    last_query: str = ""
    filter_query: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    attribute: AttributeChoice = field(default_factory=AttributeChoice)
    options: Mapping[str, list[tuple[str, str]]] = field(default_factory=lambda: OPTIONS)
    sorts: tuple[tuple[str, str], ...] = SORTS
    heads: Mapping[str, Head] = field(default_factory=dict)


@dataclass(frozen=True)
class SearchPage:
    """What a search for customers found, for researchers and administrators."""

    found: FoundPeople
    text: str
    as_of: date | None


@dataclass(frozen=True)
class CustomerView:
    """One customer, for researchers and administrators."""

    summary: CustomerSummary
    timeline: Timeline
    contact: Contact | None
    as_of: date | None
    studies: tuple[StudyRow, ...]
    parts: tuple[Decided, ...]
    attributes: tuple[Attribute, ...]
    coming_back: CustomerReturn | None


@router.get("/purchases", name="purchases")
async def purchases(request: Request, db: ReadSession, actor: Reader) -> Response:
    """Show the shop at a glance; with `now` what it says first is counted at once."""
    del actor
    if "now" in request.query_params:
        await read_aside(request, partial(monday, store=services(request).orders, count=True))
    return render(request, "purchases/overview.html", overview_page(request, db))


@router.get("/purchases/monday", name="monday")
async def monday_region(request: Request, actor: Reader) -> Response:
    """Count who moved, where people stop and whom to ask: the part of the overview that waits for it."""
    del actor
    region = MondayRegion(await read_aside(request, partial(monday, store=services(request).orders, count=True)))
    return render(request, "purchases/_monday.html", region)


@router.get("/purchases/customers", name="customers")
async def customers(request: Request, db: ReadSession, actor: Reader) -> Response:
    """Show 50 customers by filters and sort."""
    del actor
    page = customers_page(db, services(request).orders, request.query_params)
    return render(request, "purchases/customers.html", page)


def customers_page(db: Session, store: OrdersStore, query: Mapping[str, str]) -> CustomersPage:
    """Return the page of the list that an address names."""
    filters = read_filters(query)
    sort = query.get("sort", "") if query.get("sort") in SORT_KEYS else SORTS[0][0]
    found = queries.list_customers(
        db,
        store,
        filters=filters,
        sort=SORT_KEYS[sort],
        descending=not sort.endswith(UP),
        after=query.get("after") or None,
        before=query.get("before") or None,
        last=bool(query.get("last")),
    )
    chosen = {name: value for name, value in filters.model_dump(mode="json").items() if value}
    kept = chosen | {"sort": sort}
    return CustomersPage(
        found=found,
        sort=sort,
        as_of=queries.as_of(db, store),
        first_query=urlencode(kept) if found.before else "",
        previous_query=urlencode(kept | {"before": found.before}) if found.before else "",
        next_query=urlencode(kept | {"after": found.after}) if found.after else "",
        last_query=urlencode(kept | {"last": 1}) if found.after else "",
        filter_query=urlencode(chosen),
        chosen=chosen,
        attribute=attribute_choice(db, store, query),
        heads={key: sort_head(key, sort, chosen) for key in get_args(SortKey)},
    )


def attribute_choice(db: Session, store: OrdersStore, query: Mapping[str, str]) -> AttributeChoice:
    """Return which attribute an address offers the values of, and which of them it chooses."""
    chosen = read_filters(query).attribute or ""
    return AttributeChoice(attribute_choices(db, store), query.get("of") or read_attribute(chosen).name, chosen)


@router.get("/purchases/customers/values", name="customer_values")
async def customer_values(request: Request, db: ReadSession, actor: Reader) -> Response:
    """Return the values of the attribute that was chosen, to choose one of them."""
    del actor
    region = AttributeRegion(attribute_choice(db, services(request).orders, request.query_params))
    return render(request, "purchases/_attribute_values.html", region)


def sort_head(key: SortKey, sort: str, chosen: Mapping[str, str]) -> Head:
    """Return where a column's head leads: to the list by it, largest first, or turned where it stands so already."""
    if SORT_KEYS[sort] != key:
        return Head(urlencode(dict(chosen) | {"sort": key}), "")
    turned = key if sort.endswith(UP) else f"{key}{UP}"
    return Head(urlencode(dict(chosen) | {"sort": turned}), "ascending" if sort.endswith(UP) else "descending")


@router.post("/purchases/customers/search", name="customer_search")
async def customer_search(request: Request, form: PostedForm, db: ReadSession, actor: Reader) -> Response:
    """Find customers by name, kana, phone, mail or number; the words stay out of addresses and logs."""
    text = form.values.get("text", "").strip()[:200]
    if not text:
        return redirect(request, "customers")
    store = services(request).orders
    found = await read_aside(request, partial(find_people, store=store, text=text))
    page = SearchPage(found=found, text=text, as_of=queries.as_of(db, store))
    refs = [one.summary.customer_ref for one in found.rows]
    shown = render(request, "purchases/search.html", page)
    return logged(request, shown, actor, "customers.searched", "", customers=refs)


@router.get("/purchases/customers/{customer_ref}", name="customer")
async def customer(request: Request, customer_ref: str, actor: Reader) -> Response:
    """Show one customer with the purchase timeline; the view is noted in the audit trail."""
    store = services(request).orders
    page = await read_aside(request, partial(customer_view, store=store, actor=actor, customer_ref=customer_ref))
    return logged(request, render(request, "purchases/customer.html", page), actor, "customer.viewed", customer_ref)


def customer_view(db: Session, store: OrdersStore, *, actor: Actor, customer_ref: str) -> CustomerView:
    """Return the page of one customer; orders and contact data come out of Parquet files."""
    summary = queries.customer(db, store, customer_ref=customer_ref)
    return CustomerView(
        summary=summary,
        timeline=queries.timeline(db, store, source=summary.source, customer_id=summary.customer_id),
        contact=queries.contact(db, store, source=summary.source, customer_id=summary.customer_id),
        as_of=queries.as_of(db, store),
        studies=tuple(list_studies(db, actor=actor)),
        parts=parts_of(db, Key(summary.source, summary.customer_id)),
        attributes=customer_attributes(db, store, customer_ref=customer_ref),
        coming_back=customer_return(db, store, summary=summary),
    )


class AsOf(BaseModel):
    """The as-of date as typed; empty means the day of the newest order."""

    day: date | None = None


@router.post("/purchases/as-of", name="as_of_set")
async def as_of_set(request: Request, form: PostedForm, actor: Importer) -> Response:
    """Set the day all figures are computed for; the figures follow in the background."""
    parts = services(request)
    try:
        asked = form.parse(AsOf)
        with read_session(parts.engine) as db:
            built = queries.overview(db, parts.orders)
        with write_session(parts.engine) as db:
            operations.set_as_of(db, day=asked.day, actor=actor, now=parts.clock(), overview=built)
    except (FormInvalid, AppError) as fault:
        errors = fault.errors if isinstance(fault, FormInvalid) else {"day": FieldError(fault.message, fault.params)}
        with read_session(parts.engine) as db:
            page = replace(overview_page(request, db), errors=errors, typed=form.values.get("day", ""))
        return render(request, "purchases/overview.html", page, status=422)
    parts.enqueue("purchases.rebuild", "")
    return redirect(request, "purchases")


def overview_page(request: Request, db: Session) -> OverviewPage:
    """Return the overview: what to look at first, figures, the count × elapsed table, the latest imports."""
    store = services(request).orders
    table = queries.count_elapsed(db, store)
    brought = import_queries.contributions(db, store)
    runs = import_queries.grouped(import_queries.told_truly(db, store, queries.list_imports(db)), brought)
    overview = queries.overview(db, store)
    return OverviewPage(
        overview=overview,
        days=operations.days_to_choose(overview, services(request).clock().date()),
        table=elapsed_table(table) if table else None,
        imports=runs[:RECENT_IMPORTS],
        earlier_imports=runs[RECENT_IMPORTS:],
        counted_now=brought is not None,
        count_labels=COUNT_LABELS,
        elapsed_labels=ELAPSED_LABELS,
        class_labels={key.value: text for key, text in CLASS_LABELS.items()},
        type_labels={key.value: text for key, text in TYPE_LABELS.items()},
        monday=monday(db, store),
    )


def read_filters(query: Mapping[str, str]) -> CustomerFilters:
    """Return the filters of an address; an unknown value counts as no filter."""
    values = {name: query[name] for name in CustomerFilters.model_fields if query.get(name)}
    if "of" in query and read_attribute(values.get("attribute", "")).name != query["of"]:
        values.pop("attribute", None)  # another attribute was chosen since: the value is of the one before
    try:
        return CustomerFilters.model_validate(values)
    except ValidationError as invalid:
        wrong = {str(error["loc"][0]) for error in invalid.errors()}
        return CustomerFilters.model_validate({name: value for name, value in values.items() if name not in wrong})
