"""Why a row of an order file is held back."""

from app.core.i18n import N_

# reason code -> (canonical column of the cell to show, sentence)
REASONS: dict[str, tuple[str, str]] = {
    "cells": ("", N_("The row has another number of cells than the header.")),
    "garbled": (
        "product_name",
        N_("The row is written in UTF-8, the rest of the file in Shift_JIS: its letters cannot be read."),
    ),
    "repeat": ("", N_("The row repeats an earlier row exactly, and exact repeats are dropped.")),
    "date_empty": ("ordered_at", N_("The order date is empty.")),
    "date": ("ordered_at", N_("The order date is not a date we can read.")),
    "currency": ("currency", N_("The row is in another currency than the file is said to be in.")),
    "order": ("order_id", N_("The order number is empty.")),
    "amount": ("line_amount", N_("The amount is not a number.")),
    "unit_price": ("unit_price", N_("The price is not a number.")),
    "quantity": ("quantity", N_("The quantity is not a whole number.")),
    "too_long": ("customer_key", N_("The customer or order number is longer than 255 characters.")),
    "line_repeat": ("line_id", N_("The row repeats the line number of an earlier row of this file.")),
    "negative": ("quantity", N_("The quantity is negative on a row that is neither a cancel nor a return.")),
    "negative_amount": ("line_amount", N_("The amount is negative on a row that is neither a cancel nor a return.")),
}
CODES = tuple(REASONS)
# canonical column -> why a cell of it counts as empty, while its row is taken
EMPTIED: dict[str, str] = {
    "refunded": N_("The refund is not an amount: nothing is taken off for it."),
    "sub_seq": N_("The delivery count is no number up to 999: it counts as empty."),
}
