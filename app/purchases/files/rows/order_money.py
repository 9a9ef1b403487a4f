"""Pieces and money of order rows: numpy columns beside a column that says which of them could be read."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from app.purchases.files.rows.columns import Bool, Int, Texts, coded, codes_of, meaning, money_of, units_of
from app.purchases.files.values import numbers, tax

LARGEST = 9 * 10**17
DASHES = "-‐–—―ー− "
Change = Callable[[Int, Bool], tuple[Int, Bool]]


@dataclass(frozen=True)
class Money:
    """`units` are ten-thousandths of the currency; `pieces` is 1 where the file counts none."""

    units: Int
    known: Bool
    pieces: Int
    pieces_known: Bool


def read_money(texts: Texts, name: str, currency: str) -> tuple[Int, Bool]:
    """Return the ten-thousandths of a money column and which cells could be read; empty cells could not."""
    count = len(texts.cells)
    if name not in texts:
        return np.zeros(count, np.int64), np.zeros(count, np.bool_)
    column = coded(texts.distinct(name), as_written=False)
    units, known = units_of(numbers.read_money(column.dictionary, currency))
    codes = codes_of(column)
    return units.take(codes), known.take(codes)


def read_pieces(texts: Texts) -> tuple[Int, Bool]:
    """Return whole pieces and which cells could be read; an empty cell is one piece."""
    count = len(texts.cells)
    if "quantity" not in texts:
        return np.ones(count, np.int64), np.ones(count, np.bool_)
    column = texts.few("quantity")
    found = numbers.read_quantity(column.dictionary)
    blank = np.array([not text for text in column.dictionary.to_pylist()], np.bool_)
    pieces = np.where(blank, 1, found.fill_null(0).to_numpy(zero_copy_only=False))
    known = blank | found.is_valid().to_numpy(zero_copy_only=False)
    codes = codes_of(column)
    return pieces.take(codes), known.take(codes)


def row_money(texts: Texts, currency: str, change: Change = lambda units, known: (units, known)) -> Money:
    """Return each row's amount: the line amount where there is one, else price × pieces; `change` may add tax to either."""
    pieces, pieces_known = read_pieces(texts)
    units, known = change(*read_money(texts, "line_amount", currency))
    if "unit_price" in texts:
        price, price_known = change(*read_money(texts, "unit_price", currency))
        fits = np.abs(price.astype(np.float64) * pieces) < LARGEST
        usable = price_known & pieces_known & fits
        use = ~known & usable
        units = np.where(use, price * np.where(usable, pieces, 0), units)
        known |= use
    if texts.cells.differ is not None:
        known &= ~texts.cells.differ.to_numpy(zero_copy_only=False)
    return Money(units, known, pieces, pieces_known)


def row_refunds(texts: Texts, currency: str) -> tuple[Int, Bool]:
    """Return the ten-thousandths that were refunded of each row's order, and which cells say something else than an amount.

    A minus says once more that it was paid back; an empty cell, a dash or 0 is no refund.
    """
    units, known = read_money(texts, "refunded", currency)
    said = meaning(texts.few("refunded"), lambda text: bool(text.strip(DASHES)), np.bool_)
    return np.where(known, np.abs(units), 0), said & ~known


def with_tax(texts: Texts, ordered: pa.Array, currency: str) -> Money:
    """Return amounts with the consumption tax added; where there is a unit price it is added there, as carts do."""
    rates = texts.few("tax_rate").cast(pa.string()) if "tax_rate" in texts else None

    def taxed(units: Int, known: Bool) -> tuple[Int, Bool]:
        return units_of(tax.with_tax(money_of(units, known), rates, ordered, currency))

    return row_money(texts, currency, taxed)
