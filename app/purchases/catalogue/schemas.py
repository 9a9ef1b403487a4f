"""What the catalogue takes in and hands out; shared by pages and command line."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.core.i18n import N_
from app.core.types import CleanText
from app.purchases.catalogue.models import EventKind, ProductKind
from app.purchases.catalogue.names import Key

Short = Annotated[CleanText, StringConstraints(strip_whitespace=True, max_length=120)]
NEEDS_KEY = N_("A product needs its code, or its name where it has no code.")


@dataclass(frozen=True)
class ProductFacts:
    """What is set for one product, by a person or by the product files; empty where nobody has said.

    `key` is (source, code, name where there is no code); `by_hand` tells that a person has set something.
    """

    key: Key
    name: str = ""
    family: str = ""
    kind: ProductKind | None = None
    days_per_unit: int | None = None
    aliases: tuple[str, ...] = ()
    by_hand: bool = False


@dataclass(frozen=True)
class SeenProduct:
    """One product as the orders have it; `names` with the most used first, `kinds` as recognised in the lines."""

    source: str
    product_code: str
    product_name: str
    names: tuple[str, ...]
    orders: int
    people: int
    amount: Decimal
    currency: str
    kinds: tuple[str, ...]

    @property
    def key(self) -> Key:
        """Return (source, code, name where there is no code)."""
        return (self.source, self.product_code, "" if self.product_code else self.product_name)


@dataclass(frozen=True)
class SeenFamily:
    """All products of one family together; an order or a person counts once."""

    family: str
    orders: int
    people: int


@dataclass(frozen=True)
class Seen:
    """Every product in the orders, the dearest first, and the families they make."""

    products: tuple[SeenProduct, ...] = ()
    families: tuple[SeenFamily, ...] = ()


@dataclass(frozen=True)
class ProductRow:
    """One line of the product list: what the orders show, and what is set. `alias_of` names another product."""

    seen: SeenProduct
    facts: ProductFacts
    alias_of: str = ""


@dataclass(frozen=True)
class ProductFilters:
    """Which products to list: a part of a name, code or family; only those without a family."""

    text: str = ""
    source: str = ""
    open_only: bool = False


@dataclass(frozen=True)
class ProductList:
    """One page of products; `total` fit, `seen` are all in the orders, `placed` of these have a family."""

    rows: tuple[ProductRow, ...]
    total: int
    seen: int
    placed: int
    page: int
    pages: int
    families: tuple[SeenFamily, ...]
    family_names: tuple[str, ...]
    sources: tuple[str, ...]


class ProductEdit(BaseModel):
    """What a person sets for one product; an empty value takes their word back."""

    model_config = ConfigDict(extra="ignore")

    source: Annotated[CleanText, StringConstraints(min_length=1, max_length=64)]
    product_code: Annotated[CleanText, StringConstraints(max_length=255)] = ""
    product_name: Annotated[CleanText, StringConstraints(max_length=500)] = ""
    family: Short = ""
    kind: ProductKind | None = None
    days_per_unit: Annotated[int, Field(ge=1, le=3650)] | None = None

    @model_validator(mode="after")
    def _named(self) -> "ProductEdit":
        if not self.product_code and not self.product_name:
            raise ValueError(NEEDS_KEY)
        return self

    @property
    def key(self) -> Key:
        """Return (source, code, name where there is no code)."""
        return (self.source, self.product_code, "" if self.product_code else self.product_name)


@dataclass(frozen=True)
class Decided:
    """A proposal that was answered: accepted or declined, and whether that can still be taken back."""

    public_id: str
    family: str
    accepted: bool
    products: int


class EventInput(BaseModel):
    """An event as typed. Without a customer it is about everybody, or about those who bought the product.

    `about` is what a person chose; where nothing is chosen, customer and product tell.
    """

    model_config = ConfigDict(extra="ignore")

    about: Literal["", "everybody", "buyers", "one"] = ""

    happened_on: Annotated[date, Field(ge=date(1970, 1, 2), le=date(2100, 12, 31))]
    kind: EventKind
    source: Annotated[CleanText, StringConstraints(max_length=64)] = ""
    customer_id: Annotated[CleanText, StringConstraints(strip_whitespace=True, max_length=255)] = ""
    product: Annotated[CleanText, StringConstraints(strip_whitespace=True, max_length=255)] = ""
    note: Annotated[CleanText, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class EventForm(EventInput):
    """An event as typed on the page, where one has to choose whom it is about."""

    about: Literal["everybody", "buyers", "one"]


@dataclass(frozen=True)
class EventRow:
    """One event on the page; those from a file have no `public_id`, and stand once with how many customers they name."""

    happened_on: date
    kind: EventKind
    product: str
    note: str
    public_id: str = ""
    source: str = ""
    customer_id: str = ""
    customer_ref: str = ""
    people: int = 0
    import_id: str = ""
    file_name: str = ""

    @property
    def about(self) -> Literal["everybody", "buyers", "one", "several"]:
        """Whom it is about; `several` customers that a file names one by one."""
        if self.customer_id:
            return "one"
        return "several" if self.people else ("buyers" if self.product else "everybody")


@dataclass(frozen=True)
class EventList:
    """Events newest first, and those deleted lately, which can be brought back; `customers` are everybody in the orders."""

    rows: tuple[EventRow, ...]
    deleted: tuple[EventRow, ...] = ()
    total: int = 0
    page: int = 1
    pages: int = 1
    sources: tuple[str, ...] = field(default=())
    customers: int = 0
