"""Reads dates as shops write them, and sees when one column mixes styles."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.core.i18n import N_
from app.purchases.files.refused import FileRefused
from app.purchases.files.values import date_forms as forms
from app.purchases.files.values.date_forms import EPOCH_DAY, Clock
from app.purchases.files.values.plain_dates import DAY, plain_dates
from app.purchases.files.values.time_zones import TOKYO, TOKYO_OFFSET, Shifts, shifts_to_tokyo

CACHE_LIMIT = 200_000
PIECE = 1 << 20
SERIAL = "serial"
BESIDE = "+serial"
MIXED = N_(
    "The column {column} writes dates in more than one style ({examples}). Set date_order to say how to read them."
)
UNSURE = N_("The column {column} does not tell day from month ({examples}). Set date_order to say how to read them.")


@dataclass
class DateColumn:
    """Parses one column into the wall clock of Tokyo; keeps which styles it saw with an example of each.

    `zone` is where a time that names no zone was written; a day without a time stays that day in every zone.
    `order` is what a person or `order_to_use` said of the column; it ends in `+serial` where single cells are Excel's day
    numbers, as they become when a date is pasted into a cell of numbers. Years outside `years` are no dates.
    """

    order: str = ""
    zone: str = TOKYO
    years: tuple[int, int] = (1970, 2100)
    examples: dict[str, str] = field(default_factory=dict)
    highest: list[int] = field(default_factory=lambda: [0, 0])
    other_numbers: bool = False
    _days: dict[str, int] = field(default_factory=dict)
    _clocks: dict[str, Clock] = field(default_factory=dict)
    shifts: Shifts = field(init=False)
    bounds: tuple[int, int] = field(init=False)
    serials: bool = field(init=False)

    def __post_init__(self) -> None:
        self.serials = self.order.endswith(SERIAL)
        self.order = self.order.removesuffix(BESIDE)
        first, last = self.years
        self.bounds = (_new_year(first), _new_year(last + 1))
        self.shifts = shifts_to_tokyo(self.zone)

    def read(self, texts: Sequence[str]) -> list[int | None]:
        """Return microseconds since 1970 of each text, which are best different ones."""
        return [self.micros(text) for text in texts]

    def micros(self, text: str) -> int | None:
        """Return microseconds since 1970 of Tokyo's wall clock, or None where it is no date."""
        head, _, tail = text.partition("T" if text[10:11] == "T" else " ")
        day, clock = self._days.get(head), self._clocks.get(tail)
        if day is None or (tail and clock is None):
            found = self._parse(text, head, tail)
            if found is None:
                return None
            day, clock = found
        return self._moment(day, clock)

    def _parse(self, text: str, head: str, tail: str) -> tuple[int, Clock | None] | None:
        if len(text) > forms.LONGEST:
            return None
        text = unicodedata.normalize("NFKC", text)
        if (serial := forms.serial_day(text)) is not None:
            self.examples.setdefault(SERIAL, text)
            return serial if self.serials else None
        parts = forms.split_clock(text)
        day = self._day(text if parts is None else parts[0], text)
        if parts is None or day is None or self.order == SERIAL:
            return None
        if unicodedata.normalize("NFKC", head) == parts[0]:
            self._remember(head, day, tail, parts[1])
        return day, parts[1]

    def _remember(self, head: str, day: int, tail: str, clock: Clock | None) -> None:
        if len(self._days) + len(self._clocks) >= CACHE_LIMIT:
            self._days.clear()
            self._clocks.clear()
        self._days[head] = day
        if tail and clock is not None:
            self._clocks[tail] = clock

    def _day(self, text: str, whole: str) -> int | None:
        """Return the day, noting the style in which it is written."""
        if found := forms.YEAR_FIRST.fullmatch(text):
            self.examples.setdefault(f"y{found[2]}", whole)
            return forms.day_number(int(found[1]), int(found[3]), int(found[4]))
        if found := forms.COMPACT.fullmatch(text):
            self.examples.setdefault("compact", whole)
            return forms.day_number(int(found[1]), int(found[2]), int(found[3]))
        if found := forms.YEAR_LAST.fullmatch(text):
            self.examples.setdefault("year last", whole)
            self.highest = [max(self.highest[0], int(found[1])), max(self.highest[1], int(found[2]))]
            return self._ordered(found[1], found[2], found[3])
        if found := forms.ERA.fullmatch(text):
            self.examples.setdefault("era", whole)
            return forms.era_day(found[1], found[2], found[3], found[4])
        if found := forms.TWO_DIGITS.fullmatch(text):
            self.examples.setdefault("year of two digits", whole)
            return self._short(found[1], found[2], found[3])
        self.other_numbers |= forms.NUMBER.fullmatch(text) is not None
        return self._written(text, whole)

    def _ordered(self, first: str, second: str, year: str) -> int | None:
        if self.order not in {"dmy", "mdy"}:
            return None
        day, month = (first, second) if self.order == "dmy" else (second, first)
        return forms.day_number(forms.full_year(year), int(month), int(day))

    def _short(self, first: str, second: str, third: str) -> int | None:
        """Return the day of a year of two digits: only an order that a person named tells which part it is."""
        if self.order == "ymd" and len(first) == 2:
            return forms.day_number(forms.full_year(first), int(second), int(third))
        return self._ordered(first, second, third) if len(third) == 2 else None

    def _written(self, text: str, whole: str) -> int | None:
        if (parts := forms.written_day(text)) is None:
            return None
        day, month, year = parts
        self.examples.setdefault("month in letters", whole)
        if len(year) == 2 and self.order not in {"dmy", "mdy"}:
            return None
        return forms.day_number(forms.full_year(year), month, int(day))

    def _moment(self, day: int, clock: Clock | None) -> int | None:
        seconds = day * DAY
        if clock is not None:
            seconds += clock.seconds
            seconds += self.shifts.of(seconds) if clock.offset is None else TOKYO_OFFSET - clock.offset
        first, beyond = self.bounds
        return seconds * 1_000_000 if first <= seconds < beyond else None

    def order_to_use(self, column: str) -> str | None:
        """Return the order to read the column with again, or None when the first reading stands.

        Raises:
            FileRefused: the styles are mixed, or day and month cannot be told apart.
        """
        styles = {style: example for style, example in self.examples.items() if style != SERIAL}
        unread = SERIAL in self.examples and not self.serials
        if not styles:
            return SERIAL if unread and not self.other_numbers else None
        order = self.order or self._order_told(column, styles)
        beside = BESIDE if unread else ""
        return order + beside if (order != self.order or beside) else None

    def _order_told(self, column: str, styles: dict[str, str]) -> str:
        """Return the order that the column's own values tell; empty where none is needed."""
        shown = ", ".join(self.examples.values())
        year_last = "year last" in styles
        if len(styles) > 2 or (year_last and len(styles) > 1):
            raise FileRefused("dates_mixed", MIXED, column=column, examples=shown)
        if set(styles) == {"year of two digits"}:
            raise FileRefused("dates_unsure", UNSURE, column=column, examples=shown)
        if not year_last:
            return ""
        day_first, month_first = self.highest[0] > 12, self.highest[1] > 12
        if day_first == month_first:
            raise FileRefused("dates_unsure", UNSURE, column=column, examples=shown)
        return "dmy" if day_first else "mdy"


def _new_year(year: int) -> int:
    return (date(year, 1, 1).toordinal() - EPOCH_DAY) * DAY


def read_dates(column: pa.Array | pa.ChunkedArray, reader: DateColumn) -> pa.Array:
    """Return timestamps in microseconds, null for an empty cell and for one that is no date."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    pieces = [_piece(chunk.slice(start, PIECE), reader) for chunk in chunks for start in range(0, len(chunk), PIECE)]
    return pa.concat_arrays(pieces) if pieces else pa.array([], pa.timestamp("us"))


def _piece(texts: pa.Array, reader: DateColumn) -> pa.Array:
    styles_before = len(reader.examples)
    plain = plain_dates(texts)
    if reader.order == SERIAL:
        plain.found[:] = False
    for style, row in plain.firsts.items():
        reader.examples.setdefault(style, texts[row].as_py())
    seconds = plain.seconds
    if reader.zone != TOKYO:
        seconds = seconds + reader.shifts.of_all(seconds) * plain.timed
    first, beyond = reader.bounds
    known = plain.found & (seconds >= first) & (seconds < beyond)
    micros = seconds * 1_000_000
    rest = np.flatnonzero(~plain.found)
    if len(rest):
        micros[rest], known[rest] = _others(texts.take(pa.array(rest)), reader)
    if len(reader.examples) > styles_before + 1:
        _sort_examples(texts, reader)
    return pa.array(micros, pa.timestamp("us"), mask=~known)


def _others(texts: pa.Array, reader: DateColumn) -> tuple[np.ndarray, np.ndarray]:
    """Return microseconds and whether it is a date, of cells in any form, each different one read once."""
    coded = texts.fill_null("").dictionary_encode()
    values = reader.read(coded.dictionary.to_pylist())
    places = coded.indices.to_numpy()
    moments = np.array([0 if value is None else value for value in values], np.int64)
    return moments[places], np.array([value is not None for value in values], bool)[places]


def _sort_examples(texts: pa.Array, reader: DateColumn) -> None:
    """Put the examples in the order in which the column has them; those of earlier pieces (-1) stay in front."""
    rows = {style: pc.index(texts, example).as_py() for style, example in reader.examples.items()}
    reader.examples = dict(sorted(reader.examples.items(), key=lambda item: rows[item[0]]))
