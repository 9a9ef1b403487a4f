"""Quotas by attribute: people who fill an open one come first, in every lane; what nobody fills is told."""

from hypothesis import given
from hypothesis import strategies as st

from app.candidates.picking.picker import Barrier, Filters, pick_lane
from app.candidates.picking.wishes import Wishes, progress, wishes
from app.purchases.classes import CustomerClass
from app.purchases.other.attribute_words import Attribute
from app.studies.attribute_quotas import AttributeQuota
from tests.candidates.build import a_customer

WOMEN = AttributeQuota(name="sex", value="female", wanted=2)
THIRTIES = AttributeQuota(name="age_band", value="30", wanted=1)


def picked(people, missing, asked, **barred):
    return pick_lane(
        people, lane=CustomerClass.LOYAL, missing=missing, filters=Filters(barred=barred), taken={}, wishes=asked
    )


def refs(found):
    return [one.summary.customer_ref for one in found.chosen]


def test_people_who_fill_open_quotas_come_first_those_who_fill_most_before_others():
    people = [a_customer(f"r{n}", days_since_last=n + 1) for n in range(6)]
    known = {
        "r3": {"sex": "female"},
        "r4": {"sex": "female", "age_band": "30"},
        "r5": {"sex": "male", "age_band": "30"},
    }
    found = picked(people, 4, wishes([WOMEN, THIRTIES], [], known))
    assert refs(found) == ["r4", "r3", "r0", "r1"]
    assert [len(one.fills) for one in found.chosen] == [2, 1, 0, 0]


def test_quotas_filled_by_people_taken_before_are_not_filled_again():
    people = [a_customer("r0", days_since_last=1), a_customer("woman", days_since_last=9)]
    asked = wishes([WOMEN], [{"sex": "female"}, {"sex": "female"}], {"woman": {"sex": "female"}})
    found = picked(people, 1, asked)
    assert refs(found) == ["r0"]
    assert found.chosen[0].fills == ()


def test_a_quota_never_brings_in_who_is_left_out():
    people = [a_customer("woman"), a_customer("other")]
    asked = wishes([WOMEN], [], {"woman": {"sex": "female"}})
    found = picked(people, 1, asked, woman=Barrier.INTERVIEWED)
    assert refs(found) == ["other"]
    assert asked.open[Attribute("sex", "female")] == 2


def test_one_lane_counts_down_for_the_next():
    asked = wishes([WOMEN], [], {f"r{n}": {"sex": "female"} for n in range(4)})
    people = [a_customer(f"r{n}") for n in range(4)]
    first = picked(people[:2], 2, asked)
    second = picked(people[2:], 2, asked)
    assert [len(one.fills) for one in (*first.chosen, *second.chosen)] == [1, 1, 0, 0]


def test_how_far_quotas_are_filled():
    taken = [{"sex": "female"}, {"sex": "male", "age_band": "30"}, {}]
    assert [(one.filled, one.missing) for one in progress([WOMEN, THIRTIES], taken)] == [(1, 1), (1, 0)]


people_known = st.dictionaries(
    st.sampled_from([f"r{n}" for n in range(12)]),
    st.fixed_dictionaries({"sex": st.sampled_from(["female", "male"]), "age_band": st.sampled_from(["20", "30"])}),
)


@given(known=people_known, missing=st.integers(min_value=0, max_value=14), wanted=st.integers(min_value=1, max_value=6))
def test_a_lane_is_always_filled_and_a_single_quota_as_far_as_there_are_people(known, missing, wanted):
    people = [a_customer(f"r{n}", days_since_last=n + 1) for n in range(12)]
    quota = AttributeQuota(name="sex", value="female", wanted=wanted)
    found = picked(people, missing, wishes([quota], [], known))
    assert len(set(refs(found))) == len(found.chosen) == min(missing, 12)
    women = sum(known.get(ref, {}).get("sex") == "female" for ref in refs(found))
    there = sum(own["sex"] == "female" for own in known.values())
    assert women >= min(wanted, there, missing)


def test_without_quotas_nothing_changes():
    people = [a_customer(f"r{n}", days_since_last=n + 1) for n in range(5)]
    assert refs(picked(people, 3, None)) == refs(picked(people, 3, Wishes()))
