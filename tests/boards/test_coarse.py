"""Attributes on boards are coarsened until five customers share what is shown: a table of cases, and for any counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.boards.many.attribute_table import attribute_table
from app.boards.many.coarse import FEWEST, Shown, coarsened, region_counts
from app.language.codebook import Stage
from app.purchases.classes import CustomerClass
from tests.boards.build import heard, said_by

AGED = {"a": {"age_5": "30", "age_band": "30"}, "b": {"age_5": "35", "age_band": "30"}, "c": {}}
LIVING = {"a": {"prefecture": "東京都"}, "b": {"prefecture": "青森県"}}


@pytest.mark.parametrize(
    ("five", "ten", "level", "values"),
    [
        ({"30": 5, "35": 9}, {"30": 14}, "age_5", {"a": "30", "b": "35", "c": ""}),
        ({"30": 4, "35": 9}, {"30": 13}, "age_band", {"a": "30", "b": "30", "c": ""}),
        ({"30": 2, "35": 2}, {"30": 4}, "age_band", {"a": None, "b": None, "c": ""}),
        ({}, {}, "age_band", {"a": None, "b": None, "c": ""}),
    ],
)
def test_ages_of_five_years_become_ten_then_nothing(five, ten, level, values):
    assert coarsened("age_5", AGED, {"age_5": five, "age_band": ten}) == Shown(level, values)


def test_a_prefecture_becomes_its_region_then_nothing():
    few = {"東京都": 4, "神奈川県": 3, "青森県": 2}
    shown = coarsened("prefecture", LIVING, {"prefecture": few, "region": region_counts(few)})
    assert shown == Shown("region", {"a": "関東", "b": None})
    many = {"東京都": 5, "青森県": 5}
    assert coarsened("prefecture", LIVING, {"prefecture": many}).values == {"a": "東京都", "b": "青森県"}


def test_other_attributes_are_shown_or_hidden_value_by_value():
    people = {"a": {"肌質": "乾燥肌"}, "b": {"肌質": "敏感肌"}}
    assert coarsened("肌質", people, {"肌質": {"乾燥肌": 5, "敏感肌": 4}}).values == {"a": "乾燥肌", "b": None}


def test_researchers_see_the_finest_level():
    assert coarsened("age_5", AGED, {}, fewest=0).values == {"a": "30", "b": "35", "c": ""}


counts = st.dictionaries(st.sampled_from(["20", "25", "30", "35"]), st.integers(min_value=0, max_value=9))


@given(five=counts, people=st.lists(st.sampled_from(["20", "25", "30", "35", ""]), max_size=6))
def test_nothing_is_ever_shown_that_fewer_customers_share(five, people):
    own = {str(n): ({"age_5": age, "age_band": age[0] + "0"} if age else {}) for n, age in enumerate(people)}
    ten: dict[str, int] = {}
    for age, number in five.items():
        ten[age[0] + "0"] = ten.get(age[0] + "0", 0) + number
    shown = coarsened("age_5", own, {"age_5": five, "age_band": ten})
    known = {"age_5": five, "age_band": ten}[shown.level]
    assert all(known.get(value, 0) >= FEWEST for value in shown.values.values() if value)
    assert all((shown.values[person] == "") is (not one) for person, one in own.items())


def test_the_table_counts_people_of_each_value_and_puts_hidden_and_unknown_last():
    people = (
        heard("あ", CustomerClass.LOYAL, said_by("あ", CustomerClass.LOYAL, "続けます")),
        heard("い", CustomerClass.LOYAL),
        heard("う", CustomerClass.CHURNED),
        heard("え", CustomerClass.CHURNED),
    )
    ids = [person.person_id for person in people]
    table = attribute_table(people, "age_5", Shown("age_band", dict(zip(ids, ["40", "30", None, ""], strict=True))))
    assert [(one.value, one.people) for one in table.columns] == [("30", 1), ("40", 1), (None, 1), ("", 1)]
    row = next(row for row in table.rows if row.stage is Stage.LOYALTY_TRIGGER)
    assert [(cell.people, cell.of) for cell in row.cells] == [(0, 1), (1, 1), (0, 1), (0, 1)]
