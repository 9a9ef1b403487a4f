"""Figures as CSV that spreadsheets read: a mark of UTF-8 in front, no formulas, the as-of date in the last column."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.core.i18n import N_, Translator

AS_OF = N_("As-of date")
RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
Cell = object


@dataclass(frozen=True)
class CsvFile:
    """A file of figures and their day; None while there are no orders."""

    as_of: date | None
    text: str


def csv_file(head: Iterable[str], rows: Iterable[Iterable[Cell]], as_of: date | None, t: Translator) -> CsvFile:
    """Return the file; `head` are words in the reader's language."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*head, t(AS_OF)])
    writer.writerows([*map(inert, row), as_of or ""] for row in rows)
    return CsvFile(as_of, "\ufeff" + out.getvalue())


def inert(cell: Cell) -> Cell:
    """Return a text that no spreadsheet takes for a formula; anything else as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell
