"""The table of quotes as a workbook: one row per sentence and stage, nothing in it can run."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter

from app.boards.schemas import BoardQuote, PersonBoard
from app.boards.study_schemas import AttributeTable, StudyBoard
from app.boards.wording import SCOPE_LABELS, column_label
from app.core.i18n import N_, Translator
from app.exports.deck.cover import scope_note
from app.exports.deck.fit import clean
from app.language.codebook import (
    ANXIETY_LABELS,
    CANCEL_REASON_LABELS,
    CHANNEL_LABELS,
    FACET_LABELS,
    STAGE_LABELS,
)
from app.purchases.classes import CLASS_LABELS
from app.purchases.other.attribute_words import name_label

OPTIONS = {
    "constant_memory": True,
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
RISKY = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
"""First characters that a spreadsheet may take for a formula when the cell is edited or copied on."""
NARROWEST, WIDEST, CELL_LIMIT = 8, 64, 32_767


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading (msgid) and its text."""

    heading: str
    text: Callable[[BoardQuote, Translator], str]


COLUMNS = (
    Column(N_("Code name"), lambda quote, _: quote.code_name),
    Column(N_("Class"), lambda quote, t: t(CLASS_LABELS[quote.customer_class])),
    Column(N_("Stage"), lambda quote, t: t(STAGE_LABELS[quote.stage])),
    Column(N_("Sentence"), lambda quote, _: quote.text),
    Column(N_("Evidence"), lambda quote, _: quote.evidence),
    Column(N_("Facets"), lambda quote, t: t.join(t(FACET_LABELS[facet]) for facet in quote.facets)),
    Column(N_("Channel"), lambda quote, t: t.join(t(CHANNEL_LABELS[channel]) for channel in quote.channels)),
    Column(
        N_("Reason for leaving (kind)"),
        lambda quote, t: t.join(t(CANCEL_REASON_LABELS[reason]) for reason in quote.cancel_reasons),
    ),
    Column(N_("Kind of worry"), lambda quote, t: t.join(t(ANXIETY_LABELS[kind]) for kind in quote.anxiety_kinds)),
    Column(N_("Question"), lambda quote, _: quote.question_id),
    Column(N_("State"), lambda quote, t: t("confirmed") if quote.confirmed else t("not confirmed yet")),
    Column(N_("Scope"), lambda quote, t: t(SCOPE_LABELS[quote.scope])),
)


def quotes_workbook(board: PersonBoard | StudyBoard, t: Translator, face: str = "Yu Gothic") -> bytes:
    """Return the workbook with the quotes a board shows to its reader, and a sheet that says what it is."""
    day = t.date(board.as_of) if board.as_of else t("No purchase data")
    rows = [[*(cell_text(column.text(quote, t)) for column in COLUMNS), day] for quote in board.quotes]
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    book.formats[0].set_font_name(face)
    book.set_properties({"title": clean(board.study_title), "author": ""})
    write_quotes(book, t, face, [t("No."), *(t(column.heading) for column in COLUMNS), t("As-of date")], rows)
    if isinstance(board, StudyBoard) and board.by:
        write_attribute(book, board.by, t, face)
    write_about(book, board, t, face, day)
    book.close()
    return buffer.getvalue()


def write_quotes(book: Any, t: Translator, face: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:  # noqa: ANN401
    """Write the table: heading frozen, filter on, widths by the widest text, two units per full-width character."""
    sheet = book.add_worksheet(t("Voices"))
    head = book.add_format({"bold": True, "bg_color": "#E9EFF9", "bottom": 1, "font_name": face, "valign": "vcenter"})
    plain = {"font_name": face, "valign": "top", "text_wrap": True}
    body, guarded = book.add_format(plain), book.add_format({**plain, "quote_prefix": True})
    for place, width in enumerate(widths(headings, rows)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)
    sheet.set_row(0, 22)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, head)
    for number, row in enumerate(rows, start=1):
        sheet.write_number(number, 0, number, body)
        for place, text in enumerate(row, start=1):
            sheet.write_string(number, place, text, guarded if text.startswith(RISKY) else body)


def write_attribute(book: Any, by: AttributeTable, t: Translator, face: str) -> None:  # noqa: ANN401
    """Write stage × value of an attribute in people, as coarse as the reader may see it."""
    sheet = book.add_worksheet(t("By attribute"))
    head = book.add_format({"bold": True, "bg_color": "#E9EFF9", "bottom": 1, "font_name": face, "quote_prefix": True})
    body = book.add_format({"font_name": face, "quote_prefix": True})
    sheet.set_column(0, len(by.columns), 18)
    sheet.freeze_panes(1, 1)
    sheet.write_string(0, 0, cell_text(name_label(by.level, t)), head)
    for place, column in enumerate(by.columns, start=1):
        people = t.plural("{n} person", "{n} people", n=column.people)
        sheet.write_string(0, place, cell_text(f"{column_label(by, column, t)} ({people})"), head)
    for number, row in enumerate(by.rows, start=1):
        sheet.write_string(number, 0, t(STAGE_LABELS[row.stage]), body)
        for place, cell in enumerate(row.cells, start=1):
            sheet.write_number(number, place, cell.people, body)


def write_about(book: Any, board: PersonBoard | StudyBoard, t: Translator, face: str, day: str) -> None:  # noqa: ANN401
    """Write what the file is, as of when, for whom, and how many quotes its scope kept back."""
    sheet = book.add_worksheet(t("About this file"))
    body = book.add_format({"font_name": face, "valign": "top", "text_wrap": True, "quote_prefix": True})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    lines = (
        (t("Study"), board.study_title),
        (t("Product"), board.product),
        (t("As-of date"), day),
        (t("Scope"), scope_note(t, board.view, board.left_out)),
    )
    for number, (label, text) in enumerate(lines):
        sheet.write_string(number, 0, label, body)
        sheet.write_string(number, 1, cell_text(text), body)


def cell_text(text: str) -> str:
    """Return a text a cell can hold."""
    return clean(text)[:CELL_LIMIT]


def widths(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of each column in the format's units: two for a full-width character."""
    columns = [[str(len(rows))], *([row[place] for row in rows] for place in range(len(headings) - 1))]
    return [
        min(max([units(heading) + 3, NARROWEST, *(units(text) + 1 for text in column)]), WIDEST)
        for heading, column in zip(headings, columns, strict=True)
    ]


def units(text: str) -> int:
    """Return the width of a text in the format's units."""
    return sum(2 if unicodedata.east_asian_width(char) in "FWA" else 1 for char in text)
