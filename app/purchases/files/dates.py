"""Reads dates as shops write them, and sees when one column mixes styles."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.core.i18n import N_
from app.purchases.files.refused import FileRefused

TOKYO = ZoneInfo("Asia/Tokyo")
TIME = r"(?:[ T]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:[.,]\d+)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?"
WEEKDAY = r"(?: ?\([日月火水木金土]\))?"
YEAR_FIRST = re.compile(r"(\d{4})([-/.年])(\d{1,2})[-/.月](\d{1,2})日?" + WEEKDAY + TIME)
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})" + TIME)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# styles we don't read, yet see: a column of three styles is refused even where one of them is among these
UNREAD_STYLES = {
    "year of two digits": re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}" + TIME),
    "month in letters": re.compile(r"(?=.*\d)[\d ,./-]*(?:" + MONTHS + r")[a-z]*[\d ,./-]*" + TIME, re.IGNORECASE),
    "era": re.compile(r"(?:[MTSHR]|明治|大正|昭和|平成|令和) ?(?:元|\d{1,2})[-/.年]\d{1,2}[-/.月]\d{1,2}日?" + TIME),
}
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall-clock time of the shop, without a zone
CACHE_LIMIT = 200_000
MIXED = N_(
    "The column {column} writes dates in more than one style ({examples}). Set date_order to say how to read them."
)
UNSURE = N_("The column {column} does not tell day from month ({examples}). Set date_order to say how to read them.")


@dataclass
class DateColumn:
    """Parses one column; keeps which styles it saw with an example of each."""

    order: str = ""
    examples: dict[str, str] = field(default_factory=dict)
    highest: list[int] = field(default_factory=lambda: [0, 0])
    _cache: dict[str, int | None] = field(default_factory=dict)

    def micros(self, text: str) -> int | None:
        """Return microseconds since 1970 of the shop's wall clock, or None where it is no date."""
        if text in self._cache:
            return self._cache[text]
        moment = self._parse(text)
        value = None if moment is None else int((moment - EPOCH).total_seconds()) * 1_000_000
        if len(self._cache) >= CACHE_LIMIT:
            self._cache.clear()
        self._cache[text] = value
        return value

    def _parse(self, text: str) -> datetime | None:
        if found := YEAR_FIRST.fullmatch(text):
            year, mark, month, day, *clock = found.groups()
            self.examples.setdefault(f"y{mark}", text)
            return _moment((year, month, day), clock)
        if found := COMPACT.fullmatch(text):
            year, month, day, *clock = found.groups()
            self.examples.setdefault("compact", text)
            return _moment((year, month, day), clock)
        if found := YEAR_LAST.fullmatch(text):
            first, _, second, year, *clock = found.groups()
            self.examples.setdefault("year last", text)
            self.highest = [max(self.highest[0], int(first)), max(self.highest[1], int(second))]
            if self.order in {"dmy", "mdy"}:
                day, month = (first, second) if self.order == "dmy" else (second, first)
                return _moment((year, month, day), clock)
            return None
        for style, pattern in UNREAD_STYLES.items():
            if pattern.fullmatch(text):
                self.examples.setdefault(style, text)
        return None

    def order_to_use(self, column: str) -> str | None:
        """Return the order to read the column with again, or None when the first reading stands.

        Raises:
            FileRefused: the styles are mixed, or day and month cannot be told apart.
        """
        if self.order:
            return None
        shown = ", ".join(self.examples.values())
        year_last = "year last" in self.examples
        if len(self.examples) > 2 or (year_last and len(self.examples) > 1):
            raise FileRefused("dates_mixed", MIXED, column=column, examples=shown)
        if not year_last:
            return None
        day_first, month_first = self.highest[0] > 12, self.highest[1] > 12
        if day_first == month_first:
            raise FileRefused("dates_unsure", UNSURE, column=column, examples=shown)
        return "dmy" if day_first else "mdy"


def _moment(day: tuple[str, str, str], clock: list[str | None]) -> datetime | None:
    hour, minute, second, zone = (*clock, None, None, None, None)[:4]
    try:
        date(int(day[0]), int(day[1]), int(day[2]))
        moment = datetime(  # noqa: DTZ001 - the shop's wall clock; a zone in the text is applied below
            int(day[0]), int(day[1]), int(day[2]), int(hour or 0), int(minute or 0), int(second or 0)
        )
        if zone:
            offset = "+0000" if zone in {"Z", "UTC"} else zone.replace(":", "")
            aware = datetime.strptime(f"{moment:%Y-%m-%d %H:%M:%S} {offset}", "%Y-%m-%d %H:%M:%S %z")
            moment = aware.astimezone(TOKYO).replace(tzinfo=None)
    except ValueError:
        return None
    return moment if 1970 <= moment.year <= 2100 else None
