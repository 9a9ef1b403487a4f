"""The numbers as people type them: read, written back, and refused with a word on each."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.purchases.classes import Segments
from app.purchases.scoring import thresholds
from app.purchases.scoring.cutoffs import Cutoffs
from app.purchases.scoring.thresholds import BadNumbers
from app.purchases.segments_file import Numbers, defaults, from_stored, to_stored

USUAL = thresholds.typed(defaults(), ["JPY"])


def test_what_is_written_is_read_again() -> None:
    assert thresholds.read(USUAL, ["JPY"], defaults()) == defaults()
    numbers = Numbers(
        replace(Segments(), high_orders=Decimal("6.5"), lapse_share=0.925, super_loyal_share=0.005),
        Cutoffs(days=(0, 1, 2, 3)),
    )
    assert thresholds.read(thresholds.typed(numbers, ["JPY"]), ["JPY"], defaults()) == numbers
    assert from_stored(to_stored(numbers)) == numbers
    assert to_stored(defaults()) == {}


def test_full_width_digits_and_separators_are_read() -> None:
    found = thresholds.read(USUAL | {"long_days": "１２０", "amount_JPY_a": "１２０,０００"}, ["JPY"], defaults())
    assert found.segments.long_days == 120
    assert found.cutoffs.amounts("JPY")[0] == 120_000


def test_a_currency_gets_limits_of_its_own_and_others_keep_theirs() -> None:
    values = USUAL | {f"amount_USD_{letter}": str(limit) for letter, limit in zip("abcd", (900, 90, 9, 1), strict=True)}
    found = thresholds.read(values, ["USD"], defaults())
    assert found.cutoffs.amounts("USD") == tuple(map(Decimal, (900, 90, 9, 1)))
    assert found.cutoffs.amounts("JPY") == defaults().cutoffs.amounts("JPY")
    assert found.cutoffs.amounts("CHF") == defaults().cutoffs.amounts("other")


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"long_days": ""}, "long_days"),
        ({"amount_JPY_d": "0"}, "amount_JPY_d"),
        ({"amount_JPY_a": "1000000000000"}, "amount_JPY_a"),
        ({"long_days": "0"}, "long_days"),
        ({"long_days": "ninety"}, "long_days"),
        ({"churn_days": "3651"}, "churn_days"),
        ({"lapse_percent": "100"}, "lapse_percent"),
        ({"lapse_percent": "NaN"}, "lapse_percent"),
        ({"high_orders": "inf"}, "high_orders"),
        ({"lapse_least": "300"}, "lapse_most"),
        ({"days_b": "30"}, "days_b"),
        ({"orders_d": "3"}, "orders_d"),
        ({"amount_JPY_b": "50000"}, "amount_JPY_b"),
        ({"amount_JPY_b": "-1"}, "amount_JPY_b"),
        ({"super_loyal_percent": "0"}, "super_loyal_percent"),
    ],
)
def test_each_number_that_cannot_be_used_is_named(typed: dict[str, str], wrong: str) -> None:
    with pytest.raises(BadNumbers) as fault:
        thresholds.read(USUAL | typed, ["JPY"], defaults())
    assert wrong in fault.value.faults
