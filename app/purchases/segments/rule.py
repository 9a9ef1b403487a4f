"""A rule: conditions that all hold, each of one field with values of which one holds; its address and its words. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from app.core.errors import AppError
from app.core.i18n import N_, Translator
from app.purchases.other.attribute_words import name_label, value_label
from app.purchases.segments.fields import FIELDS, Field
from app.purchases.segments.values import Number, Span, Value, read_value, write_span, write_value

FROM, TO = "_from", "_to"
SEGMENT = "segment"


BAD = N_("This condition cannot be read: {label}.")
BAD_NUMBERS = N_("This condition cannot be read: {label}. Write numbers such as 2 or 1,000, the smaller one first.")
BAD_POINTS = N_("This condition cannot be read: {label}. Write numbers up to {most}, the smaller one first.")
BAD_DAYS = N_("This condition cannot be read: {label}. Write days such as 2026-10-31, the earlier one first.")
BAD_MONTHS = N_("This condition cannot be read: {label}. Write months such as 2026-10, the earlier one first.")


class BadCondition(AppError):
    """A condition of an address or a form cannot be read; guessing would choose other people."""

    def __init__(self, one: Field) -> None:
        """Name the field, and say what it takes."""
        numbers = BAD_NUMBERS if one.most is None else BAD_POINTS
        message = {"number": numbers, "date": BAD_DAYS, "month": BAD_MONTHS}.get(one.kind, BAD)
        super().__init__("bad_condition", message, label=one.label, most=one.most)
        self.field = one.name


@dataclass(frozen=True)
class Condition:
    """One field with values; one of them has to hold."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Rule:
    """Conditions in the order of the fields; all of them have to hold, without any it is everybody."""

    conditions: tuple[Condition, ...] = ()

    @classmethod
    def of(cls, **values: str | Iterable[str]) -> "Rule":
        """Return the rule of these fields, as they stand in an address: `Rule.of(first_month="2024-03", orders="2-")`.

        Raises:
            BadCondition: a value cannot be read.
        """
        pairs = [
            (name, text)
            for name, some in values.items()
            for text in ((some,) if isinstance(some, str) else some)
        ]  # fmt: skip
        return read_rule(pairs)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The rule as names and values of an address."""
        return [
            (one.field, write_value(FIELDS[one.field].kind, value)) for one in self.conditions for value in one.values
        ]

    @property
    def needs(self) -> frozenset[str]:
        """The relations it looks at beside the customers."""
        return frozenset(name for one in self.conditions for name in FIELDS[one.field].needs.split())

    @property
    def segments(self) -> tuple[str, ...]:
        """The ids of saved segments it names."""
        return tuple(str(value) for one in self.conditions if one.field == SEGMENT for value in one.values)

    def given(self, name: str) -> tuple[Value, ...]:
        """Return the values of a field, none where nothing is asked of it."""
        return next((one.values for one in self.conditions if one.field == name), ())

    def to_query(self) -> str:
        """Return the query of its address; it holds no personal data, since no field does."""
        return urlencode(self.pairs)


def read_rule(params: str | Iterable[tuple[str, str]]) -> Rule:
    """Return the rule of an address or a form; names that are no field and empty values are passed over.

    Raises:
        BadCondition: a value cannot be read.
    """
    pairs = parse_qsl(params) if isinstance(params, str) else list(params)
    found: dict[str, dict[Value, None]] = {}
    for name, text in (*pairs, *_spans(pairs)):
        one = FIELDS.get(name)
        if one is None or not text.strip():
            continue
        value = read_value(one.kind, text)
        if value is None or not _fits(one, value) or len(found.get(name, ())) >= one.several:
            raise BadCondition(one)
        if one.single:
            found[name] = {}
        found.setdefault(name, {})[value] = None
    return Rule(tuple(Condition(name, tuple(found[name])) for name in FIELDS if name in found))


def _spans(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the fields of a form that come as two entries, from and to, as one value each."""
    given = {name: text for name, text in pairs if name.endswith((FROM, TO))}
    names = dict.fromkeys(name.removesuffix(FROM).removesuffix(TO) for name in given)
    return [
        (name, write_span(FIELDS[name].kind, given.get(name + FROM, ""), given.get(name + TO, "")))
        for name in names
        if name in FIELDS
    ]


def _fits(one: Field, value: Value) -> bool:
    if one.choices:
        return value in one.choices
    if not isinstance(value, Span):
        return True
    if one.single and value.low != value.high:
        return False
    ends = [end for end in (value.low, value.high) if end is not None and not isinstance(end, date)]
    return one.most is None or all(end <= one.most for end in ends)


def in_words(
    rule: Rule, t: Translator, *, segments: Mapping[str, str] | None = None, currency: str = ""
) -> tuple[str, ...]:  # fmt: skip
    """Return one phrase for each condition, in the reader's language; `segments` gives the names of saved ones.

    `currency` says amounts where the shop has one currency only.
    """
    phrases: list[str] = []
    for one in rule.conditions:
        field = FIELDS[one.field]
        if field.kind == "pair" and field.say is None:
            phrases += _attributes(one.values, t)
        elif one.field == SEGMENT:
            names = [(segments or {}).get(str(value)) or t(N_("a segment that was deleted")) for value in one.values]
            phrases.append(t(field.phrase, value=t.join(names)))
        else:
            phrases.append(t(field.phrase, value=t.join(_said(field, value, t, currency) for value in one.values)))
    return tuple(phrases)


def _attributes(values: tuple[Value, ...], t: Translator) -> list[str]:
    """Return one phrase for each attribute: of one of them one value is enough, of several all have to fit."""
    said: dict[str, list[str]] = {}
    for value in values:
        name, _, wanted = str(value).partition("=")
        said.setdefault(name, []).append(value_label(name, wanted, t) if wanted else t(N_("not known")))
    return [f"{name_label(name, t)}: {t.join(words)}" for name, words in said.items()]


def _said(one: Field, value: Value, t: Translator, currency: str) -> str:
    if isinstance(value, str):
        return one.say(value, t) if one.say else t(one.choices[value]) if one.choices else value
    low, high = (None if end is None else _end(one, end, t, currency) for end in (value.low, value.high))
    day = one.kind != "number"
    if low == high:
        return str(low)
    if high is None:
        return t(N_("{value} or later") if day else N_("{value} or more"), value=low)
    if low is None:
        return t(N_("until {value}") if day else N_("up to {value}"), value=high)
    return t(N_("{low} to {high}"), low=low, high=high)


def _end(one: Field, end: Number | date, t: Translator, currency: str) -> str:
    if isinstance(end, date):
        return t.month(end) if one.kind == "month" else t.date(end)
    if one.unit == "money":
        return t.money(end, currency) if currency else t.number(end)
    return t(one.unit, n=t.number(end)) if one.unit else t.number(end)
