"""What purchases take in and hand out; shared by pages, API and command line."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.core.types import CleanText
from app.purchases.classes import CustomerClass, PurchaseType, Segments

Kind = Literal["trial", "single", "subscription"]
CANCELLED = "subscription_cancelled"
SortKey = Literal["last_order_on", "amount", "orders", "first_order_on"]


@dataclass(frozen=True)
class OrderLine:
    """One product in an order; returned pieces are already taken off. `family` is empty where nobody has set one."""

    product_code: str
    product_name: str
    kind: Kind
    quantity: int
    amount: Decimal
    family: str = ""


@dataclass(frozen=True)
class Order:
    """One valid order of a customer; `number` counts from 1. `ship_to_other`: it went to somebody else.

    `amount` is net of `taken_back`: what of the goods was cancelled, came back or was refunded.
    """

    number: int
    order_id: str
    ordered_on: date
    amount: Decimal
    currency: str
    sales_channel: str
    subscription_number: int | None
    lines: tuple[OrderLine, ...]
    coupon: str = ""
    dispatched_on: date | None = None
    ship_to_other: bool = False
    taken_back: Decimal = Decimal(0)


@dataclass(frozen=True)
class PurchaseEvent:
    """Something that is not an order: `own` to the customer, or of the whole shop.

    `kind` is one of `catalogue.words.HAPPENED_LABELS`; `reason` is what the shop was told or noted; `number` the count of
    deliveries of a subscription.
    """

    kind: str
    happened_on: date
    reason: str
    product: str = ""
    number: int | None = None
    own: bool = True


@dataclass(frozen=True)
class Timeline:
    """One customer's orders and events, oldest first."""

    orders: tuple[Order, ...]
    events: tuple[PurchaseEvent, ...]
    as_of: date | None
    currency: str

    @property
    def cancels(self) -> tuple[PurchaseEvent, ...]:
        """The events that ended a subscription."""
        return tuple(event for event in self.events if event.kind == CANCELLED)


@dataclass(frozen=True)
class StopPoint:
    """nth order × product × kind after which a customer stopped."""

    number: int
    product: str
    kind: Kind
    ending: Literal["cancelled", "stopped"]


@dataclass(frozen=True)
class CustomerSummary:
    """One customer's figures on the as-of date."""

    customer_ref: str
    source: str
    customer_id: str
    orders: int
    purchase_days: int
    items: int
    amount: Decimal
    currency: str
    first_order_on: date
    last_order_on: date
    days_since_last: int
    mean_gap_days: float | None
    r: int
    f: int
    m: int
    decile: int
    purchase_type: PurchaseType
    customer_class: CustomerClass
    super_loyal: bool
    first_product: str
    first_kind: Kind
    stop_point: StopPoint | None
    sales_channel: str


@dataclass(frozen=True)
class Cell:
    """One cell of count × elapsed; `returned_share` is None where the shop's past is too short to measure it."""

    count: str
    elapsed: str
    people: int
    amount: dict[str, Decimal]
    measured_people: int
    returned_share: float | None


@dataclass(frozen=True)
class CountElapsedTable:
    """Order count × days since the last order; share who came back within `within_days` measured from `cutoff`."""

    as_of: date
    counts: tuple[str, ...]
    elapsed: tuple[str, ...]
    cells: tuple[Cell, ...]
    within_days: int
    cutoff: date
    measured: bool

    def cell(self, count: str, elapsed: str) -> Cell:
        """Return one cell."""
        return next(cell for cell in self.cells if (cell.count, cell.elapsed) == (count, elapsed))


@dataclass(frozen=True)
class Group:
    """People and amount of one class or type."""

    key: str
    people: int
    amount: dict[str, Decimal]


@dataclass(frozen=True)
class SourceLimits:
    """The numbers behind the classes of one source."""

    source: str
    currency: str
    high_amount: Decimal
    long_days: int
    lapse_days: int
    churn_days: int


@dataclass(frozen=True)
class Overview:
    """The shop at a glance on the as-of date; `segments` are the numbers that its people were named with.

    `observed_until` is the last day of which orders can be known: the as-of date, or the newest order's before it. Who "had
    the time" goes by it; builds of earlier versions did not keep it.
    """

    as_of: date
    as_of_is_set: bool
    customers: int
    orders: int
    amount: dict[str, Decimal]
    first_order_on: date
    last_order_on: date
    classes: tuple[Group, ...]
    types: tuple[Group, ...]
    super_loyal: int
    sources: tuple[SourceLimits, ...]
    months: tuple[tuple[date, int, dict[str, Decimal]], ...]
    unknown_orders: int = 0
    unknown_amount: dict[str, Decimal] = field(default_factory=dict)
    segments: Segments = field(default_factory=Segments)
    observed_until: date | None = None


class CustomerFilters(BaseModel):
    """Filters of the customer list; unknown values are refused.

    `attribute` names a value that customers share (`sex=female`), or an attribute that is not known of them (`sex=`).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    customer_class: CustomerClass | None = None
    purchase_type: PurchaseType | None = None
    count: Literal["1", "2", "3", "4+"] | None = None
    elapsed: Literal["30", "60", "90", "120", "over"] | None = None
    attribute: Annotated[CleanText, StringConstraints(max_length=400, pattern="^[^=]+=")] | None = None


@dataclass(frozen=True)
class CustomerPage:
    """One keyset page of the customer list; `after` and `before` are the cursors of the pages beside it, None at the ends."""

    rows: tuple[CustomerSummary, ...]
    total: int
    after: str | None
    before: str | None = None


@dataclass(frozen=True)
class Position:
    """Which page of a list: the first, the one after or before a cursor, or the last."""

    after: str | None = None
    before: str | None = None
    last: bool = False


@dataclass(frozen=True)
class Contact:
    """Contact data of one customer, for researchers and admins only."""

    name: str
    kana: str
    email: str
    phone: str
    company_name: str = ""
    postal_code: str = ""
    address: str = ""
