from dataclasses import replace

import pytest

from app.boards.one.lead import lead
from app.boards.one.pins import MOST, around, pins
from app.candidates.sentences import say
from app.core.i18n import translator
from app.language.codebook import CancelReason, Stage
from app.purchases.classes import CustomerClass
from tests.boards.build import person_board, quote, ruribitaki_orders, ruribitaki_quotes

LONG = "そしたら3週間くらい切らしてる間にですね、授業参観があって、写真に写った自分の顔がもう、おばあちゃんかと思って。"


def test_each_stage_pins_one_voice_and_the_trigger_stands_in_its_interval():
    shown = pins(person_board())
    stages = [pin.quote.stage for pin in shown]
    assert len(stages) == len(set(stages)) <= MOST
    trigger = next(pin for pin in shown if pin.quote.stage is Stage.LOYALTY_TRIGGER)
    assert trigger.day == (112 + 140) // 2


def test_voices_from_before_the_first_order_have_no_day():
    early = [pin for pin in pins(person_board()) if pin.before]
    assert early
    assert {pin.day for pin in early} == {None}


def test_a_loyal_customers_word_on_leaving_is_not_placed_at_the_last_order():
    left = quote("一度やめてるんですよ", stage=Stage.CHURN_REASON)
    board = person_board(quotes=(*ruribitaki_quotes(), left))
    assert left not in [pin.quote for pin in pins(board)]
    gone = replace(board, customer_class=CustomerClass.CHURNED)
    assert next(pin for pin in pins(gone) if pin.quote == left).day == 543


def test_a_long_sentence_is_cut_around_its_evidence_at_a_pause():
    start = LONG.index("写真に")
    shown = around(LONG, start, start + len("写真に写った自分の顔"))
    assert shown.startswith("…写真に写った自分の顔")
    assert len(shown) <= 35


@pytest.mark.parametrize("text", ["", "短い", "長" * 400])
def test_any_sentence_can_be_cut(text: str):
    assert len(around(text, 0, len(text))) <= 35


def test_the_sentence_on_top_names_the_change_that_shows():
    said = lead(person_board())
    assert said is not None
    assert say(said, translator("ja")) == "続くきっかけは注文3と4のあいだ。買い方が「都度」から「定期」に変わった。"


def test_without_a_trigger_nothing_is_claimed():
    assert lead(person_board(quotes=())) is None


def test_somebody_who_left_gets_the_reason_they_told():
    told = quote("まだ2本あるのに", stage=Stage.CHURN_REASON, cancel_reasons=(CancelReason.SURPLUS,))
    board = replace(person_board(quotes=(told,), orders=ruribitaki_orders()[:4]), customer_class=CustomerClass.CHURNED)
    said = lead(board)
    assert said is not None
    assert say(said, translator("ja")) == "4回目の注文のあとに離れた。語られた理由は「商品が余っている」。"
