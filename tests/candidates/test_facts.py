from dataclasses import replace
from datetime import date

import pytest

from app.candidates.facts import card_from_json, card_to_json, fact_cards
from app.candidates.sentences import say
from app.candidates.turning_point import turning_order
from app.core.i18n import translator
from app.purchases.schemas import PurchaseEvent
from tests.candidates.build import a_timeline, an_order, orders_every

JA = translator("ja")


def said(timeline):
    return [(say(card.text, JA), say(card.probe, JA), card.lights) for card in fact_cards(timeline)]


def test_the_move_to_a_subscription_says_both_gaps_and_lights_both_orders():
    orders = orders_every(72, 68, 73, 28, 28, 28, kinds=("single", "single", "single", "subscription", "subscription", "subscription", "subscription"))  # fmt: skip
    text, probe, lights = said(a_timeline(orders))[0]
    assert text == "4回目で定期に変わり、間隔が71日から28日に。"
    assert probe == "その間に何がありましたか?"
    assert lights == (3, 4)


def test_a_subscription_that_never_ran_on_has_no_second_gap():
    orders = orders_every(40, kinds=("single", "subscription"))
    assert said(a_timeline(orders))[0][0] == "2回目で定期に変わった。"


def test_a_cancellation_counts_days_from_the_last_order_and_tells_the_given_reason():
    orders = orders_every(16, kinds=("trial", "subscription"))
    cancelled = PurchaseEvent("subscription_cancelled", date(2026, 2, 4), "合わなかった")
    texts = [text for text, _, _ in said(a_timeline(orders, events=[cancelled]))]
    assert texts[:2] == ["最後の注文から9日後に解約。", "店に届けた理由は「合わなかった」。"]


def test_a_cancellation_before_later_orders_is_not_the_end():
    orders = orders_every(30, 30, 30)
    early = PurchaseEvent("subscription_cancelled", date(2026, 1, 20), "")
    assert not any("解約" in text for text, _, _ in said(a_timeline(orders, events=[early])))


def test_one_order_still_gives_three_cards():
    cards = said(a_timeline([an_order(1, date(2026, 3, 1), kind="trial")]))
    assert len(cards) == 3
    assert cards[0][0] == "はじまりは「白つゆ美容液」(トライアル)。"


def test_a_file_without_product_names_gives_cards_without_products():
    cards = said(a_timeline([an_order(1, date(2026, 3, 1), product="")]))
    assert [text for text, _, _ in cards if "「」" in text] == []


@pytest.mark.parametrize("count", range(1, 40))
def test_never_more_than_five_cards(count):
    assert 2 <= len(fact_cards(a_timeline(orders_every(*[20 + n for n in range(count)])))) <= 5


def test_the_shops_own_columns_stand_on_the_last_card():
    known = {
        "sex": "female",
        "prefecture": "東京都",
        "age_5": "35",
        "肌質": "乾燥肌",
        "使う回数": "週3回",
        "自由記入": "あ" * 60,
    }
    cards = fact_cards(a_timeline(orders_every(*range(20, 40))), known)
    assert len(cards) == 5
    assert say(cards[-1].text, JA) == f"会員ファイルでは、使う回数「週3回」、肌質「乾燥肌」、自由記入「{'あ' * 39}…」。"
    assert card_from_json(card_to_json(cards[-1])) == cards[-1]
    usual = {"sex": "female", "mail_refused": "yes"}
    assert fact_cards(a_timeline(orders_every(30)), usual) == fact_cards(a_timeline(orders_every(30)))


def test_no_orders_give_no_cards():
    assert fact_cards(a_timeline([])) == ()


def test_cards_are_kept_as_json():
    for card in fact_cards(a_timeline(orders_every(30, 90, 30, 30))):
        assert card_from_json(card_to_json(card)) == card


@pytest.mark.parametrize(
    ("gaps", "kinds", "expected"),
    [
        ((), (), None),
        ((30,), (), 1),
        ((30, 30, 30), (), 1),
        ((90, 90, 30, 30), (), 3),
        ((30, 30, 30), ("single", "single", "subscription", "subscription"), 2),
        ((30, 30), ("subscription", "subscription", "subscription"), 1),
    ],
)
def test_the_trigger_lies_after_the_order_at_which_the_pace_changed(gaps, kinds, expected):
    assert turning_order(orders_every(*gaps, kinds=kinds)) == expected


def test_a_free_sample_is_no_product_somebody_chose():
    first, second = orders_every(30)
    sample = an_order(2, second.ordered_on, amount="0", product="【サンプル】夜のクリーム 3g").lines[0]
    cards = said(a_timeline([first, replace(second, lines=(*second.lines, sample))]))
    assert not any("サンプル" in text for text, _, _ in cards)
