"""The people of a rule as CSV: chosen columns, one row a customer, nothing in it can run as a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.core.i18n import N_, Translator
from app.purchases.classes import CLASS_LABELS, KIND_LABELS, SUPER_LOYAL_LABEL, TYPE_LABELS
from app.purchases.segments.fields import ENDINGS, YES_NO
from app.purchases.segments.people import Asked, opened, where
from app.purchases.store import OrdersStore

AT_ONCE = 5_000
RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
Cell = str | int | float | Decimal | date | bool | None
Say = Callable[[Any, Translator], str]


def _text(value: Cell, t: Translator) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    del t
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) else text


def _plain(value: Cell, t: Translator) -> str:
    del t
    return "" if value is None else str(value)


def _amount(value: Decimal, t: Translator) -> str:
    del t
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _gap(value: float | None, t: Translator) -> str:
    del t
    return "" if value is None else f"{value:.1f}"


def _yes_no(value: bool, t: Translator) -> str:  # noqa: FBT001 - a cell
    word = YES_NO["yes" if value else "no"]
    return t(word)


def _of(labels: dict[Any, str]) -> Say:
    return lambda value, t: "" if value is None else t(labels[value])


@dataclass(frozen=True)
class Column:
    """A column of the file: of which column of the summary, its heading, how a value is written."""

    name: str
    heading: str
    say: Say = _plain
    usual: bool = False


COLUMNS = (
    Column("source", N_("Source"), _text, usual=True),
    Column("customer_id", N_("Customer number"), _text, usual=True),
    Column("customer_class", N_("Class"), _of(dict(CLASS_LABELS)), usual=True),
    Column("purchase_type", N_("Type"), _of(dict(TYPE_LABELS))),
    Column("super_loyal", SUPER_LOYAL_LABEL, _yes_no),
    Column("orders", N_("Orders"), usual=True),
    Column("purchase_days", N_("Purchase days")),
    Column("items", N_("Pieces")),
    Column("amount", N_("Amount"), _amount, usual=True),
    Column("currency", N_("Currency"), usual=True),
    Column("first_order_on", N_("First order"), usual=True),
    Column("last_order_on", N_("Last order"), usual=True),
    Column("days_since_last", N_("Days since"), usual=True),
    Column("mean_gap_days", N_("Mean gap"), _gap),
    Column("r", "R"),
    Column("f", "F"),
    Column("m", "M"),
    Column("decile", N_("Decile")),
    Column("first_product", N_("Product of the first order"), _text),
    Column("first_kind", N_("Kind of the first order"), _of(dict(KIND_LABELS))),
    Column("sales_channel", N_("Channel of the first order"), _text),
    Column("stop_number", N_("Stopped after order")),
    Column("stop_product", N_("Stopped after the product"), _text),
    Column("stop_kind", N_("Stopped after the kind"), _of(dict(KIND_LABELS))),
    Column("stop_ending", N_("How they stopped"), _of(dict(ENDINGS))),
)


def chosen_columns(names: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns of these names in the order of the file; the usual ones where none is known."""
    return tuple(one for one in COLUMNS if one.name in names) or tuple(one for one in COLUMNS if one.usual)


def rows(
    store: OrdersStore, version: str, asked: Asked, columns: Sequence[Column], t: Translator
) -> Iterator[str]:  # fmt: skip
    """Yield the file piece by piece, with a mark of UTF-8 in front, by source and customer number.

    Raises:
        NotCounted: the build lacks a file that the rule needs.
    """
    yield "\ufeff" + _written([[t(one.heading) for one in columns]])
    test = where(asked)
    names = ", ".join(f"people.{one.name}" for one in columns)
    with opened(store, version, asked) as connection:
        found = connection.execute(
            f"SELECT {names} FROM people WHERE {test.sql} ORDER BY source, customer_id", test.values
        )
        while some := found.fetchmany(AT_ONCE):
            yield _written([one.say(value, t) for one, value in zip(columns, row, strict=True)] for row in some)


def _written(lines: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue()
