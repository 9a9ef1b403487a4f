"""The columns an order file may bring, as the mapping form names them."""

from dataclasses import dataclass

from app.core.i18n import N_
from app.purchases.files.headers import CANONICAL
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
    """Columns that belong together on the form."""

    title: str
    fields: tuple[MapField, ...]


GROUPS = (
    MapGroup(
        N_("Who and when"),
        (
            MapField("customer_key", N_("Customer number"), N_("Tells whose order a row is"), required=True),
            MapField("ordered_at", N_("Order date"), required=True),
            MapField("order_id", N_("Order number"), N_("Without it, one row is one order")),
            MapField("line_id", N_("Line number")),
        ),
    ),
    MapGroup(
        N_("What and how much"),
        (
            MapField("line_amount", N_("Line amount"), N_("One of line amount and unit price is needed")),
            MapField("unit_price", N_("Unit price")),
            MapField("quantity", N_("Quantity")),
            MapField("product_code", N_("Product code")),
            MapField("product_name", N_("Product name")),
            MapField("kind", N_("Kind of purchase"), N_("Trial, single purchase or subscription")),
        ),
    ),
    MapGroup(
        N_("State of the order"),
        (
            MapField("status", N_("Order status"), N_("Cancelled and returned orders are taken off by it")),
            MapField("line_type", N_("Line type"), N_("Tells shipping and fees from products")),
            MapField("channel", N_("Sales channel")),
        ),
    ),
    MapGroup(
        N_("Subscription"),
        (
            MapField("sub_id", N_("Subscription number")),
            MapField("sub_seq", N_("Delivery count")),
            MapField("sub_status", N_("Subscription status")),
            MapField("cancelled_at", N_("Cancellation date")),
            MapField("reason", N_("Cancellation reason")),
        ),
    ),
    MapGroup(
        N_("Contact data (kept apart from the orders)"),
        (
            MapField("customer_name", N_("Customer name")),
            MapField("customer_kana", N_("Name in kana")),
            MapField("email", N_("Mail address")),
            MapField("phone", N_("Phone number")),
        ),
    ),
)
LABELS = {field.name: field.label for group in GROUPS for field in group.fields}
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
CURRENCIES = ("JPY", "USD", "EUR", "GBP", "CNY", "KRW", "TWD")


def mapping_values(form: Form) -> dict[str, object]:
    """Return what the mapping form says, in the shape of `purchases.schemas.Mapping`."""
    values = form.values
    columns = {name: values[PREFIX + name] for name in CANONICAL if values.get(PREFIX + name)}
    fees = (part.strip() for part in values.get("fee_codes", "").replace("、", ",").split(","))
    return {
        "columns": columns,
        "encoding": values.get("encoding", ""),
        "currency": values.get("currency", "") or "JPY",
        "date_order": values.get("date_order", ""),
        "drop_exact_duplicates": "drop_exact_duplicates" in values,
        "fee_codes": tuple(part for part in fees if part),
    }
