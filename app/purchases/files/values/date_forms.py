"""The forms in which shops write a day and a time of day. Pure: one text in, numbers out."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = 48
WEEKDAY = r"(?: ?[(\[](?:[日月火水木金土祝休・]|曜日?|Sun|Mon|Tue|Wed|Thu|Fri|Sat)+[)\]])?"
HALF = r"AM|PM|A\.M\.|P\.M\.|午前|午後"
ZONE = r"(?: ?(?P<zone>Z|UTC|GMT|JST|[+-]\d{2}(?::?\d{2})?))?"
CLOCK = (
    rf"(?:(?P<before>{HALF}) ?)?(?P<hour>\d{{1,2}})"
    r"(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,]\d+)?)?|時(?:(?P<fun>\d{1,2})分(?:(?P<byo>\d{1,2})秒)?)?)"
    rf"(?: ?(?P<after>{HALF}))?"
)
AT_END = re.compile(rf"(?:,? +|T|(?<=[日)\]]))(?:(?P<digits>\d{{5,6}})|{CLOCK}){ZONE}$", re.IGNORECASE | re.ASCII)
EMPTY_CLOCK = re.compile(r"[ T]0?0:00(?::00)?$", re.ASCII)
COMPACT_CLOCK = re.compile(r"(\d{8})(\d{2})(\d{2})(\d{2})?", re.ASCII)

YEAR_FIRST = re.compile(r"(\d{4})([-/.年]) ?(\d{1,2})[-/.月] ?(\d{1,2})日?" + WEEKDAY, re.IGNORECASE | re.ASCII)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + WEEKDAY, re.IGNORECASE | re.ASCII)
TWO_DIGITS = re.compile(r"(\d{1,2})[-/.年] ?(\d{1,2})[-/.月] ?(\d{1,2})日?" + WEEKDAY, re.IGNORECASE | re.ASCII)
WRITTEN = re.compile(
    r"(?:[a-z]{3,9}, )?(?:(?P<day>\d{1,2})[ /.-]?(?P<name>[a-z]{3,9})\.?,?[ /.-]?"
    r"|(?P<name2>[a-z]{3,9})\.? ?(?P<day2>\d{1,2})(?:st|nd|rd|th)?,? ?(?<!\d))(?P<year>\d{4}|\d{2})",
    re.IGNORECASE | re.ASCII,
)
ERA = re.compile(
    r"([MTSHR]|明治|大正|昭和|平成|令和)\.? ?(元|\d{1,2})[-/.年] ?(\d{1,2})[-/.月] ?(\d{1,2})日?" + WEEKDAY,
    re.IGNORECASE | re.ASCII,
)
SERIAL = re.compile(r"(\d{5})(\.\d{1,15})?", re.ASCII)
NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)

MONTHS = {
    word: number
    for number, name in enumerate(
        (
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
            "december",
        ),
        1,
    )
    for word in (name, name[:3])
} | {"sept": 9}  # fmt: skip
# first and last day of each era; one day may end one era and begin the next
ERAS = {
    "M": (date(1868, 1, 25), date(1912, 7, 30)),
    "T": (date(1912, 7, 30), date(1926, 12, 25)),
    "S": (date(1926, 12, 25), date(1989, 1, 7)),
    "H": (date(1989, 1, 8), date(2019, 4, 30)),
    "R": (date(2019, 5, 1), date(2117, 12, 31)),
}
ERA_LETTERS = {"明治": "M", "大正": "T", "昭和": "S", "平成": "H", "令和": "R"}
SERIAL_ZERO = date(1899, 12, 30)  # Excel's 1900 system from March 1900 on: it counts a 29 February that never was
SERIAL_YEARS = (1990, 2100)
EPOCH_DAY = date(1970, 1, 1).toordinal()
PIVOT = 70  # 70-99 are of the last century, as in POSIX


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds since midnight, and seconds east of Greenwich where the text names its zone."""

    seconds: int
    offset: int | None = None


def day_number(year: int, month: int, day: int) -> int | None:
    """Return days since 1970, or None for a day that is in no calendar."""
    try:
        return date(year, month, day).toordinal() - EPOCH_DAY
    except ValueError:
        return None


def full_year(text: str) -> int:
    """Return the year; two digits are of this or the last century."""
    year = int(text)
    if len(text) > 2:
        return year
    return year + (1900 if year >= PIVOT else 2000)


def era_day(letter: str, year: str, month: str, day: str) -> int | None:
    """Return the day of a Japanese era, or None where the era had no such day."""
    first, last = ERAS[ERA_LETTERS.get(letter, letter.upper())]
    count = 1 if year == "元" else int(year)
    found = day_number(first.year + count - 1, int(month), int(day)) if count else None
    if found is None or not first.toordinal() <= found + EPOCH_DAY <= last.toordinal():
        return None
    return found


def written_day(text: str) -> tuple[str, int, str] | None:
    """Return day, month and year as in `1-Apr-2024`, `Apr 1, 2024`, or None where no month is named."""
    found = WRITTEN.fullmatch(text)
    if found is None:
        return None
    month = MONTHS.get((found["name"] or found["name2"]).lower())
    return (found["day"] or found["day2"], month, found["year"]) if month else None


def serial_day(text: str) -> tuple[int, Clock | None] | None:
    """Return the day (and the time, where there is a fraction) of an Excel day number of a plausible year."""
    found = SERIAL.fullmatch(text)
    if found is None:
        return None
    seconds = round(float(found[2] or 0) * 86_400)
    day = SERIAL_ZERO + timedelta(days=int(found[1]) + seconds // 86_400)
    if not SERIAL_YEARS[0] <= day.year <= SERIAL_YEARS[1]:
        return None
    return day.toordinal() - EPOCH_DAY, Clock(seconds % 86_400) if found[2] else None


def split_clock(text: str) -> tuple[str, Clock | None] | None:
    """Return the text of the day and the time of day (None for none); None for a time no clock shows."""
    if whole := COMPACT_CLOCK.fullmatch(text):
        clock = _clock(int(whole[2]), int(whole[3]), int(whole[4] or 0))
        return None if clock is None else (whole[1], clock)
    found = AT_END.search(text)
    if found is None:
        return text, None
    clock = _found_clock(found)
    # two columns of a sheet: the one with the day brings a midnight that nobody typed
    return None if clock is None else (EMPTY_CLOCK.sub("", text[: found.start()]), clock)


def _found_clock(found: re.Match[str]) -> Clock | None:
    offset = _offset(found["zone"])
    if digits := found["digits"]:
        digits = digits.zfill(6)
        return _clock(int(digits[:2]), int(digits[2:4]), int(digits[4:]), offset)
    hour, half = int(found["hour"]), found["before"] or found["after"]
    if half:
        if hour > 12 or (found["before"] and found["after"]):
            return None
        afternoon = half[0] in "Pp" or half == "午後"
        hour = hour % 12 + (12 if afternoon else 0)
    return _clock(hour, int(found["minute"] or found["fun"] or 0), int(found["second"] or found["byo"] or 0), offset)


def _clock(hour: int, minute: int, second: int, offset: int | None = None) -> Clock | None:
    if hour > 23 or minute > 59 or second > 59 or abs(offset or 0) > 14 * 3600:
        return None
    return Clock(hour * 3600 + minute * 60 + second, offset)


def _offset(zone: str | None) -> int | None:
    if not zone:
        return None
    name = zone.upper()
    if name in {"Z", "UTC", "GMT"}:
        return 0
    if name == "JST":
        return 9 * 3600
    digits = name[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:] or 0) * 60
    return -seconds if name[0] == "-" else seconds
