"""The page on which held-back rows are mended: which cells can be typed into, what was typed, what is still wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.core.errors import AppError
from app.core.i18n import N_
from app.core.types import clean_text
from app.purchases.corrections import Mended
from app.purchases.held_rows import HeldPage, HeldRow
from app.purchases.import_schemas import ImportDetail
from app.web.forms import FieldError, Form

CELL = re.compile(r"c-(\d{1,12})-(\d{1,4})")
LONGEST = 2_000
MOST_CELLS = 300  # of a row shown whole: a form of more fields is refused
CONTEXT = ("order_id", "ordered_at", "product_name", "quantity", "line_amount", "unit_price")
Typed = dict[int, dict[int, str]]
UNCHANGED = FieldError(N_("No cell was changed yet. Type the right value and save again."), {})
STILL_WRONG = N_("{wrong} of {tried} rows cannot be read yet. Nothing was saved; what you typed is still here.")


@dataclass(frozen=True)
class HeldCell:
    """One cell that can be typed into."""

    name: str
    header: str
    written: str
    value: str
    wrong: bool


@dataclass(frozen=True)
class HeldRowView:
    """One held-back row: what tells it from others, its cells to mend, and what is still wrong after a try."""

    line: int
    reason: str
    context: tuple[str, ...]
    cells: tuple[HeldCell, ...]
    again: str = ""
    good: bool = False


@dataclass(frozen=True)
class HeldRowsPage:
    """A page of held-back rows; `line` is set where one row is shown whole.

    `readable` says how many of the rows tried can go on without those that still cannot be read.
    """

    detail: ImportDetail
    held: HeldPage
    rows: tuple[HeldRowView, ...]
    line: int
    mended: int
    errors: Mapping[str, FieldError] = field(default_factory=dict)
    all_alike: bool = False
    readable: int = 0


@dataclass(frozen=True)
class Tried:
    """What was typed by line and cell, and how trying it went."""

    typed: Typed
    told: FieldError | None = None
    mended: Mended | None = None

    @property
    def readable(self) -> int:
        """Return how many of the rows can be taken in where others cannot; 0 where nothing stands in their way."""
        return len(self.mended.readable.rows) if self.mended and self.mended.wrong else 0

    def was_tried(self, line: int) -> bool:
        """Return whether a row was changed and tried."""
        return self.mended is not None and any(row.line == line for row in self.mended.rows)

    def reason(self, line: int) -> str:
        """Return why a row still cannot be read; empty where it can, or was not tried."""
        return self.mended.wrong[line].reason if self.mended and line in self.mended.wrong else ""

    def column(self, line: int) -> str:
        """Return the header of the cell that still stands in the way."""
        return self.mended.wrong[line].column if self.mended and line in self.mended.wrong else ""


NOT_TRIED = Tried({})


def number_in(values: Mapping[str, str], name: str, default: int = 0) -> int:
    """Return a small whole number of an address or a form, or the default."""
    text = values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else default


def typed_cells(form: Form) -> Typed:
    """Return what was typed by line and place of the cell.

    Raises:
        AppError: a text no file can hold.
    """
    typed: Typed = {}
    for name, value in form.values.items():
        if found := CELL.fullmatch(name):
            try:
                typed.setdefault(int(found[1]), {})[int(found[2])] = clean_text(value[:LONGEST])
            except ValueError as error:
                raise AppError("unusable_text", N_("This text holds a character that can't be stored.")) from error
    return typed


def outcome(mended: Mended) -> FieldError:
    """Return what to say when not everything that was typed can be read, or nothing was."""
    if not mended.wrong:
        return UNCHANGED
    return FieldError(STILL_WRONG, {"wrong": len(mended.wrong), "tried": len(mended.rows)})


def row_views(
    rows: Sequence[HeldRow], headers: Sequence[str], columns: Mapping[str, str], tried: Tried, *, whole: bool
) -> tuple[HeldRowView, ...]:
    """Return the rows as the page shows them; `whole` opens all their cells, not only the one in the way."""
    return tuple(
        HeldRowView(
            line=row.line,
            reason=row.reason,
            context=tuple(_context(row, headers, columns)),
            cells=_cells(row, headers, tried, whole=whole),
            again=tried.reason(row.line),
            good=tried.was_tried(row.line) and not tried.reason(row.line),
        )
        for row in rows
    )


def _cells(row: HeldRow, headers: Sequence[str], tried: Tried, *, whole: bool) -> tuple[HeldCell, ...]:
    typed, wrong = tried.typed.get(row.line, {}), tried.column(row.line)
    bad = wrong if tried.was_tried(row.line) else row.bad
    named = [place for place, header in enumerate(headers) if header and header in {row.bad, wrong}]
    places = range(min(len(headers), MOST_CELLS)) if whole else dict.fromkeys([*named, *typed])
    return tuple(
        HeldCell(
            name=f"c-{row.line}-{place}",
            header=headers[place],
            written=row.cells[place],
            value=typed.get(place, row.cells[place]),
            wrong=bool(bad) and headers[place] == bad,
        )
        for place in places
        if place < len(headers)
    )


def _context(row: HeldRow, headers: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """Return the cells by which a person knows the order again, without the one that is wrong and without contact data."""
    named = {header: row.cells[place] for place, header in enumerate(headers)}
    found = [named.get(columns.get(name, ""), "") for name in CONTEXT if columns.get(name) != row.bad]
    return [text[:40] for text in found if text.strip()][:4]
