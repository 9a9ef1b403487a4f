"""Dates and numbers as shops write them, read in plain Python; nothing of the product is used here."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

TOKYO = timezone(timedelta(hours=9))
DAY = re.compile(r"(?:令和(?P<era>\d+|元)|(?P<year>\d{4}))[-/.年]?(?P<month>\d{1,2})[-/.月]?(?P<day>\d{1,2})日?")
COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(Z|[+-]\d{2}:\d{2})?")
NUMBER = re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")


def moment(text: str) -> datetime | None:
    """Return the wall clock in Tokyo."""
    day, _, clock = text.replace("T", " ").partition(" ")
    found = COMPACT.fullmatch(day) or DAY.fullmatch(day)
    time = CLOCK.fullmatch(clock) if clock else None
    if found is None or (clock and time is None):
        return None
    parts = found.groupdict()
    era = parts.get("era")
    year = int(parts["year"]) if not era else 2018 + (1 if era == "元" else int(era))
    hour, minute, second, zone = time.groups() if time else (0, 0, 0, None)
    try:
        when = datetime(
            year, int(parts["month"]), int(parts["day"]), int(hour), int(minute), int(second or 0), tzinfo=UTC
        )
    except ValueError:
        return None
    if not zone:
        return when.replace(tzinfo=None)
    offset = "+00:00" if zone == "Z" else zone
    return datetime.fromisoformat(f"{when:%Y-%m-%dT%H:%M:%S}{offset}").astimezone(TOKYO).replace(tzinfo=None)


def number(text: str) -> Decimal | None:
    """Return what shops write as a number; a point in yen is none."""
    bare = re.sub(r"[¥円\\\s]", "", text).replace("▲", "-").replace("△", "-")
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1]
    yen_point = re.search(r"[¥円\\]", text) and re.search(r"\d\.\d", text)
    return None if yen_point or not NUMBER.fullmatch(bare) else Decimal(bare.replace(",", ""))
