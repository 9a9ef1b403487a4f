"""Adds Japan's consumption tax to amounts that a shop writes without it.

Shops round differently (EC-CUBE half up by default, many carts down, each lets the shop choose) and no export says how, so the
choice is one for all: to whole yen, half away from zero, so that a return takes back exactly what its sale brought. Give unit
prices where the file has them, as EC-CUBE does, and multiply afterwards.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

MONEY = pa.decimal128(18, 4)
FACTOR = pa.decimal128(5, 4)
RATE = re.compile(
    r"[*※]?(?:軽減|標準)?(?:税率)?:? ?(\d{1,2}(?:\.\d{1,4})?) ?%?(?:対象)? ?(?:\(?(?:軽減|標準)(?:税率)?\)?)?"
)
UNTAXED = ("非課税", "不課税", "免税", "対象外", "課税対象外")
HIGHEST = Decimal(30)
# from this day on: percent
RATES = ((date(1989, 4, 1), 3), (date(1997, 4, 1), 5), (date(2014, 4, 1), 8), (date(2019, 10, 1), 10))
LARGEST = Decimal(10) ** 14
NO_DECIMALS = frozenset({"JPY", "KRW"})


def rate_of(text: str) -> Decimal | None:
    """Return the rate in percent that a cell names (`10`, `10%`, `0.1`, `軽減8%`), or None where it names none."""
    clean = unicodedata.normalize("NFKC", text).strip()
    if clean in UNTAXED:
        return Decimal(0)
    found = RATE.fullmatch(clean)
    if found is None:
        return None
    rate = Decimal(found[1])
    if 0 < rate < 1 and "%" not in clean:
        rate *= 100
    return rate if rate <= HIGHEST else None


def with_tax(amounts: pa.Array, rates: pa.Array | None, days: pa.Array, currency: str) -> pa.Array:
    """Return amounts with tax, in whole yen (two decimals in other currencies), null where they cannot be told.

    `amounts` are Decimal(18, 4); `rates` the cells that name the rate, None where no column does; `days` dates or times.
    A cell that names no rate gets the rate of its day, one without a day today's.
    """
    factors = _factors_of_days(days)
    if rates is not None:
        factors = pc.coalesce(_factors_of_cells(rates), factors)
    product = pc.round(pc.multiply(amounts, factors), 0 if currency in NO_DECIMALS else 2, "half_towards_infinity")
    fits = pc.less(pc.abs(product), pa.scalar(LARGEST, pa.decimal128(19, 4)))
    return pc.if_else(fits, product, pa.scalar(None, product.type)).cast(MONEY)


def _factor(percent: Decimal | int) -> Decimal:
    return 1 + Decimal(percent) / 100


def _factors_of_days(days: pa.Array) -> pa.Array:
    days = days.cast(pa.date32(), safe=False)
    newest = pa.scalar(_factor(RATES[-1][1]), FACTOR)
    factors = pa.repeat(pa.scalar(Decimal(1), FACTOR), len(days))
    for first, percent in RATES:
        began = pc.greater_equal(days, pa.scalar(first, pa.date32()))
        factors = pc.if_else(began, pa.scalar(_factor(percent), FACTOR), factors)
    return factors.fill_null(newest)


def _factors_of_cells(rates: pa.Array | pa.ChunkedArray) -> pa.Array:
    texts = rates.combine_chunks() if isinstance(rates, pa.ChunkedArray) else rates
    coded = texts.fill_null("").dictionary_encode()
    named = [rate_of(text) for text in coded.dictionary.to_pylist()]
    return pa.array([None if rate is None else _factor(rate) for rate in named], FACTOR).take(coded.indices)
