from datetime import date
from decimal import Decimal

import pytest

from app.candidates.sentences import (
    Money,
    Sentence,
    Span,
    Term,
    from_json,
    say,
    say_span,
    sentence,
    to_json,
)
from app.core.i18n import translator

JA = translator("ja")
EN = translator("en")


@pytest.mark.parametrize(
    ("days", "japanese", "english"),
    [
        (1, "1日", "1 day"),
        (59, "59日", "59 days"),
        (240, "8か月", "8 months"),
        (365, "1年", "1 year"),
        (1157, "3年2か月", "3 years 2 months"),
    ],
)
def test_lengths_of_time_are_said_as_people_say_them(days, japanese, english):
    assert say_span(days, JA) == japanese
    assert say_span(days, EN) == english


def test_a_sentence_is_kept_as_json_and_comes_back_the_same():
    inner = sentence("{kind} {n}× → cancelled", kind=Term("Subscription"), n=4)
    whole = sentence(
        "{a}",
        strong=True,
        a=1,
        b="白つゆ",
        c=date(2026, 5, 1),
        d=Money(Decimal("183000.50"), "JPY"),
        e=Span(90),
        f=inner,
    )
    assert from_json(to_json(whole)) == whole


def test_braces_in_a_product_name_stay_as_they_are():
    spoken = sentence("Cancelled after order {n} of {product} ({kind}).", product="{n}{kind}", kind="x", n=1)
    assert "{n}{kind}" in say(spoken, EN)


def test_a_value_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="unknown value"):
        from_json({"msgid": "x", "params": {"a": {"something": 1}}})


def test_a_sentence_without_values_is_said_as_it_stands():
    assert say(Sentence("Chosen by hand."), EN) == "Chosen by hand."
