"""The numbers behind one customer's score, counted by hand."""

import pytest

from app.purchases.returning.explanation import explain
from app.purchases.returning.scores import score
from app.purchases.returning.state import day_of, orders
from tests.purchases.returning import oracle, shops


def test_one_customer_in_numbers() -> None:
    made = shops.made(6, customers=2000).orders
    rows = [*made, (9000, 100, 500.0), (9000, 134, 500.0), (9000, 134, 80.0), (9000, 168, 500.0)]
    scores = score(orders(*zip(*rows, strict=True)), 300, 90)
    found = explain(scores, 9000)
    assert found is not None
    assert (found.orders, found.purchase_days, found.days_since, found.usual_days) == (4, 3, 132, 34.0)
    assert found.times_usual == pytest.approx(132 / 34)
    assert found.within_days == 90
    assert found.probability == scores.probability[-1]
    assert found.alike is not None
    assert (found.alike.count, found.alike.elapsed) == ("4+", "over")
    people = came_back = 0
    for day in (one.cutoff for one in scores.training):
        again = oracle.returners(rows, day, 90)
        alike = [who for who, one in oracle.states(rows, day).items() if one["n"] > 3 and one["recency"] > 120]
        people, came_back = people + len(alike), came_back + len(again.intersection(alike))
    assert (found.alike.people, found.alike.came_back) == (people, came_back)
    assert found.alike.share == came_back / people
    assert found.alike_on == tuple(day_of(one.cutoff) for one in scores.training)


def test_a_one_time_buyer_has_no_usual_interval() -> None:
    found = explain(score(orders([1, 2, 2], [10, 5, 5], [1.0, 1.0, 1.0]), 20, 30), 2)
    assert found is not None
    assert (found.orders, found.purchase_days, found.usual_days, found.times_usual) == (2, 1, None, None)
    assert (found.probability, found.alike, found.alike_on) == (None, None, ())


@pytest.mark.parametrize("customer", [0, 3, 99])
def test_nobody_is_explained_who_has_not_ordered(customer: int) -> None:
    assert explain(score(orders([1, 2, 99], [10, 5, 21], [1.0, 1.0, 1.0]), 20, 30), customer) is None
