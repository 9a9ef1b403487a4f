"""Reads a sheet of a workbook as rows of text, as people see its cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from app.core.i18n import N_
from app.purchases.files.opening.workbook_guard import BROKEN
from app.purchases.files.refused import FileRefused

EXACT = 1 << 53
MERGED = 1_000_000  # cells below a merged one; no table that people wrote has so many
LOCKED_BOOK = N_("The Excel file is locked with a password. Save it without one and try again.")
NO_SHEET = N_("The Excel file has no sheet {sheet}. It has: {names}.")
NO_ROWS = N_("The Excel file has no sheet with a header and rows.")
Cell = str | float | bool | date | datetime | time | timedelta


@dataclass
class Book:
    """A workbook that passed the guard, and the sheet that is read."""

    names: tuple[str, ...]
    chosen: str
    _sheet: CalamineSheet

    def rows(self, above: int = 0) -> Iterator[tuple[int, list[str]]]:
        """Yield (row number of the sheet, cells), the header first; empty rows, and so many `above` the header, are left out.

        Each row is as wide as the header, or wider where cells beyond it hold something.
        A cell with an error (#N/A) is empty. Of merged cells the first has the value, and the cells below it too if it is no
        number: a number that several rows share must not be added once for each.
        """
        shared = _merged_down(self._sheet)
        width = 0
        for line, values in enumerate(self._sheet.iter_rows(), 1):
            cells = [cell_text(value) for value in values]
            for column, text in shared.get(line, ()):
                cells[column] = cells[column] or text
            if not any(map(str.strip, cells)):
                continue
            if above:
                above -= 1
                continue
            while cells and not cells[-1] and len(cells) > width:
                cells.pop()
            width = width or len(cells)
            yield line, cells


def cell_text(value: Cell) -> str:
    """Return a cell as text: no `.0`, no exponent; a date as YYYY-MM-DD, with HH:MM:SS where it has a time."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return _number_text(float(value))
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return _moment_text(value)


def _moment_text(value: date | time) -> str:
    if isinstance(value, datetime):
        # a moment is kept as a fraction of a day, which may fall short of the second that was typed
        whole = value.replace(microsecond=0)
        return f"{whole + timedelta(seconds=round(value.microsecond / 1e6)):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    seconds = round(value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) % 86_400
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _number_text(value: float) -> str:
    if value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    text = format(Decimal(format(value, ".15g")), "f")  # what a sheet shows and keeps: fifteen digits
    return text.rstrip("0").rstrip(".") if "." in text else text


def _merged_down(sheet: CalamineSheet) -> dict[int, list[tuple[int, str]]]:
    """Return what cells under the first of a merged column of cells show: line → (column, text)."""
    merged = [(top, bottom) for top, bottom in sheet.merged_cell_ranges or () if bottom[0] > top[0]]
    if not merged or sheet.start is None:
        return {}
    if sum(bottom[0] - top[0] for top, bottom in merged) > MERGED:
        raise FileRefused("xlsx_broken", BROKEN)
    left = sheet.start[1]
    tops = {top: bottom[0] for top, bottom in merged}
    found: dict[int, list[tuple[int, str]]] = {}
    for row, values in enumerate(sheet.iter_rows()):
        for column, value in enumerate(values):
            bottom = tops.get((row, column + left))
            if bottom is None or isinstance(value, float | int) or not cell_text(value):
                continue
            for below in range(row + 1, min(bottom, sheet.total_height) + 1):
                found.setdefault(below + 1, []).append((column, cell_text(value)))
    return found


def open_book(source: Path | BinaryIO, sheet: str = "") -> Book:
    """Open a workbook that the guard let pass, at the named sheet or the first, hidden ones last, with a header and rows.

    Raises:
        FileRefused: it is locked or damaged, has no such sheet, or none with rows.
    """
    try:
        book = CalamineWorkbook.from_object(source)
        tables = [info for info in book.sheets_metadata if info.typ == SheetTypeEnum.WorkSheet]
        names = tuple(info.name for info in tables)
        if sheet:
            if sheet not in names:
                raise FileRefused("sheet_missing", NO_SHEET, sheet=sheet, names=", ".join(names))
            return Book(names, sheet, book.get_sheet_by_name(sheet))
        for name in sorted(names, key=[info.name for info in tables if info.visible != SheetVisibleEnum.Visible].count):
            found = Book(names, name, book.get_sheet_by_name(name))
            if _has_rows(found):
                return found
    except PasswordError as error:
        raise FileRefused("xlsx_password", LOCKED_BOOK) from error
    except (CalamineError, ValueError, OSError) as error:
        raise FileRefused("xlsx_broken", BROKEN) from error
    raise FileRefused("header_only", NO_ROWS)


def _has_rows(book: Book) -> bool:
    rows = book.rows()
    return next(rows, None) is not None and next(rows, None) is not None
