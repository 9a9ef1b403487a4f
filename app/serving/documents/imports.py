"""Imports and their accounts, as documents."""

from collections.abc import Iterable
from typing import Any

from app.core.i18n import Translator
from app.purchases.import_schemas import CheckReport, HeldBack, ImportRow
from app.serving.documents.amounts import by_currency, plain_decimal

NUMBERS = (
    "rows_read", "rows_above", "taken", "known", "changed", "cancelled", "returned", "pending", "fees", "customers", "orders",
    "rows_without_customer", "exact_repeats", "cancel_rows", "product_codes", "order_ids", "matched_returns",
    "unmatched_returns", "unreadable_amounts", "refunded_rows", "customers_by_key", "customers_in_orders", "customers_not_in_orders",
    "rows_about_product",
)  # fmt: skip
MONEY = (
    "amount", "held_back_amount", "known_amount", "fee_amount", "void_amount", "file_amount", "without_customer_amount",
    "refunded_amount", "refunded_other", "refunded_changed",
)  # fmt: skip


def import_row(row: ImportRow) -> dict[str, Any]:
    """Return one line of the list of imports."""
    return {
        "import_id": row.public_id, "source": row.source, "file_name": row.file_name,
        "state": "interrupted" if row.interrupted else str(row.state), "taken": row.taken, "known": row.known,
        "held_back": row.held_back, "created_at": row.created_at.isoformat(),
    }  # fmt: skip


def account(report: CheckReport, currency: str) -> dict[str, Any]:
    """Return every row and every yen of a file, without the rows that were held back."""
    shown: dict[str, Any] = {name: getattr(report, name) for name in NUMBERS}
    shown |= {name: by_currency(getattr(report, name)) for name in MONEY}
    shown["account"] = [
        {"kind": line.kind, "rows": line.rows, "amount": {currency: plain_decimal(line.amount, currency)}}
        for line in report.account
    ]
    shown["emptied_cells"] = sum(cells for _, cells in report.emptied_cells)
    return shown | {"first_order_on": report.first_order_on, "last_order_on": report.last_order_on}


def held_rows(held: Iterable[HeldBack], t: Translator) -> list[dict[str, Any]]:
    """Return the rows that were held back, with their cells: for those who brought the file."""
    return [
        {"line": item.line, "column": item.column, "value": item.value, "reason": t(item.reason)} for item in held
    ]  # fmt: skip


def held_reasons(report: CheckReport, currency: str, t: Translator) -> list[dict[str, Any]]:
    """Return why rows were held back and how many for each reason, without their cells."""
    return [
        {"reason": t(reason), "rows": rows, "amount": {currency: plain_decimal(amount, currency)}}
        for reason, rows, amount in report.held_back_reasons
    ]
