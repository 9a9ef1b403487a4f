"""A rule is the same in its address, its form and its words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.i18n import translator
from app.purchases.segments.fields import FIELDS
from app.purchases.segments.rule import BadCondition, Rule, in_words, read_rule
from app.purchases.segments.values import read_value, write_value

NUMBERS = st.integers(1, 5)
SPANS = st.one_of(
    NUMBERS.map(str),
    NUMBERS.map("{}-".format),
    NUMBERS.map("-{}".format),
    st.tuples(NUMBERS, NUMBERS).map(lambda ends: f"{min(ends)}-{max(ends)}"),
)
DAYS = st.dates().map(str)
MONTHS = st.dates().map(lambda day: f"{day:%Y-%m}" if day.year > 999 else "2024-01")
WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12)


PLAIN = [name for name, one in FIELDS.items() if one.say is None]
"""Fields whose words any value of their kind has."""


def some_values(name: str) -> st.SearchStrategy[str]:
    one = FIELDS[name]
    if one.choices:
        return st.sampled_from(sorted(one.choices))
    if one.kind == "number":
        return NUMBERS.map(str) if one.single else SPANS
    return {
        "date": DAYS | DAYS.map("{}~".format),
        "month": MONTHS | MONTHS.map("~{}".format),
        "text": WORDS,
        "pair": st.tuples(WORDS, WORDS).map("=".join),
    }[one.kind]


RULES = st.lists(
    st.sampled_from(sorted(PLAIN)).flatmap(lambda name: st.tuples(st.just(name), some_values(name))), max_size=8
).map(read_rule)


@settings(deadline=None)
@given(rule=RULES)
def test_an_address_gives_the_same_rule_back(rule: Rule) -> None:
    assert read_rule(rule.to_query()) == rule
    assert read_rule(rule.pairs) == rule


@settings(deadline=None)
@given(rule=RULES)
def test_every_rule_can_be_said(rule: Rule) -> None:
    for locale in ("ja", "en"):
        phrases = in_words(rule, translator(locale))
        assert len(phrases) >= len(rule.conditions)
        assert all(phrase and "{" not in phrase for phrase in phrases)


@pytest.mark.parametrize(
    ("kind", "text", "written"),
    [
        ("number", "２〜５", "2-5"),
        ("number", "1,000-", "1000-"),
        ("number", "2.50", "2.50"),
        ("date", "2024-01-01~2024-01-01", "2024-01-01"),
        ("month", "2024-03", "2024-03"),
        ("month", "~2024-03", "~2024-03"),
    ],
)
def test_values_are_read_as_people_type_them(kind: str, text: str, written: str) -> None:
    value = read_value(kind, text)  # type: ignore[arg-type]  # the names of the kinds
    assert value is not None
    assert write_value(kind, value) == written  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    "query",
    [
        "orders=five", "orders=5-2", "orders=-", "first_on=2024-02-30", "first_month=2024-13", "customer_class=nobody",
        "r=6", "decile=0-11", "second_within=30-60", "attribute=sex", "orders=" + "9" * 20, "first_product=" + "x" * 501,
        "first_product=a%00b",
    ],
)  # fmt: skip
def test_a_condition_that_cannot_be_read_is_refused(query: str) -> None:
    """Passing it over would choose more people than somebody asked for."""
    with pytest.raises(BadCondition):
        read_rule(query)


def test_a_form_says_from_and_to_apart() -> None:
    pairs = [("orders_from", "2"), ("orders_to", ""), ("first_on_from", ""), ("first_on_to", ""), ("page", "3")]
    assert read_rule(pairs) == Rule.of(orders="2-")


def test_the_words_are_those_of_a_marketer() -> None:
    rule = Rule.of(
        customer_class=["lapsed", "churned"], orders="2-", amount="-30000", first_month="2024-03~2024-05", second_within="60",
        reached="3", attribute=["sex=female", "age_band=30", "age_band=40"], bought_product="美容液",
    )  # fmt: skip
    assert in_words(rule, translator("ja"), currency="JPY") == (
        "区分が休眠・離反",
        "注文が2回以上",
        "累計金額が¥30,000以下",
        "初回の月が2024年3月〜2024年5月",
        "性別: 女性",
        "年代: 30代・40代",
        "「美容液」を買った",
        "初回から60日以内に2回目を注文",
        "3回目まで注文した",
    )
