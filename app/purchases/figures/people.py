"""Customers of a computation as objects, for days other than the one that pages show."""

from collections.abc import Callable
from typing import Any

from ibis import _

from app.purchases.classes import CustomerClass, PurchaseType
from app.purchases.figures.build import SUMMARY, Figures
from app.purchases.schemas import CustomerSummary, StopPoint

STOP = ("stop_number", "stop_product", "stop_kind", "stop_ending")
BANDS = ("count_band", "elapsed_band")
AT_ONCE = 20_000


def people(
    figures: Figures, ref: Callable[[str, str], str], customer_class: CustomerClass | None = None
) -> list[CustomerSummary]:
    """Return everybody, or everybody of a class, by source and number."""
    table = figures.customers.select(*(name for name in SUMMARY if name not in BANDS))
    if customer_class is not None:
        table = table.filter(_.customer_class == customer_class.value)
    found = table.order_by("source", "customer_id").to_pyarrow()
    return [
        _customer(row, ref) for batch in found.to_batches(max_chunksize=AT_ONCE) for row in batch.to_pylist()
    ]  # fmt: skip


def _customer(row: dict[str, Any], ref: Callable[[str, str], str]) -> CustomerSummary:
    number, product, kind, ending = (row.pop(name) for name in STOP)
    return CustomerSummary(
        customer_ref=ref(row["source"], row["customer_id"]),
        purchase_type=PurchaseType(row.pop("purchase_type")),
        customer_class=CustomerClass(row.pop("customer_class")),
        stop_point=None if number is None else StopPoint(number, product, kind, ending),
        **row,
    )
