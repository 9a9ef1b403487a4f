"""Where customers stand at a cut-off, against plain Python."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.purchases.returning.state import Orders, came_back, orders, state
from tests.purchases.returning import oracle

ORDER = st.tuples(st.integers(0, 6), st.integers(0, 60), st.floats(-50, 5000).map(lambda value: round(value, 2)))
FIELDS = ("n", "x", "first", "last", "amount", "span", "age", "recency", "interval")


def taken(rows: list[oracle.Order]) -> Orders:
    return orders([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])


@settings(deadline=None)
@given(rows=st.lists(ORDER, max_size=60), cutoff=st.integers(0, 60), days=st.integers(1, 30))
def test_states_are_those_of_plain_python(rows: list[oracle.Order], cutoff: int, days: int) -> None:
    known = taken(rows)
    found = state(known, cutoff)
    expected = oracle.states(rows, cutoff)
    assert found.customer.tolist() == sorted(expected)
    for name in FIELDS:
        wanted = [expected[customer][name] for customer in found.customer.tolist()]
        np.testing.assert_allclose(getattr(found, name), wanted, rtol=1e-12, atol=1e-9, err_msg=name)
    again = oracle.returners(rows, cutoff, days)
    assert came_back(known, found, days).tolist() == [customer in again for customer in found.customer.tolist()]


@settings(deadline=None)
@given(rows=st.lists(ORDER, min_size=1, max_size=40), data=st.data())
def test_the_sequence_of_orders_changes_no_bit(rows: list[oracle.Order], data: st.DataObject) -> None:
    one, other = state(taken(rows), 40), state(taken(data.draw(st.permutations(rows))), 40)
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_two_orders_of_a_day_are_one_purchase_day() -> None:
    then = state(taken([(7, 3, 10.0), (7, 3, 20.0), (7, 13, 5.0)]), 20)
    assert (then.n.tolist(), then.x.tolist(), then.interval.tolist(), then.recency.tolist()) == ([3], [1], [10.0], [7])


def test_arrays_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        orders([1, 2], [1], [1.0])


def test_amounts_of_one_day_add_up_alike_in_any_sequence() -> None:
    rows = [(1, 5, 0.1), (1, 5, 0.2), (1, 5, 0.3)]
    assert state(taken(rows), 5).amount.tolist() == state(taken(rows[::-1]), 5).amount.tolist()
