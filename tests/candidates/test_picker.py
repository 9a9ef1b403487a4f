import random
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.candidates.picking.cells import cell_of
from app.candidates.picking.picker import Barrier, Filters, pick_lane
from app.candidates.picking.twins import Half, pair_up, twin_key
from app.purchases.classes import CustomerClass
from tests.candidates.build import a_customer, stopped

LOYAL = CustomerClass.LOYAL
CHURNED = CustomerClass.CHURNED


def refs(pick):
    return [one.summary.customer_ref for one in pick.chosen]


def pick_of(people, missing, **more):
    return pick_lane(
        people,
        lane=LOYAL,
        missing=missing,
        filters=Filters(barred=more.pop("barred", {}), buyers=more.pop("buyers", None)),
        taken=more.pop("taken", {}),
        **more,
    )


def test_the_rarest_cell_comes_first_and_cells_take_turns():
    common = [a_customer(f"common{n}", days_since_last=n + 1) for n in range(5)]
    rare = [a_customer("rare", sales_channel="電話")]
    assert refs(pick_of([*common, *rare], 3)) == ["rare", "common0", "common1"]


def test_a_cell_somebody_was_taken_from_waits():
    common = [a_customer(f"common{n}") for n in range(2)]
    rare = [a_customer("rare1", sales_channel="電話")]
    taken = {cell_of(rare[0]): 1}
    assert refs(pick_of([*common, *rare], 2, taken=taken)) == ["common0", "rare1"]


def test_inside_a_cell_the_nearest_to_the_own_rhythm_comes_first():
    people = [a_customer("late", days_since_last=60), a_customer("fresh", days_since_last=3)]
    assert refs(pick_of(people, 2)) == ["fresh", "late"]


def test_who_is_left_out_is_counted_by_reason():
    people = [a_customer("a"), a_customer("b"), a_customer("c", amount="0"), a_customer("d")]
    found = pick_of(people, 5, barred={"a": Barrier.INTERVIEWED, "b": Barrier.OTHER_STUDY})
    assert refs(found) == ["d"]
    assert dict(found.left_out) == {Barrier.INTERVIEWED: 1, Barrier.OTHER_STUDY: 1, Barrier.NO_DATA: 1}
    assert found.available == 4


def test_people_who_never_bought_the_product_are_left_out_where_the_data_can_tell():
    people = [a_customer("a"), a_customer("b")]
    found = pick_of(people, 2, buyers=frozenset({"b"}))
    assert refs(found) == ["b"]
    assert dict(found.left_out) == {Barrier.OTHER_PRODUCT: 1}


def test_nobody_there_gives_nobody():
    found = pick_of([], 3)
    assert (found.available, found.chosen, dict(found.left_out)) == (0, (), {})


def test_a_place_is_kept_for_a_twin():
    light = a_customer("light", first_order_on=date(2025, 5, 3))
    dark = [
        a_customer(f"dark{n}", customer_class=CHURNED, first_order_on=date(2024, n + 1, 1), stop_point=stopped(n + 1))
        for n in range(6)
    ]
    twin = a_customer("twin", customer_class=CHURNED, first_order_on=date(2025, 5, 28), stop_point=stopped(1))
    found = pick_lane(
        [*dark, twin],
        lane=CHURNED,
        missing=3,
        filters=Filters(),
        taken={},
        is_twin=lambda one: twin_key(one) == twin_key(light),
    )
    assert refs(found)[0] == "twin"


def test_without_a_product_nobody_is_a_twin():
    assert twin_key(a_customer("x", first_product="")) is None


def test_twins_share_shop_product_month_and_channel():
    base = twin_key(a_customer("a", first_order_on=date(2025, 5, 1)))
    assert base == twin_key(a_customer("b", first_order_on=date(2025, 5, 31)))
    assert base != twin_key(a_customer("b", first_order_on=date(2025, 6, 1)))
    assert base != twin_key(a_customer("b", first_order_on=date(2025, 5, 1), sales_channel="電話"))
    assert base != twin_key(a_customer("b", first_order_on=date(2025, 5, 1), source="モール店"))


def test_everybody_is_in_one_pair_at_most_and_churned_comes_before_lapsed():
    key = twin_key(a_customer())
    halves = [
        Half(1, LOYAL, key, 9), Half(2, CustomerClass.LAPSED, key, 4), Half(3, CHURNED, key, 2),
        Half(4, LOYAL, key, 9), Half(5, LOYAL, None, 9), Half(6, LOYAL, key, 9),
    ]  # fmt: skip
    assert pair_up(halves) == [(1, 3), (4, 2)]


@settings(max_examples=60, deadline=None)
@given(
    cells=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 200)), max_size=40),
    missing=st.integers(0, 12),
    seed=st.integers(),
)
def test_the_pick_is_the_same_in_any_order_and_never_too_many(cells, missing, seed):
    people = [
        a_customer(f"c{n:02}", first_product=f"p{product}", sales_channel=f"s{channel}", days_since_last=days)
        for n, (product, channel, days) in enumerate(cells)
    ]
    shuffled = people.copy()
    random.Random(seed).shuffle(shuffled)
    found = pick_of(people, missing)
    assert refs(found) == refs(pick_of(shuffled, missing))
    assert len(found.chosen) == min(missing, len(people))
    assert len({cell_of(one.summary) for one in found.chosen}) == min(missing, len({cell_of(p) for p in people}))
