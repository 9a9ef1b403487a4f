from dataclasses import replace

from app.boards.one.journey import journey, mixed
from app.boards.schemas import Row, StageColumn, StageStatus, Unheard
from app.boards.wording import no_trigger
from app.core.i18n import translator
from app.language.codebook import STAGES, Channel, Facet, Stage
from tests.boards.build import asked, person_board, quote


def column(columns: tuple[StageColumn, ...], stage: Stage) -> StageColumn:
    return next(column for column in columns if column.stage is stage)


def test_every_stage_has_a_column_in_journey_order():
    assert tuple(column.stage for column in journey((), asked(), hidden=frozenset())) == STAGES


def test_facets_decide_the_row_and_a_quote_with_two_stands_in_both():
    said = quote("ほっとして、続けると決めました", facets=(Facet.EMOTION, Facet.ACTION))
    cells = {cell.row: cell for cell in column(journey((said,), asked(), hidden=frozenset()), said.stage).cells}
    assert cells[Row.ACTION].quotes == cells[Row.EMOTION].quotes == (said,)
    assert cells[Row.THOUGHT].empty
    assert Row.OTHER not in cells


def test_a_voice_without_facet_is_not_lost():
    said = quote("もう3年です", facets=())
    cells = {cell.row: cell for cell in column(journey((said,), asked(), hidden=frozenset()), said.stage).cells}
    assert cells[Row.OTHER].quotes == (said,)


def test_the_channel_is_the_touchpoint_and_an_unsaid_one_is_none():
    first = quote("姉に聞いて", stage=Stage.AWARENESS, channels=(Channel.WORD_OF_MOUTH, Channel.NOT_STATED))
    again = quote("姉が使っていて", stage=Stage.AWARENESS, channels=(Channel.WORD_OF_MOUTH,))
    touch = column(journey((first, again), asked(), hidden=frozenset()), Stage.AWARENESS).cells[0]
    assert (touch.row, touch.channels) == (Row.TOUCHPOINT, (Channel.WORD_OF_MOUTH,))


def test_asked_and_silent_is_not_the_same_as_not_asked():
    columns = journey((), asked(unasked=("q7",), skipped=("q4",)), hidden=frozenset())
    assert column(columns, Stage.PROBLEM).status is StageStatus.NOTHING
    assert column(columns, Stage.OTHER_PRODUCT).why is Unheard.NOT_ASKED
    assert column(columns, Stage.ANXIETY).why is Unheard.SKIPPED
    assert column(columns, Stage.CHURN_REASON).why is Unheard.NO_QUESTION


def test_the_trigger_counts_as_asked_only_when_a_probe_asked_for_it():
    assert column(journey((), asked(), hidden=frozenset()), Stage.LOYALTY_TRIGGER).status is StageStatus.NOTHING
    unprobed = column(journey((), asked(probed=False), hidden=frozenset()), Stage.LOYALTY_TRIGGER)
    assert unprobed.why is Unheard.NOT_ASKED


def test_a_stage_is_heard_off_its_question():
    said = quote("前のは肌が荒れて", stage=Stage.OTHER_PRODUCT, question_id="q1")
    found = column(journey((said,), asked(unasked=("q7",)), hidden=frozenset()), Stage.OTHER_PRODUCT)
    assert found.status is StageStatus.HEARD
    assert not found.asked


def test_nobody_was_interviewed_yet():
    columns = journey((), asked(interviewed=False), hidden=frozenset())
    assert {found.why for found in columns} == {Unheard.NOT_INTERVIEWED}


def test_voices_out_of_scope_are_named_not_called_unheard():
    columns = journey((), asked(), hidden=frozenset({Stage.EXPERIENCE}))
    assert column(columns, Stage.EXPERIENCE).why is Unheard.LEFT_OUT


def test_a_sentence_with_both_reasons_is_pointed_out():
    reason = quote("安くて買って、安いから続けてる", stage=Stage.PURCHASE_REASON, sentence_id="s1")
    trigger = quote("安くて買って、安いから続けてる", stage=Stage.LOYALTY_TRIGGER, sentence_id="s1")
    assert mixed((reason, trigger, quote("別の声", sentence_id="s2"))) == (trigger,)


def test_a_trigger_nobody_told_reads_differently_from_one_nobody_asked_for():
    words = translator("ja")
    told_nothing = person_board(quotes=())
    assert no_trigger(words, told_nothing)[0] == "該当なし"
    unasked = replace(told_nothing, journey=journey((), asked(probed=False), hidden=frozenset()))
    assert no_trigger(words, unasked) == ("未聴取", "続けるきっかけの深掘りをしていません。")
