from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from app.boards.schemas import View
from app.core.i18n import translator
from app.exports.workbook import quotes_workbook, units, widths
from app.language.codebook import AnxietyKind, CancelReason, Channel, Facet, Stage
from tests.boards.build import person_board, quote, study_board

JA = translator("ja")
RISKY = [
    "=1+1",
    "+81 90",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\uff1d1+1",
    "\uff0b1",
    "\x00=1",
    "https://example.com",
    "12345",
]


def sheet(content: bytes) -> Any:
    return load_workbook(BytesIO(content)).worksheets[0]


def rows(content: bytes) -> list[dict[str, Any]]:
    table = list(sheet(content).iter_rows(values_only=True))
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def test_one_row_per_sentence_and_stage_with_its_details():
    told = quote(
        "広告で見て、続けるには高いかなと",
        stage=Stage.AWARENESS,
        evidence="広告で見て",
        facets=(Facet.ACTION, Facet.THOUGHT),
        channels=(Channel.WEB_AD, Channel.INSTAGRAM),
        question_id="q2",
        confirmed=False,
    )
    row = rows(quotes_workbook(person_board(quotes=(told,)), JA))[0]
    assert row["番号"] == 1
    assert row["コード名"] == "るりびたき"
    assert row["文"] == told.text
    assert row["根拠の部分"] == "広告で見て"
    assert row["行動・思考・感情"] == "行動・思考"
    assert row["認知経路"] == "ネット広告・Instagram"
    assert row["質問"] == "q2"
    assert row["公開範囲"] == "企画"
    assert "2026年11月20日" in row["基準日"]


def test_reasons_and_worries_are_named():
    quotes = (
        quote("余って", stage=Stage.CHURN_REASON, cancel_reasons=(CancelReason.SURPLUS,)),
        quote("高いかな", stage=Stage.ANXIETY, anxiety_kinds=(AnxietyKind.VISIBLE,)),
    )
    found = rows(quotes_workbook(person_board(quotes=quotes), JA))
    assert found[0]["離反理由の種類"] == "商品が余っている"
    assert found[1]["不安の種類"] is not None


@pytest.mark.parametrize("text", RISKY)
def test_nothing_in_a_cell_can_run_and_the_text_stays_the_same(text: str):
    content = quotes_workbook(person_board(quotes=(quote(text),)), JA)
    cell = next(cell for cell in sheet(content)[2] if cell.column_letter == "E")
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert cell.value == text.strip("\t\r\x00")
    assert bool(cell.quotePrefix) is cell.value.startswith(("=", "+", "-", "@", "\uff1d", "\uff0b"))


def test_the_heading_is_frozen_and_can_be_filtered():
    found = sheet(quotes_workbook(study_board(), JA))
    assert found.freeze_panes == "C2"
    assert found.auto_filter.ref is not None


def test_columns_are_two_units_wide_per_full_width_character():
    assert units("あa") == 3
    assert widths(["番号", "文"], [["あ" * 20], ["い" * 100]]) == [8, 64]


def test_the_second_sheet_says_what_the_file_is_and_what_is_missing():
    book = load_workbook(BytesIO(quotes_workbook(person_board(view=View.PLANNER, left_out=2), JA)))
    said = " ".join(str(cell.value) for row in book.worksheets[1].iter_rows() for cell in row)
    assert "企画向け" in said
    assert "公開範囲の外の声2を除いています" in said


def test_an_empty_board_gives_a_file_that_opens():
    assert rows(quotes_workbook(person_board(quotes=()), JA)) == []


def test_a_planners_file_holds_no_day_of_an_order():
    content = quotes_workbook(person_board(view=View.PLANNER), JA)
    said = " ".join(str(cell.value) for row in sheet(content).iter_rows() for cell in row)
    assert "2025" not in said
