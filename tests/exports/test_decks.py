from dataclasses import replace

import pytest
from pptx.oxml.ns import qn

from app.boards.many.attribute_table import attribute_table
from app.boards.many.coarse import coarsened
from app.boards.schemas import BoardQuote, PersonBoard, View
from app.boards.study_schemas import StudyBoard
from app.core.i18n import translator
from app.exports.deck.ink import Faces
from app.exports.deck.person import person_deck
from app.exports.deck.sheet import HEIGHT, WIDTH
from app.exports.deck.study import study_deck
from app.language.codebook import STAGES, Stage
from tests.boards.build import (
    person_board,
    quote,
    ruribitaki_orders,
    ruribitaki_quotes,
    study_board,
    twelve_people,
)
from tests.exports.decks import Placed, frames, opened, runs, texts

JA = translator("ja")
SMALLEST = 11


def long_quotes(times: int) -> tuple[BoardQuote, ...]:
    """The everyday voices, each said several times over."""
    return tuple(replace(one, text=one.text * times, start=0, end=len(one.text) * times) for one in ruribitaki_quotes())


def crowded() -> PersonBoard:
    """Many long voices on every stage."""
    voices = tuple(
        quote(f"{number}番目の話です。" * 9, stage=stage, sentence_id=f"{stage}{number}")
        for stage in STAGES
        for number in range(7)
    )
    return person_board(quotes=voices)


def board_by_values(count: int) -> StudyBoard:
    """People compared by an attribute with long values, one of them hidden."""
    people = twelve_people()
    values = [f"とても長い答えの言葉その{n}番目" for n in range(count)]
    own = {person.person_id: {"肌質": values[n % count]} for n, person in enumerate(people)}
    shown = coarsened("肌質", own, {"肌質": dict.fromkeys(values[1:], 9)})
    return replace(study_board(), by=attribute_table(people, "肌質", shown))


BOARDS = {
    "everyday": person_board(),
    "planner": person_board(view=View.PLANNER, left_out=3),
    "five times as long": person_board(quotes=long_quotes(5)),
    "forty times as long": person_board(quotes=long_quotes(40)),
    "crowded": crowded(),
    "no voice": person_board(quotes=()),
    "no order": person_board(orders=()),
    "one order": person_board(orders=ruribitaki_orders()[:1]),
    "latin": person_board(quotes=(quote("https://example.com/" + "a" * 400), quote("word " * 200))),
}
STUDIES = {
    "everyday": study_board(),
    "nobody": study_board(people=()),
    "planner": study_board(view=View.PLANNER, left_out=4),
    "by attribute": board_by_values(13),
    "long names": replace(study_board(), study_title="長い題名" * 40, product="長い商品名" * 30, question="なぜ" * 200),
}


@pytest.fixture(scope="module", params=[*BOARDS, *(f"study: {name}" for name in STUDIES)])
def deck(request: pytest.FixtureRequest) -> bytes:
    name = str(request.param)
    if name.startswith("study: "):
        return study_deck(STUDIES[name.removeprefix("study: ")], JA)
    return person_deck(BOARDS[name], JA)


def test_every_text_fits_its_box(deck: bytes):
    late = [frame for frame in frames(deck) if frame.wraps and frame.needed > frame.height + 0.5]
    assert [(frame.slide, frame.paragraphs) for frame in late] == []


def test_everything_stands_on_the_slide(deck: bytes):
    outside = [frame for frame in frames(deck) if beyond(frame)]
    assert [(frame.slide, frame.paragraphs) for frame in outside] == []


def beyond(frame: Placed) -> bool:
    right, bottom = frame.x + frame.width, frame.y + frame.height
    return frame.x < 0 or frame.y < 0 or right > WIDTH + 0.5 or bottom > HEIGHT + 0.5


def test_every_run_names_its_face_and_language_and_stays_readable(deck: bytes):
    for run in runs(deck):
        properties = run.find(qn("a:rPr"))
        faces = {properties.find(qn(tag)).get("typeface") for tag in ("a:latin", "a:ea", "a:cs")}
        assert faces in ({"Yu Gothic"}, {"Yu Mincho"})
        assert properties.get("lang") == "ja-JP"
        assert int(properties.get("sz")) >= SMALLEST * 100


def test_no_empty_placeholder_and_no_picture(deck: bytes):
    for slide in opened(deck).slides:
        assert list(slide.placeholders) == []
        assert not list(slide._element.iter(qn("p:pic")))


def test_every_slide_says_the_as_of_date(deck: bytes):
    assert all("基準日" in slide for slide in texts(deck).split("\n"))


def test_long_voices_are_carried_on_and_not_lost():
    board = person_board(quotes=(quote("とても長い話の、はじめ。" + "あ" * 3000 + "おしまい"),))
    said = texts(person_deck(board, JA))
    assert said.count("あ") >= 3000
    assert "おしまい" in said


def test_the_reason_and_the_trigger_stand_in_two_columns_that_do_not_mix():
    content = person_deck(person_board(), JA)
    slide = next(
        slide for slide in opened(content).slides if any("初回購入の決め手" in text_of(shape) for shape in slide.shapes)
    )
    middle = slide.part.package.presentation_part.presentation.slide_width / 2
    reason = next(shape for shape in slide.shapes if "980円" in text_of(shape))
    trigger = next(shape for shape in slide.shapes if "塗ってる顔" in text_of(shape))
    assert reason.left + reason.width <= middle <= trigger.left


def text_of(shape: object) -> str:
    return str(getattr(shape, "text_frame").text) if getattr(shape, "has_text_frame", False) else ""  # noqa: B009


def test_the_matrix_and_the_stage_table_are_native_tables():
    for content in (person_deck(person_board(), JA), study_deck(study_board(), JA)):
        assert any(getattr(shape, "has_table", False) for slide in opened(content).slides for shape in slide.shapes)


def test_the_timeline_is_drawn_with_shapes_one_dot_an_order():
    slide = opened(person_deck(person_board(), JA)).slides[1]
    ovals = [
        shape for shape in slide.shapes if shape._element.find(f".//{qn('a:prstGeom')}[@prst='ellipse']") is not None
    ]
    assert len(ovals) == len(ruribitaki_orders())


def test_unheard_stages_and_missing_voices_are_said():
    said = texts(person_deck(person_board(), JA))
    assert "未聴取" in said
    assert "未聴取: q7を聞いていません" in said


def test_what_the_scope_kept_back_is_said_on_the_cover():
    first = texts(person_deck(BOARDS["planner"], JA)).split("\n")[0]
    assert "公開範囲の外の声3を除いています" in first
    assert "企画向け" in first


def test_a_planners_deck_holds_no_day_of_an_order_and_no_exact_amount():
    said = texts(person_deck(BOARDS["planner"], JA))
    assert "4,380" not in said
    assert "2025年5月" not in said
    assert "2026年11月18日" not in said


def test_hostile_words_stay_words():
    nasty = "<script>alert(1)</script> {{7*7}} \x00\x07\u202e\ud800 =1+1 \n\r\v"
    content = person_deck(person_board(quotes=(quote(nasty),)), JA)
    said = texts(content)
    assert "<script>alert(1)</script> {{7*7}}" in said
    assert "\x00" not in said


def test_another_face_can_be_set():
    content = person_deck(person_board(), JA, Faces("Meiryo", "MS Mincho"))
    found = {run.find(qn("a:rPr")).find(qn("a:ea")).get("typeface") for run in runs(content)}
    assert found == {"Meiryo", "MS Mincho"}


def test_english_decks_speak_english():
    content = study_deck(study_board(), translator("en"))
    assert "What we found" in texts(content)
    assert {run.find(qn("a:rPr")).get("lang") for run in runs(content)} == {"en-US"}


def test_a_study_deck_shows_a_stage_once_per_slide_and_no_more_than_eight_voices():
    board: StudyBoard = study_board()
    said = texts(study_deck(board, JA))
    assert said.count("まだ2本あるのに") >= 1
    assert Stage.CHURN_REASON in {one.stage for one in board.quotes}
