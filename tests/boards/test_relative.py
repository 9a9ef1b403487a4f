from datetime import timedelta
from decimal import Decimal

import pytest

from app.boards.relative import ago, board_orders, months, rounded
from app.boards.schemas import View
from app.boards.wording import ago_words, money
from app.core.i18n import translator
from tests.boards.build import FIRST_DAY, order, person_board, ruribitaki_orders, timeline


@pytest.mark.parametrize(
    ("exact", "shown"),
    [("101240", "100000"), ("4380", "4400"), ("980", "980"), ("7", "7"), ("0", "0"), ("19.99", "20")],
)
def test_amounts_keep_two_digits(exact: str, shown: str):
    assert rounded(Decimal(exact)) == Decimal(shown)


def test_days_count_from_the_first_order_and_gaps_from_the_one_before():
    orders = board_orders(timeline(order(1, 0), order(2, 41), order(3, 112)), View.RESEARCHER)
    assert [(each.day, each.gap_days) for each in orders] == [(0, None), (41, 41), (112, 71)]


def test_the_planner_gets_no_date_and_no_exact_amount():
    board = person_board(view=View.PLANNER)
    assert {each.on for each in board.orders} == {None}
    assert board.interview is not None
    assert board.interview.held_on is None
    exact = {each.amount for each in ruribitaki_orders()} - {Decimal(980)}
    assert not exact & {each.amount.value for each in board.orders}
    assert all(each.amount.rounded for each in board.orders)


def test_a_timeline_without_orders_is_empty_not_an_error():
    assert board_orders(timeline(), View.RESEARCHER) == ()


@pytest.mark.parametrize(("days", "whole"), [(0, 0), (30, 0), (31, 1), (365, 11), (366, 12), (560, 18)])
def test_months_are_whole(days: int, whole: int):
    assert months(days) == whole


def test_spans_and_money_are_said_as_people_say_them():
    japanese = translator("ja")
    planner, researcher = person_board(view=View.PLANNER), person_board()
    assert money(japanese, planner.total) == "約10万円"
    assert money(japanese, researcher.total).startswith("¥10")


@pytest.mark.parametrize(
    ("days", "planner", "researcher"),
    [
        (0, "数日前", "基準日当日"),
        (3, "数日前", "3日前"),
        (4, "約1週間前", "4日前"),
        (19, "約3週間前", "19日前"),
        (59, "約8週間前", "59日前"),
        (60, "約2か月前", "60日前"),
        (400, "約13か月前", "400日前"),
    ],
)
def test_the_planner_hears_weeks_or_months_where_the_researcher_hears_days(days: int, planner: str, researcher: str):
    japanese = translator("ja")
    assert ago_words(japanese, ago(days, View.PLANNER)) == planner
    assert ago_words(japanese, ago(days, View.RESEARCHER)) == researcher


def test_no_last_order_date_can_be_counted_back_from_the_planners_board():
    """Days from the first order up to the as-of date, exact, would date every order on the axis."""
    boards = [
        person_board(
            orders=(order(1, 0), order(2, 112)), as_of=FIRST_DAY + timedelta(days=112 + since), view=View.PLANNER
        )
        for since in (18, 19, 20, 21, 22, 23, 24)
    ]
    assert len({(board.as_of_day, board.last_order) for board in boards}) == 1
    exact = person_board(orders=(order(1, 0), order(2, 112)), as_of=FIRST_DAY + timedelta(days=131))
    assert exact.as_of_day == 131
