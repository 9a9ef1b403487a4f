"""The columns a file may bring, as the form of columns names them, and how its values may be written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.i18n import N_
from app.purchases.files.mapping.field_labels import LABELS, TABLE_LABELS
from app.purchases.models import FileTable
from app.web.forms import Form

PREFIX = "col_"


@dataclass(frozen=True)
class MapField:
    """One canonical column: its name in a mapping, its label, and a hint."""

    name: str
    label: str
    hint: str = ""
    required: bool = False


@dataclass(frozen=True)
class MapGroup:
    """Columns that belong together on the form; those that are rarely needed lie folded below the others."""

    title: str
    fields: tuple[MapField, ...]
    rare: bool = False


def _field(name: str, hint: str = "", *, required: bool = False) -> MapField:
    return MapField(name, LABELS[name], hint, required)


ORDER_GROUPS = (
    MapGroup(
        N_("Whose order"),
        (
            _field("customer_key"),
            _field("email"),
            _field("phone"),
            _field("customer_name"),
        ),
    ),
    MapGroup(
        N_("When, and which order"),
        (
            _field("ordered_at", required=True),
            _field("order_id", N_("Without it, one row is one order")),
            _field("status", N_("Cancelled and returned orders are taken off by it")),
            _field("channel"),
            _field("acquisition_channel", N_("The advertisement or site that brought the first order")),
        ),
    ),
    MapGroup(
        N_("What and how much"),
        (
            _field("product_name"),
            _field("product_code"),
            _field("quantity"),
            _field("line_amount", N_("One of line amount and unit price is needed")),
            _field("unit_price"),
            _field("line_type", N_("Tells shipping and fees from products")),
        ),
    ),
    MapGroup(
        N_("Subscription"),
        (
            _field("kind", N_("Trial, single purchase or subscription")),
            _field("sub_id"),
            _field("sub_seq"),
            _field("sub_status"),
            _field("cancelled_at"),
            _field("reason"),
        ),
        rare=True,
    ),
    MapGroup(
        N_("Discounts, tax, dispatch"),
        (
            _field("currency", N_("A row in another currency than the file is held back")),
            _field("tax_rate"),
            _field("discount_amount", N_("Of the whole order; never added to the lines")),
            _field("points_used", N_("Of the whole order; never added to the lines")),
            _field("refunded", N_("Of the whole order; taken off its goods, shared by amount")),
            _field("coupon"),
            _field("dispatched_on"),
            _field("line_id"),
        ),
        rare=True,
    ),
    MapGroup(
        N_("Contact data (kept apart from the orders)"),
        (
            _field("customer_kana"),
            _field("company_name"),
            _field("prefecture"),
            _field("postal_code"),
            _field("address"),
            _field("ship_to_name", N_("Tells gifts to somebody else")),
            _field("ship_to_address"),
        ),
        rare=True,
    ),
)
PRODUCT_GROUPS = (
    MapGroup(
        N_("Which product"),
        (
            _field("product_code", N_("A code or a name is needed")),
            _field("product_name"),
            _field("aliases", N_("Several in one cell: with | or ; between them")),
        ),
    ),
    MapGroup(
        N_("What is set for it"),
        (
            _field("family", N_("Trial, regular size, refill and bundle share one")),
            MapField("kind", N_("Kind"), N_("Trial, single purchase or subscription")),
            _field("days_per_unit"),
        ),
    ),
)
SUBSCRIPTION_GROUPS = (
    MapGroup(
        N_("Whose subscription"),
        (_field("customer_key"), _field("email"), _field("phone"), _field("customer_name")),
    ),
    MapGroup(
        N_("Which, and how it stands"),
        (
            _field("sub_id", required=True),
            _field("sub_status"),
            _field("sub_seq"),
            _field("cycle"),
            _field("product_name"),
            _field("product_code"),
        ),
    ),
    MapGroup(
        N_("When and why"),
        (
            _field("started_on"),
            _field("next_on"),
            _field("paused_on"),
            _field("stop_reason"),
            _field("cancelled_at"),
            _field("cancel_reason"),
        ),
    ),
)
EVENT_GROUPS = (
    MapGroup(
        N_("What happened"),
        (_field("happened_on", required=True), _field("event_kind", required=True), _field("note"), _field("event_id")),
    ),
    MapGroup(
        N_("To whom or what"),
        (
            _field("customer_key", N_("Without a customer it is about everybody")),
            _field("email"),
            _field("phone"),
            _field("customer_name"),
            _field("product"),
        ),
    ),
)
SURVEY_GROUPS = (
    MapGroup(
        N_("Who answered, and when"),
        (
            _field("customer_key"),
            _field("email"),
            _field("phone"),
            _field("customer_name"),
            _field("answered_on", required=True),
        ),
    ),
    MapGroup(
        N_("What they said"),
        (
            _field("intention", N_("Yes, no, undecided; or 1 to 5, where 5 is the strongest wish")),
            _field("liking", N_("1 to 5, where 5 is the most")),
        ),
    ),
)
MEMBER_GROUPS = (
    MapGroup(
        N_("Which member"),
        (
            _field("customer_key", N_("Leads to the orders")),
            _field("email", N_("Where there is no number")),
            _field("phone", N_("With the name, where there is neither")),
            _field("customer_name"),
        ),
    ),
    MapGroup(
        N_("What is kept of them"),
        (
            _field("sex"),
            _field("birth_date", N_("Only year and month are kept")),
            _field("prefecture"),
            _field("occupation"),
            _field("mail_refused", N_("The header tells what a bare 1 or yes means")),
            _field("member_status"),
        ),
    ),
    MapGroup(
        N_("Age, where there is no date of birth"),
        (_field("birth_year"), _field("birth_month"), _field("age"), _field("age_band")),
        rare=True,
    ),
    MapGroup(
        N_("Contact data (kept apart from the orders)"),
        (_field("customer_kana"), _field("company_name"), _field("postal_code"), _field("address")),
        rare=True,
    ),
)
GROUPS_BY_TABLE: Mapping[FileTable, tuple[MapGroup, ...]] = {
    FileTable.MEMBERS: MEMBER_GROUPS,
    FileTable.PRODUCTS: PRODUCT_GROUPS,
    FileTable.SUBSCRIPTIONS: SUBSCRIPTION_GROUPS,
    FileTable.EVENTS: EVENT_GROUPS,
    FileTable.SURVEYS: SURVEY_GROUPS,
    FileTable.ORDERS: ORDER_GROUPS,
}
TABLES: tuple[tuple[str, str, str], ...] = (
    ("orders", TABLE_LABELS["orders"], N_("Who bought what, when and for how much")),
    ("members", TABLE_LABELS["members"], N_("Sex, birth year, prefecture, answers to surveys")),
    ("products", TABLE_LABELS["products"], N_("Families of products, trial or regular, days per unit")),
    ("subscriptions", TABLE_LABELS["subscriptions"], N_("Started, paused, cancelled, and why")),
    ("events", TABLE_LABELS["events"], N_("Campaigns, mails, price changes, inquiries")),
    ("surveys", TABLE_LABELS["surveys"], N_("Who wants to buy next time, who likes the brand")),
)
ENCODINGS = (
    ("", N_("Recognise by itself")),
    ("utf-8", "UTF-8"),
    ("cp932", N_("Shift_JIS (CP932, Excel in Japan)")),
    ("utf-16", "UTF-16"),
    ("euc_jis_2004", "EUC-JP"),
    ("iso2022_jp_2004", "ISO-2022-JP"),
)
DATE_ORDERS = (
    ("", N_("Recognise by itself")),
    ("ymd", N_("Year, month, day")),
    ("dmy", N_("Day, month, year")),
    ("mdy", N_("Month, day, year")),
)
TAXES = (("included", N_("Amounts hold the tax")), ("excluded", N_("Amounts are without tax")))
ZONES = (
    ("Asia/Tokyo", N_("Japan (Asia/Tokyo)")),
    ("UTC", "UTC"),
    ("America/New_York", "America/New_York"),
    ("America/Los_Angeles", "America/Los_Angeles"),
    ("Europe/London", "Europe/London"),
)


def table_label(table: FileTable) -> str:
    """Return the msgid of what the rows of a file are."""
    return TABLE_LABELS[table.value]


def groups_of(table: FileTable) -> tuple[MapGroup, ...]:
    """Return the columns a kind of file may bring."""
    return GROUPS_BY_TABLE.get(table, ())


def labels_of(table: FileTable) -> dict[str, str]:
    """Return the label of each column by its name in a mapping."""
    return {field.name: field.label for group in groups_of(table) for field in group.fields}


def mapping_values(form: Form, table: FileTable = FileTable.ORDERS) -> dict[str, Any]:
    """Return what the form of columns says, in the shape of `import_schemas.Mapping`."""
    values = form.values
    columns = {name: values[PREFIX + name] for name in labels_of(table) if values.get(PREFIX + name)}
    if table is FileTable.MEMBERS:
        from app.purchases.other.member_columns import with_further  # reads files: not loaded at the start

        columns = with_further(columns, form.lists.get("further", []), form.lists.get("keep", []))
    fees = (part.strip() for part in values.get("fee_codes", "").replace("、", ",").split(","))
    return {
        "columns": columns,
        "encoding": values.get("encoding", ""),
        "currency": values.get("currency", "") or "JPY",
        "date_order": values.get("date_order", ""),
        "drop_exact_duplicates": "drop_exact_duplicates" in values,
        "fee_codes": tuple(part for part in fees if part),
        "preset": values.get("preset", ""),
        "sheet": values.get("sheet", ""),
        "time_zone": values.get("time_zone", "") or "Asia/Tokyo",
        "tax": values.get("tax", "") or "included",
        "fill_down": "fill_down" in values,
    }
