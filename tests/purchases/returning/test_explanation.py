"""The numbers behind one customer's score, counted by hand."""

import math

import pytest

from app.purchases.returning.explanation import Explanation, columns
from app.purchases.returning.scores import score
from app.purchases.returning.state import orders
from tests.purchases.returning import oracle, shops


def test_one_customer_in_numbers() -> None:
    made = shops.made(6, customers=2000).orders
    rows = [*made, (9000, 100, 500.0), (9000, 134, 500.0), (9000, 134, 80.0), (9000, 168, 500.0)]
    scores = score(orders(*zip(*rows, strict=True)), 300, 90)
    found = {name: values[-1] for name, values in columns(scores).items()}
    assert found["usual_days"] == 34.0
    assert found["p_return"] == scores.probability[-1]
    people = came_back = 0
    for day in (one.cutoff for one in scores.training):
        again = oracle.returners(rows, day, 90)
        alike = [who for who, one in oracle.states(rows, day).items() if one["n"] > 3 and one["recency"] > 120]
        people, came_back = people + len(alike), came_back + len(again.intersection(alike))
    assert (found["alike_people"], found["alike_came_back"]) == (people, came_back)


def test_too_short_a_history_says_nothing_but_the_own_rhythm() -> None:
    found = columns(score(orders([1, 1, 2, 2], [10, 16, 5, 5], [1.0] * 4), 20, 30))
    assert found["usual_days"][0] == 6.0
    assert all(math.isnan(one) for one in (found["usual_days"][1], *found["p_return"]))
    assert [*found["alike_people"], *found["alike_came_back"]] == [-1] * 4


def test_shares_and_own_intervals_are_not_known_of_nobody() -> None:
    found = Explanation(0.2, None, 34.0, 310, 90)
    assert found.alike_share == 90 / 310
    assert found.times_usual(132) == pytest.approx(132 / 34)
    one_day = Explanation(None, None, None, 0, 0)
    assert (one_day.alike_share, one_day.times_usual(132)) == (None, None)
