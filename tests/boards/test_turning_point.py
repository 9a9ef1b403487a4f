from decimal import Decimal

import pytest

from app.boards.one.turning_point import elapsed_days, kanji_number, turning_point
from app.boards.schemas import ChangeKind, TurnBasis, View
from tests.boards.build import person_board, quote, turn_order

SIX_ALIKE = tuple(turn_order(number, 30 * (number - 1)) for number in range(1, 7))
SWITCHED = (
    turn_order(1, 0, amount=980, kind="trial"),
    turn_order(2, 41),
    turn_order(3, 112),
    turn_order(4, 140, items=2, amount=7000, kind="subscription"),
    turn_order(5, 170, items=2, amount=7000, kind="subscription"),
    turn_order(6, 200, items=2, amount=7000, kind="subscription"),
)


def test_without_a_told_trigger_there_is_no_turning_point():
    assert turning_point((), SWITCHED) is None


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("3回目を頼むときに、これでいいと決めました", (2, 3)),
        ("三回目で、もう迷わなくなりました", (2, 3)),
        ("2本目を使い終わったころ、手放せないと思いました", (2, 3)),
        ("2本目を買ったときにはもう決めていました", (1, 2)),
    ],
)
def test_a_told_order_number_pins_the_interval(text: str, interval: tuple[int, int]):
    found = turning_point((quote(text),), SIX_ALIKE)
    assert found is not None
    assert (found.before_order, found.after_order) == interval
    assert found.basis is TurnBasis.SAID_ORDER


def test_a_number_beyond_the_last_order_pins_nothing_by_number():
    found = turning_point((quote("12回目で手放せなくなった"),), SWITCHED)
    assert found is not None
    assert found.basis is TurnBasis.LARGEST_CHANGE


def test_the_told_switch_to_a_subscription_pins_the_first_subscription_order():
    found = turning_point((quote("母に言われて、定期に切り替えたんです"),), SWITCHED)
    assert found is not None
    assert (found.before_order, found.after_order, found.basis) == (3, 4, TurnBasis.SAID_SUBSCRIPTION)


def test_a_told_time_pins_the_interval_that_holds_it():
    found = turning_point((quote("3か月くらいで、もう習慣になりました"),), SIX_ALIKE)
    assert found is not None
    assert found.basis is TurnBasis.SAID_TIME
    assert found.from_day <= 91 <= found.to_day


def test_what_is_said_comes_before_what_changed_most():
    found = turning_point((quote("写真を見た日から"), quote("2回目のときです")), SWITCHED)
    assert found is not None
    assert (found.before_order, found.basis) == (1, TurnBasis.SAID_ORDER)


def test_without_words_the_largest_change_pins_it_and_names_before_and_after():
    found = turning_point((quote("写真を見た日から続いています"),), SWITCHED)
    assert found is not None
    assert (found.before_order, found.after_order) == (3, 4)
    assert (found.from_day, found.to_day) == (112, 140)
    sides = {change.kind: (change.before, change.after) for change in found.changes}
    assert sides[ChangeKind.GAP] == (Decimal(56), Decimal(30))
    assert sides[ChangeKind.AMOUNT] == (Decimal(4000), Decimal(7000))
    assert sides[ChangeKind.ITEMS] == (Decimal(1), Decimal(2))
    assert sides[ChangeKind.WAY] == ("single", "subscription")
    assert found.visible


def test_a_trigger_without_a_change_says_so():
    found = turning_point((quote("ずっと好きです"),), SIX_ALIKE)
    assert found is not None
    assert not found.visible
    assert found.basis is TurnBasis.NONE


def test_a_pinned_trigger_may_still_show_no_change():
    found = turning_point((quote("3回目で決めました"),), SIX_ALIKE)
    assert found is not None
    assert found.after_order == 3
    assert not found.visible


@pytest.mark.parametrize("orders", [(), (turn_order(1, 0),)])
def test_one_order_or_none_cannot_be_pinned(orders: tuple):
    found = turning_point((quote("2回目も買うつもりです"),), orders)
    assert found is not None
    assert found.after_order == 0


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3), ("\uff13", 3), ("十", 10), ("十二", 12), ("二十", 20), ("三", 3), ("何", None)]
)
def test_numbers_are_read_in_three_writings(text: str, number: int | None):
    assert kanji_number(text) == number


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("半年たって", 183),
        ("1年くらい続けて", 365),
        ("2週間ほどで", 14),
        ("3ヶ月半くらい", 106),
        ("去年のことです", None),
    ],
)
def test_told_times_are_read(text: str, days: int | None):
    assert elapsed_days(text) == days


def test_both_views_pin_the_same_interval_and_the_planner_sees_rounded_means():
    researcher, planner = person_board().turning, person_board(view=View.PLANNER).turning
    assert researcher is not None
    assert planner is not None
    assert (researcher.before_order, researcher.after_order) == (planner.before_order, planner.after_order)
    exact = next(change.after for change in researcher.changes if change.kind is ChangeKind.AMOUNT)
    shown = next(change.after for change in planner.changes if change.kind is ChangeKind.AMOUNT)
    assert exact != shown
    assert isinstance(shown, Decimal)
    assert shown % 100 == 0
