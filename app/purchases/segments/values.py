"""The values of conditions as they stand in an address: numbers, days and months from–to, words. Pure."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["choice", "number", "date", "month", "text", "pair"]
NUMBER = re.compile(r"(?P<low>\d{1,12}(?:\.\d{1,4})?)?(?:(?P<to>-)(?P<high>\d{1,12}(?:\.\d{1,4})?)?)?", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
LONGEST = 500
Number = int | Decimal


@dataclass(frozen=True)
class Span:
    """From–to, both ends in; None where one side is open. Months are their first days."""

    low: Number | date | None
    high: Number | date | None


Value = str | Span


def read_value(kind: Kind, text: str) -> Value | None:
    """Return the value that a text means, None where it means none."""
    word = text.strip()
    if not word or len(word) > LONGEST or not word.isprintable():
        return None
    if kind == "number":
        return _numbers(_plain(word))
    if kind == "date":
        return _days(_plain(word), DAY, "")
    if kind == "month":
        return _days(_plain(word), MONTH, "-01")
    return word if kind != "pair" or "=" in word[1:] else None


def write_value(kind: Kind, value: Value) -> str:
    """Return the text that `read_value` reads."""
    if isinstance(value, str):
        return value
    low, high = (_written(kind, end) for end in (value.low, value.high))
    if low == high:
        return low
    return f"{low}-{high}" if kind == "number" else f"{low}~{high}"


def write_span(kind: Kind, low: str, high: str) -> str:
    """Return two fields of a form as one text: 2 and 5 → 2-5; both empty → nothing."""
    low, high = low.strip(), high.strip()
    if not low and not high:
        return ""
    return f"{low}{'-' if kind == 'number' else '~'}{high}"


def last_day(month: date) -> date:
    """Return the last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def _written(kind: Kind, end: Number | date | None) -> str:
    if end is None:
        return ""
    if isinstance(end, date):
        return end.isoformat()[:7] if kind == "month" else end.isoformat()
    return str(end)


def _plain(word: str) -> str:
    """Return digits and signs as ASCII: people type ２〜５, too."""
    return unicodedata.normalize("NFKC", word).replace("〜", "~").replace(",", "").replace(" ", "")


def _numbers(word: str) -> Span | None:
    found = NUMBER.fullmatch(word.replace("~", "-"))
    if found is None or (found["low"] is None and found["high"] is None):
        return None
    low, high = (_number(found[name]) for name in ("low", "high"))
    if not found["to"]:
        return Span(low, low)
    return None if low is not None and high is not None and low > high else Span(low, high)


def _number(text: str | None) -> Number | None:
    if text is None:
        return None
    return Decimal(text) if "." in text else int(text)


def _days(word: str, shape: re.Pattern[str], rest: str) -> Span | None:
    """Return a span of days; `rest` makes a day of a text of that shape."""
    first, to, last = word.partition("~")
    if not to:
        last = first
    if not first and not last:
        return None
    ends = []
    for text in (first, last):
        if text and not shape.fullmatch(text):
            return None
        try:
            ends.append(date.fromisoformat(text + rest) if text else None)
        except ValueError:
            return None
    low, high = ends
    return None if low and high and low > high else Span(low, high)
