"""The form of conditions: fields in groups, each with what a rule asks of it now."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from app.core.i18n import N_, Translator
from app.purchases.segments.fields import FIELDS, Field
from app.purchases.segments.rule import FROM, TO, Rule, in_words
from app.purchases.segments.schemas import Choices
from app.purchases.segments.values import Span, Value, write_value

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Customers"), ("customer_class", "purchase_type", "super_loyal", "decile", "r", "f", "m")),
    (N_("Orders and amount"), ("orders", "reached", "last_number", "purchase_days", "amount", "second_within", "second_gap")),
    (N_("Dates"), ("days_since_last", "elapsed", "first_month", "first_on", "last_on", "ordered_in_month")),
    (N_("Products and channels"), ("first_product", "first_kind", "bought_product", "bought_family", "sales_channel", "acquisition_channel", "source")),
    (N_("Where they stopped"), ("stop_number", "stop_product", "stop_kind", "stop_ending")),
    (N_("Attributes and saved segments"), ("attribute", "intention", "segment")),
)  # fmt: skip
OFFERED, SUGGESTED = 300, 20
"""So many words of the data can be ticked; what is rarer is found by a part of its name, so many at a time."""
INPUTS = {"number": "text", "date": "date", "month": "month"}


@dataclass(frozen=True)
class Control:
    """One field of the form: `low` and `high` of a span, or the `chosen` words; `offered` are words of the data.

    There may be `more` words than those: they are searched for.
    """

    field: Field
    chosen: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    offered: tuple[tuple[str, str], ...] = ()
    more: bool = False
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def input_type(self) -> str:
        """The type of input that people type a span into."""
        return INPUTS[self.field.kind]

    @property
    def pairs(self) -> frozenset[str]:
        """The attributes with their values that can be chosen."""
        return frozenset(f"{name}={value}" for name, values in self.groups for value in (*values, ""))


@dataclass(frozen=True)
class Group:
    """Fields that belong together; open where one of them is in use."""

    title: str
    controls: tuple[Control, ...]

    @property
    def used(self) -> int:
        """How many of its fields a rule asks something of."""
        return sum(bool(one.chosen or one.low or one.high) for one in self.controls)


@dataclass(frozen=True)
class RuleForm:
    """All groups, and what a rule asks beside them: that stays as it is."""

    groups: tuple[Group, ...]
    kept: tuple[tuple[str, str], ...]


def rule_form(rule: Rule, choices: Choices, typed: Mapping[str, str] | None = None) -> RuleForm:
    """Return the form of a rule; `typed` are the entries that cannot be read, by their names."""
    groups = tuple(
        Group(
            title,
            tuple(
                _control(FIELDS[name], rule.given(name), choices, typed or {})
                for name in names
                if _simple(rule, name)
            ),
        )
        for title, names in GROUPS
    )  # fmt: skip
    shown = {one.field.name for group in groups for one in group.controls}
    return RuleForm(groups, tuple(pair for pair in rule.pairs if pair[0] not in shown))


def _simple(rule: Rule, name: str) -> bool:
    """Return whether a field's values fit the form: it has room for one span."""
    return len([value for value in rule.given(name) if isinstance(value, Span)]) <= 1


def _control(one: Field, values: tuple[Value, ...], choices: Choices, typed: Mapping[str, str]) -> Control:
    if one.kind in INPUTS:
        low, high = _ends(one, values)
        whole = typed.get(one.name, "")
        return Control(one, low=typed.get(one.name + FROM, whole) or low, high=typed.get(one.name + TO, "") or high)
    chosen = tuple(str(value) for value in values)
    if one.choices:
        return Control(one, chosen, offered=tuple(one.choices.items()))
    if one.name == "attribute":
        return Control(one, chosen, groups=choices.attributes)
    if one.name == "segment":
        return Control(one, chosen, offered=choices.segments)
    words = _words(one.name, choices)
    return Control(one, chosen, offered=tuple((word, word) for word in words[:OFFERED]), more=len(words) > OFFERED)


def suggested(name: str, text: str, choices: Choices) -> tuple[str, ...]:
    """Return words of a field that hold a text, the most used first; letters are compared as people see them."""
    wanted = _seen(text)
    found = (word for word in _words(name, choices) if wanted and wanted in _seen(word))
    return tuple(islice(found, SUGGESTED))


def _seen(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _ends(one: Field, values: tuple[Value, ...]) -> tuple[str, str]:
    span = next((value for value in values if isinstance(value, Span)), None)
    if span is None:
        return "", ""
    low, high = (
        "" if end is None else write_value(one.kind, Span(end, end)) for end in (span.low, span.high)
    )  # fmt: skip
    return low, high


def _words(name: str, choices: Choices) -> tuple[str, ...]:
    others = {
        "sales_channel": choices.channels,
        "acquisition_channel": choices.acquired,
        "source": choices.sources,
        "bought_family": choices.families,
    }
    return others.get(name, choices.products)


def rule_words(
    rule: Rule, t: Translator, names: Mapping[str, str] | None = None, currency: str = ""
) -> tuple[str, ...]:  # fmt: skip
    """Return a rule in phrases, for templates."""
    return in_words(rule, t, segments=names, currency=currency)


def rule_query(**values: str) -> str:
    """Return the query of the page with the people of a number, of fields as in its address: first_month="2024-03"."""
    return Rule.of(**values).to_query()


RULE_GLOBALS: Mapping[str, Callable[..., object]] = {"rule_words": rule_words, "rule_query": rule_query}
