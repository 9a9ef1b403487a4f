"""From the wall clock of a zone to the wall clock of Tokyo."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

TOKYO = "Asia/Tokyo"
TOKYO_OFFSET = 9 * 3600
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall clock, its zone is what we ask for
DAY = 86_400
QUARTER = 900  # no zone changes its clocks in the middle of a quarter of an hour
YEARS = (1900, 2101)


@dataclass(frozen=True)
class Shifts:
    """What to add to a zone's wall clock: `seconds[n]` from the moment `starts[n]` on."""

    starts: list[int]
    seconds: list[int]

    def of(self, moment: int) -> int:
        """Return what to add to this wall clock, seconds since 1970."""
        return self.seconds[max(bisect_right(self.starts, moment) - 1, 0)]

    def of_all(self, moments: np.ndarray) -> np.ndarray:
        """Return what to add to each of these wall clocks."""
        places = np.searchsorted(np.array(self.starts), moments, side="right") - 1
        return np.array(self.seconds)[np.maximum(places, 0)]


@cache
def shifts_to_tokyo(name: str) -> Shifts:
    """Return the shifts of a zone by its IANA name; where a clock showed an hour twice, the first is meant."""
    if name == TOKYO:
        return Shifts([0], [0])
    starts, seconds = [], []
    for moment, shift in _changes(ZoneInfo(name)):
        starts.append(moment)
        seconds.append(shift)
    return Shifts(starts, seconds)


def _changes(zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    def shift(moment: int) -> int:
        offset = (EPOCH + timedelta(seconds=moment)).replace(tzinfo=zone).utcoffset() or timedelta(0)
        return TOKYO_OFFSET - int(offset.total_seconds())

    first, last = (int((datetime(year, 1, 1) - EPOCH).total_seconds()) for year in YEARS)  # noqa: DTZ001 - as EPOCH
    before = shift(first)
    yield first, before
    for day in range(first, last, DAY):
        if shift(day + DAY) == before:
            continue
        for moment in range(day + QUARTER, day + DAY + QUARTER, QUARTER):
            if (now := shift(moment)) != before:
                yield moment, now
                before = now
