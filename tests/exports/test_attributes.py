"""Exports follow the board: stage × attribute goes along, exactly as coarse as the board shows it."""

from dataclasses import replace
from io import BytesIO

from openpyxl import load_workbook

from app.boards.many.attribute_table import attribute_table
from app.boards.many.coarse import coarsened
from app.core.i18n import translator
from app.exports.deck.study import study_deck
from app.exports.workbook import quotes_workbook
from tests.boards.build import study_board, twelve_people
from tests.exports.decks import texts

JA = translator("ja")


def board_by_skin():
    people = twelve_people()
    own = {person.person_id: {"肌質": "乾燥肌" if n < 8 else "=敏感肌"} for n, person in enumerate(people)}
    shown = coarsened("肌質", own, {"肌質": {"乾燥肌": 9, "=敏感肌": 4}})
    return replace(study_board(), attributes=("肌質",), by=attribute_table(people, "肌質", shown))


def test_the_workbook_holds_the_table_and_nothing_that_is_hidden():
    book = load_workbook(BytesIO(quotes_workbook(board_by_skin(), JA)))
    cells = [[cell.value for cell in row] for row in book["属性別"].rows]
    assert cells[0] == ["肌質", "乾燥肌 (8人)", "5人未満のため非表示 (4人)"]
    assert len(cells) == 10
    assert all(isinstance(value, int) for row in cells[1:] for value in row[1:])
    assert "敏感肌" not in repr(cells)


def test_the_deck_holds_the_table():
    said = texts(study_deck(board_by_skin(), JA))
    assert "段階 × 属性: 肌質" in said
    assert "乾燥肌 8" in said
    assert "敏感肌" not in said
    assert "段階 × 属性" not in texts(study_deck(study_board(), JA))
