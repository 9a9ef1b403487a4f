"""Japanese and English: catalogues compiled in memory, numbers and dates the way people read them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

LOCALES_DIR = Path(__file__).resolve().parent.parent / "locales"
LOCALES = ("ja", "en")
MAN = Decimal(10_000)

Catalog = dict[str, str | tuple[str, ...]]


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark an English sentence for translation and return it unchanged."""
    return message


def read_catalogs(folder: Path) -> Catalog:
    """Return msgid → translation from every `.po` file of one language."""
    catalog: Catalog = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file):
                if entry.id and entry.string and not entry.fuzzy:
                    singular = entry.id[0] if isinstance(entry.id, tuple | list) else entry.id
                    catalog[singular] = (
                        entry.string if isinstance(entry.string, str) else tuple(form for form in entry.string if form)
                    )
    return catalog


@dataclass(frozen=True)
class Translator:
    """One language: sentences, dates, numbers and money."""

    locale: str
    catalog: Catalog
    zone: ZoneInfo

    def __call__(self, message: str, **params: object) -> str:
        """Return the sentence in this language with its named placeholders filled.

        `reason`, `label` and each of `labels` may be msgids themselves: they are said in the same language.
        """
        found = self.catalog.get(message, message)
        text = found if isinstance(found, str) else found[0]
        for name in ("reason", "label"):
            if name in params:
                params[name] = self.catalog.get(str(params[name]), params[name])
        if isinstance(labels := params.get("labels"), list | tuple):
            params["labels"] = self.join(self(str(label)) for label in labels)
        return text.format(**params) if params else text

    def plural(self, one: str, many: str, *, n: int, **params: object) -> str:
        """Return the form for `n`; Japanese has one form, English two."""
        found = self.catalog.get(one)
        if found is None:
            text = one if n == 1 else many
        else:
            text = found if isinstance(found, str) else found[0 if n == 1 or len(found) == 1 else 1]
        return text.format(n=self.number(n), **params)

    def number(self, value: float | Decimal) -> str:
        """Return a number with separators."""
        if isinstance(value, int):
            return f"{value:,}"  # what Babel says in both languages, thirty times as fast: lists hold hundreds
        return format_decimal(value, locale=self.locale)

    def percent(self, share: float | Decimal) -> str:
        """Return a share of 1 in percent, with one decimal where it has any: 40%, 23.2%; never 0% for some."""
        text = f"{share * 100:.1f}".removesuffix(".0")
        return "<0.1%" if text == "0" and share > 0 else f"{text}%"

    def money(self, amount: Decimal | float, currency: str) -> str:
        """Return an amount with its currency sign; yen without decimals."""
        if currency == "JPY":
            return f"¥{round(Decimal(amount)):,}".replace("¥-", "−¥")
        return _currency(Decimal(amount), currency, self.locale)

    def man(self, amount: Decimal | float, currency: str = "JPY") -> str:
        """Return a short amount: 17万円 in Japanese, plain money elsewhere and below 10,000 yen."""
        value = Decimal(amount)
        if self.locale != "ja" or currency != "JPY" or abs(value) < MAN:
            return self.money(round(value), currency)
        tenths = (value / MAN).quantize(Decimal("0.1")) if abs(value) < MAN * 100 else round(value / MAN)
        return f"{format_decimal(tenths, locale='ja')}万円"

    def date(self, day: dt.date) -> str:
        """Return a day with its weekday: 2026年11月20日(金); a moment's day is the one in the shop's time zone."""
        if isinstance(day, dt.datetime):
            day = day.astimezone(self.zone)
        pattern = "y年M月d日(E)" if self.locale == "ja" else "EEE, d MMM y"
        return format_date(day, pattern, locale=self.locale)

    def month(self, day: dt.date) -> str:
        """Return a month: 2026年11月."""
        return format_date(day, "y年M月" if self.locale == "ja" else "MMM y", locale=self.locale)

    def datetime(self, moment: dt.datetime) -> str:
        """Return a moment in the shop's time zone, to the minute."""
        pattern = "y年M月d日(E) HH:mm" if self.locale == "ja" else "EEE, d MMM y HH:mm"
        return format_datetime(moment.astimezone(self.zone), pattern, locale=self.locale)

    def time(self, moment: dt.datetime) -> str:
        """Return the time of day in the shop's time zone: 14:03."""
        return format_datetime(moment.astimezone(self.zone), "HH:mm", locale=self.locale)

    def join(self, parts: Iterable[str]) -> str:
        """Return a list of words in one line."""
        return ("・" if self.locale == "ja" else ", ").join(parts)


@lru_cache(maxsize=4096)
def _currency(amount: Decimal, currency: str, locale: str) -> str:
    return format_currency(amount, currency, locale=locale)


@cache
def translator(locale: str, zone: str = "Asia/Tokyo") -> Translator:
    """Return the translator of a language; unknown languages read English."""
    folder = LOCALES_DIR / locale
    return Translator(locale=locale, catalog=read_catalogs(folder) if folder.is_dir() else {}, zone=ZoneInfo(zone))
