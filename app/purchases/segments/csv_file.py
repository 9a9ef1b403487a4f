"""The people of a rule as CSV: chosen columns, one row a customer, nothing in it can run as a formula."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from tempfile import TemporaryFile
from typing import Any, TextIO

from sqlmodel import Session

from app.core.csv_text import AS_OF, inert
from app.core.i18n import N_, Translator
from app.purchases.classes import CLASS_LABELS, KIND_LABELS, SUPER_LOYAL_LABEL, TYPE_LABELS
from app.purchases.figures import list_file
from app.purchases.segments import queries
from app.purchases.segments.fields import ENDINGS, YES_NO
from app.purchases.segments.people import Asked, opened, where
from app.purchases.segments.rule import Rule
from app.purchases.segments.schemas import Leaving
from app.purchases.store import OrdersStore

AT_ONCE = 5_000
PIECE = 1 << 20
MOST_NAMED = 10_000
Cell = str | int | float | Decimal | date | bool | None
Say = Callable[[Any, Translator], str]


def _text(value: Cell, t: Translator) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    del t
    return str(inert("" if value is None else str(value)))


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


def write(
    store: OrdersStore, version: str, asked: Asked, columns: Sequence[Column], *, t: Translator, file: TextIO
) -> Leaving:  # fmt: skip
    """Write the file, with a mark of UTF-8 in front, by source and customer number; return whom it holds, for the log.

    Its last column is the day of the figures.

    Raises:
        NotCounted: the build lacks a file that the rule needs.
    """
    test, digest = where(asked), sha256()
    people, named = 0, list[str]()
    with store.open_list(version) as listed:
        as_of = list_file.read_as_of(listed)
    names = ", ".join(f"people.{name}" for name in ("source", "customer_id", *(one.name for one in columns)))
    with opened(store, version, asked) as connection:
        found = connection.execute(
            f"SELECT {names} FROM people WHERE {test.sql} ORDER BY source, customer_id", test.values
        )
        writer = csv.writer(file)
        file.write("\ufeff")
        writer.writerow([*(t(one.heading) for one in columns), t(AS_OF)])
        while some := found.fetchmany(AT_ONCE):
            refs = [store.customer_ref(*row[:2]) for row in some]
            digest.update("".join(f"{ref}\n" for ref in refs).encode())
            people += len(refs)
            named += refs if people <= MOST_NAMED else ()
            writer.writerows(
                [*(one.say(value, t) for one, value in zip(columns, row[2:], strict=True)), as_of] for row in some
            )
    return Leaving(version, as_of, people, digest.hexdigest(), tuple(named) if people <= MOST_NAMED else ())


def made(
    session: Session, store: OrdersStore, *, rule: Rule, columns: Sequence[Column], t: Translator
) -> tuple[Leaving, TextIO]:
    """Return whom the file of a rule holds, and the file, whole and at its start: it has no name and is gone once it is closed.

    Raises:
        AppError: there are no orders.
        NotCounted: the build in use lacks a file that the rule needs.
    """
    version = queries.counted_version(session)
    with ExitStack() as until_handed_out:
        file = until_handed_out.enter_context(TemporaryFile("w+", dir=store.orders_dir, encoding="utf-8", newline=""))
        leaving = write(store, version, queries.asked(session, rule), columns, t=t, file=file)
        file.seek(0)
        until_handed_out.pop_all()
    return leaving, file


def pieces(file: TextIO) -> Iterator[str]:
    """Yield a file piece by piece, and close it."""
    with file:
        while some := file.read(PIECE):
            yield some
