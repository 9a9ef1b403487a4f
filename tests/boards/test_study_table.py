from app.boards.many.findings import findings
from app.boards.many.study_table import anxiety_rows, cancel_rows, channel_rows, class_counts, in_turn, stage_table
from app.candidates.sentences import Term
from app.language.codebook import CancelReason, Channel, Stage
from app.purchases.classes import CustomerClass
from tests.boards.build import heard, said_by, study_board, twelve_people


def test_people_are_counted_not_sentences():
    person = heard(
        "えなが",
        CustomerClass.CHURNED,
        *(said_by("えなが", CustomerClass.CHURNED, f"余って{n}", stage=Stage.CHURN_REASON) for n in range(4)),
    )
    row = next(row for row in stage_table((person,)) if row.stage is Stage.CHURN_REASON)
    assert [(cell.people, cell.of) for cell in row.cells] == [(1, 1)]


def test_the_table_has_nine_stages_and_a_cell_per_heard_class():
    table = stage_table(twelve_people())
    assert [row.stage for row in table] == list(Stage)
    assert {len(row.cells) for row in table} == {3}
    assert [count.people for count in class_counts(twelve_people())] == [5, 3, 4]


def test_a_wide_gap_is_marked_and_a_small_one_is_not():
    rows = {row.stage: row for row in stage_table(twelve_people())}
    assert rows[Stage.LOYALTY_TRIGGER].wide_gap
    assert not rows[Stage.AWARENESS].wide_gap


def test_one_person_per_class_makes_no_gap():
    people = (
        heard("あ", CustomerClass.LOYAL, said_by("あ", CustomerClass.LOYAL, "続けます")),
        heard("い", CustomerClass.CHURNED),
    )
    assert not any(row.wide_gap for row in stage_table(people))


def test_people_who_were_not_asked_are_counted_per_stage():
    rows = {row.stage: row for row in stage_table(twelve_people())}
    assert rows[Stage.CHURN_REASON].unheard == 8
    assert rows[Stage.AWARENESS].unheard == 0


def test_lists_start_with_what_most_people_said():
    people = twelve_people()
    assert [(row.key, row.people) for row in channel_rows(people)] == [
        ("professional", 5),
        ("instagram", 4),
        ("search", 3),
    ]
    assert [(row.key, row.people) for row in cancel_rows(people)] == [("surplus", 4)]
    assert [(row.key, row.people) for row in anxiety_rows(people)] == [("visible", 4), ("invisible", 3)]


def test_a_reason_that_was_not_said_makes_no_row():
    person = heard("こげら", CustomerClass.LAPSED, said_by(
        "こげら", CustomerClass.LAPSED, "去年やめました", stage=Stage.CHURN_REASON,
        cancel_reasons=(CancelReason.NOT_STATED,)))  # fmt: skip
    assert cancel_rows((person,)) == ()


def test_a_confirmed_short_voice_stands_for_the_row():
    people = (
        heard("あ", CustomerClass.LOYAL, said_by("あ", CustomerClass.LOYAL, "長い" * 40)),
        heard("い", CustomerClass.LOYAL, said_by("い", CustomerClass.LOYAL, "短い声")),
        heard("う", CustomerClass.LOYAL, said_by("う", CustomerClass.LOYAL, "まだ", confirmed=False)),
    )
    row = next(row for row in stage_table(people) if row.stage is Stage.LOYALTY_TRIGGER)
    assert row.voice is not None
    assert row.voice.text == "短い声"


def test_everybody_is_quoted_once_before_anybody_twice():
    first = [said_by("あ", CustomerClass.LOYAL, text) for text in ("一つめ", "二つめ")]
    other = said_by("い", CustomerClass.LOYAL, "別の人")
    unsure = said_by("う", CustomerClass.LOYAL, "未確認", confirmed=False)
    assert [quote.text for quote in in_turn([unsure, *first, other])] == ["一つめ", "別の人", "二つめ", "未確認"]


def test_people_who_were_not_asked_count_neither_for_nor_against():
    asked_one = heard(
        "あ", CustomerClass.CHURNED, said_by("あ", CustomerClass.CHURNED, "余って", stage=Stage.CHURN_REASON)
    )
    row = next(row for row in stage_table((asked_one, *twelve_people())) if row.stage is Stage.CHURN_REASON)
    loyal = next(cell for cell in row.cells if cell.customer_class is CustomerClass.LOYAL)
    assert (loyal.of, loyal.unasked, loyal.heard) == (5, 5, 0)
    assert not row.wide_gap


def test_findings_say_the_gap_the_reason_and_the_worry():
    board = study_board()
    params = [dict(finding.text.params) for finding in board.findings]
    assert len(board.findings) == 3
    assert params[1]["what"] == Term("Product piles up")
    assert dict(board.findings[1].base.params) == {"n": 4, "of": 12}


def test_a_single_persons_story_is_no_finding():
    person = heard("あ", CustomerClass.NEW, said_by(
        "あ", CustomerClass.NEW, "チラシで", stage=Stage.AWARENESS, channels=(Channel.FLYER_CATALOG,)))  # fmt: skip
    people = (person,)
    found = findings(
        class_counts(people), stage_table(people), anxiety_rows(people), cancel_rows(people), channel_rows(people)
    )
    assert found == ()
