"""The chance of ordering again orders people inside a lane, and decides nothing else."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.candidates.cards.reasons import reasons
from app.candidates.picking.likely import level, rank_of
from app.candidates.picking.picker import Filters, order_key, pick_lane
from app.core.database import read_session
from app.purchases import queries as purchases
from app.purchases.classes import CustomerClass
from app.purchases.returning import tasks
from app.purchases.returning.explanation import Explanation
from app.purchases.returning.queries import explanations
from tests.candidates.build import AS_OF, a_customer, stopped

LOYAL, LAPSED, CHURNED = CustomerClass.LOYAL, CustomerClass.LAPSED, CustomerClass.CHURNED


def known(chances):
    return {
        ("本店", f"id-{ref}"): Explanation(chance, None, 30.0, 100, 29) for ref, chance in chances.items()
    }  # fmt: skip


def order_of(lane, people, chances):
    found = pick_lane(
        people, lane=lane, missing=len(people), filters=Filters(), taken={}, rank=rank_of(lane, known(chances))
    )
    return [one.summary.customer_ref for one in found.chosen]


def test_loyal_people_with_the_highest_chance_come_first():
    people = [a_customer(ref, days_since_last=days) for ref, days in (("a", 1), ("b", 90), ("c", 40), ("d", 2))]
    assert order_of(LOYAL, people, {"a": 0.301, "b": 0.9, "c": 0.6, "d": 0.299}) == ["b", "c", "a", "d"]


def test_lapsed_repeat_buyers_who_may_still_return_come_first():
    people = [
        a_customer("once", customer_class=LAPSED, orders=1, days_since_last=1),
        a_customer("sure", customer_class=LAPSED, orders=3, days_since_last=2),
        a_customer("gone", customer_class=LAPSED, orders=3, days_since_last=3),
        a_customer("late", customer_class=LAPSED, orders=3, days_since_last=90),
        a_customer("near", customer_class=LAPSED, orders=3, days_since_last=60),
    ]
    chances = {"once": 0.2, "sure": 0.36, "gone": 0.09, "late": 0.1, "near": 0.35}
    assert order_of(LAPSED, people, chances) == ["near", "late", "once", "sure", "gone"]


def churned(ref, *, orders, days, ending):
    return a_customer(
        ref, customer_class=CHURNED, orders=orders, days_since_last=days, stop_point=stopped(3, ending=ending)
    )  # fmt: skip


def test_churned_people_who_cancelled_or_will_hardly_return_come_first():
    people = [
        churned("may", orders=3, days=1, ending="stopped"),
        churned("hardly", orders=3, days=90, ending="stopped"),
    ]
    assert order_of(CHURNED, people, {"may": 0.2, "hardly": 0.05}) == ["hardly", "may"]
    rank = rank_of(CHURNED, known({"c": 0.9, "may": 0.2}))
    assert (rank(churned("c", orders=1, days=1, ending="cancelled")), rank(people[0])) == (0, 1)


@settings(max_examples=60, deadline=None)
@given(
    lane=st.sampled_from([LOYAL, LAPSED, CHURNED]),
    cells=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5), st.integers(0, 200)), max_size=30),
    chances=st.lists(st.none() | st.floats(0, 1), max_size=30),
    seed=st.integers(),
)
def test_the_chance_moves_nobody_in_or_out_of_the_lane(lane, cells, chances, seed):
    people = [
        a_customer(f"c{n:02}", customer_class=lane, first_product=f"p{product}", orders=orders, days_since_last=days)
        for n, (product, orders, days) in enumerate(cells)
    ]
    given_chances = {f"c{n:02}": chance for n, chance in enumerate(chances)}
    found = order_of(lane, people, given_chances)
    shuffled = people.copy()
    random.Random(seed).shuffle(shuffled)
    assert found == order_of(lane, shuffled, given_chances)
    assert sorted(found) == sorted(one.customer_ref for one in people)
    if all(chance is None for chance in chances):
        assert rank_of(lane, known(given_chances)) is level
    inside = sorted(people, key=lambda one: order_key(one, lambda _: False, rank_of(lane, known(given_chances))))
    firsts = {one.first_product: one.customer_ref for one in reversed(inside)}
    assert set(found[: len(firsts)]) == set(firsts.values())  # each cell gives its first before any gives its second


def test_the_reason_is_a_plain_sentence_where_enough_people_were_alike():
    said = reasons(a_customer(), chance=Explanation(0.4, None, 31.0, 30, 9))
    (one,) = [one for one in said if "ordered again" in one.msgid]
    assert dict(one.params) == {"share": 30, "days": 90}
    for few in (None, Explanation(0.4, None, 31.0, 29, 9), Explanation(None, None, 31.0, None, None)):
        assert len(reasons(a_customer(), chance=few)) == len(said) - 1


@pytest.fixture
def counted(shop):
    tasks.run_returns(shop.parts)
    return shop


def test_figures_of_another_day_are_not_used(counted):
    with read_session(counted.parts.engine) as session:
        people = purchases.summaries(session, counted.store)
        day = purchases.as_of(session, counted.store)
        assert day is not None
        found = explanations(session, counted.store, people=people[:5], as_of=day)
        assert set(found) == {(one.source, one.customer_id) for one in people[:5]}
        assert explanations(session, counted.store, people=people, as_of=AS_OF) == {}
