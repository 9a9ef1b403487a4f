"""Sentences that outlive the language they are read in: a msgid and typed values, stored as JSON, said at the edge."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Union

from app.core.i18n import Translator

DAYS_IN_MONTH = 30.4375
SHORT_SPAN_DAYS = 60
MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in days, said as days, months, or years and months."""

    days: int


@dataclass(frozen=True, slots=True)
class Term:
    """A word of ours that is translated: a class, a kind, a label."""

    msgid: str


Value = Union[int, str, date, Money, Span, Term, "Sentence"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English msgid with named values; `strong` marks what sets this person apart."""

    msgid: str
    params: tuple[tuple[str, Value], ...] = ()
    strong: bool = False


def sentence(msgid: str, *, strong: bool = False, **params: Value) -> Sentence:
    """Return a sentence with its values."""
    return Sentence(msgid=msgid, params=tuple(params.items()), strong=strong)


def say(spoken: Sentence, t: Translator) -> str:
    """Return the sentence in the reader's language."""
    return t(spoken.msgid, **{name: say_value(value, t) for name, value in spoken.params})


def say_value(value: Value, t: Translator) -> str:
    """Return one value in the reader's language."""
    match value:
        case Sentence():
            return say(value, t)
        case Term():
            return t(value.msgid)
        case Money():
            return t.man(value.amount, value.currency)
        case Span():
            return say_span(value.days, t)
        case date():
            return t.date(value)
        case int():
            return t.number(value)
        case str():
            return value


def say_span(days: int, t: Translator) -> str:
    """Return a length of time as people say it: 42日, 8か月, 3年2か月."""
    if days < SHORT_SPAN_DAYS:
        return t.plural("{n} day", "{n} days", n=days)
    years, months = divmod(round(days / DAYS_IN_MONTH), MONTHS_IN_YEAR)
    parts = []
    if years:
        parts.append(t.plural("{n} year", "{n} years", n=years))
    if months:
        parts.append(t.plural("{n} month", "{n} months", n=months))
    return ("" if t.locale == "ja" else " ").join(parts)


def to_json(spoken: Sentence) -> dict[str, Any]:
    """Return the sentence as plain JSON."""
    return {
        "msgid": spoken.msgid,
        "params": {name: _value_to_json(value) for name, value in spoken.params},
        "strong": spoken.strong,
    }


def _value_to_json(value: Value) -> Any:  # noqa: ANN401 - JSON is what it is
    match value:
        case Sentence():
            return {"sentence": to_json(value)}
        case Term():
            return {"term": value.msgid}
        case Money():
            return {"amount": str(value.amount), "currency": value.currency}
        case Span():
            return {"span_days": value.days}
        case date():
            return {"date": value.isoformat()}
        case _:
            return value


def from_json(stored: dict[str, Any]) -> Sentence:
    """Return the sentence kept by `to_json`."""
    return Sentence(
        msgid=stored["msgid"],
        params=tuple((name, _value_from_json(value)) for name, value in stored["params"].items()),
        strong=bool(stored.get("strong", False)),
    )


def _value_from_json(value: Any) -> Value:  # noqa: ANN401 - JSON is what it is
    match value:
        case {"sentence": inner}:
            return from_json(inner)
        case {"term": msgid}:
            return Term(msgid)
        case {"amount": amount, "currency": currency}:
            return Money(Decimal(amount), currency)
        case {"span_days": days}:
            return Span(days)
        case {"date": day}:
            return date.fromisoformat(day)
        case int() | str():
            return value
        case _:
            message = "unknown value in a stored sentence"
            raise ValueError(message)
