"""What comes with an order file and what is said of it; shared by pages, API and command line."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, TypeAdapter

from app.core.types import CleanText
from app.purchases.models import FileTable, ImportState

AccountKind = Literal[
    "sale", "cancel", "return", "cancelled", "returned", "pending", "shipping", "fee", "discount", "tax", "points", "known",
    "held_back",
]  # fmt: skip
SourceName = Annotated[
    CleanText, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=r"^[^\x00-\x1f/\\]+$")
]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError) as error:
        raise ValueError(name) from error
    return name


TimeZone = Annotated[str, AfterValidator(_known_zone)]


class Mapping(BaseModel):
    """Which column of a file is what, and how its values are written.

    `time_zone` is the zone of times that name none themselves; `tax` says whether amounts hold the consumption tax;
    `fill_down` repeats the order's own cells on its following rows, where a shop writes them on the first row only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: dict[str, CleanText] = {}
    encoding: str = ""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "JPY"
    date_order: Literal["", "ymd", "dmy", "mdy"] = ""
    drop_exact_duplicates: bool = False
    fee_codes: tuple[str, ...] = ()
    preset: str = ""
    sheet: str = ""
    time_zone: TimeZone = "Asia/Tokyo"
    tax: Literal["included", "excluded"] = "included"
    fill_down: bool = False


class NewImport(BaseModel):
    """What comes with an uploaded file; without `table` the headers say what its rows are."""

    model_config = ConfigDict(extra="ignore")

    source: SourceName
    table: FileTable | None = None


@dataclass(frozen=True)
class Further:
    """A column beyond the known ones of a member file: kept as an attribute, or why it is not (msgid)."""

    header: str
    kept: bool
    why: str = ""


@dataclass(frozen=True)
class FilePreview:
    """What was recognised in a file, before anything is kept.

    `unverified`: what we could not check about this shop's exports; `left_out`: what of them is not counted.
    `vanished`: headers the remembered mapping names that this file no longer has. `rows_above`: rows left out above the header.
    """

    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: Mapping
    unmapped: tuple[str, ...]
    recognised_as: str = ""
    unverified: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    table: FileTable | None = None
    vanished: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    further: tuple[Further, ...] = ()
    rows_above: int = 0


@dataclass(frozen=True)
class HeldBack:
    """One row that was not taken: its own line in the file, the cell, and why (msgid)."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class AccountLine:
    """Rows and money of one kind; each row of a file is in exactly one.

    `sale`, `cancel` (negative, of a cancel) and `return` (negative) make the amount; `cancelled`, `returned` and `pending`
    rows count for nothing by their status; the fee kinds are no goods; `known` came with an earlier file.
    """

    kind: AccountKind
    rows: int
    amount: Decimal


@dataclass(frozen=True)
class CheckReport:
    """Every row and every yen of a file: rows_read = taken + known + held_back_rows.

    `account` says the same by kind of row: its rows add up to `rows_read`, its amounts to `file_amount`. They are gross:
    of the `refunded_rows` sold the figures take `refunded_amount` off; `refunded_other` went back beyond the goods, and of
    orders known before `refunded_changed` more (or less) is taken off than their earlier files said.
    """

    rows_read: int
    taken: int
    known: int
    changed: int
    held_back_rows: int
    held_back_reasons: tuple[tuple[str, int, Decimal], ...]
    held_back_sample: tuple[HeldBack, ...]
    cancelled: int
    returned: int
    pending: int
    fees: int
    customers: int
    orders: int
    amount: dict[str, Decimal]
    held_back_amount: dict[str, Decimal]
    known_amount: dict[str, Decimal]
    fee_amount: dict[str, Decimal]
    void_amount: dict[str, Decimal]
    rows_without_customer: int
    exact_repeats: int
    cancel_rows: int
    product_codes: int
    order_ids: int
    first_order_on: date | None
    last_order_on: date | None
    account: tuple[AccountLine, ...] = ()
    file_amount: dict[str, Decimal] = field(default_factory=dict)
    without_customer_amount: dict[str, Decimal] = field(default_factory=dict)
    customers_by_key: dict[str, int] = field(default_factory=dict)
    matched_returns: int = 0
    unmatched_returns: int = 0
    unreadable_amounts: int = 0
    refunded_rows: int = 0
    refunded_amount: dict[str, Decimal] = field(default_factory=dict)
    refunded_other: dict[str, Decimal] = field(default_factory=dict)
    refunded_changed: dict[str, Decimal] = field(default_factory=dict)
    emptied_cells: tuple[tuple[str, int], ...] = ()
    rows_above: int = 0
    customers_in_orders: int = 0
    customers_not_in_orders: int = 0
    rows_about_product: int = 0


@dataclass(frozen=True)
class ImportRow:
    """One line of the list of imports; `corrected` is how many held-back rows of `corrects` it brings.

    `interrupted`: nobody works on it, whatever its state says.
    """

    public_id: str
    source: str
    file_name: str
    table: FileTable
    state: ImportState
    taken: int
    known: int
    held_back: int
    created_at: datetime
    finished_at: datetime | None
    corrects: str = ""
    amount: dict[str, Decimal] = field(default_factory=dict)
    changed: int = 0
    corrected: int = 0
    interrupted: bool = False

    @property
    def nothing_new(self) -> bool:
        """Return whether the check found no row that an import would change anything by."""
        return self.state is ImportState.CHECKED and not self.taken and not self.changed


@dataclass(frozen=True)
class Contribution:
    """What an order file contributes to the figures now, after overlaps and undos: its rows that no newer file replaced."""

    rows: int
    orders: int
    amount: dict[str, Decimal]
    first_on: date | None
    last_on: date | None


BROUGHT = TypeAdapter(dict[int, Contribution])
"""Contributions by the number of the import, as a build keeps them."""


@dataclass(frozen=True)
class ImportDetail:
    """Everything the page of one import shows."""

    row: ImportRow
    mapping: Mapping
    report: CheckReport | None
    progress_done: int
    progress_total: int
    error_message: str = ""
    error_params: dict[str, object] = field(default_factory=dict)
    phase: str = ""
    phase_started_at: datetime | None = None
