"""Shares within k days, of those alone whom k days were given; from counts by days, so that size does not matter. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from app.purchases.classes import quantile
from app.purchases.repeat.schemas import Gaps, Share, Week, Within

PERCENTS = (25, 50, 75, 80, 90, 95)
Counts = Mapping[int, int]
"""Days → people."""


@dataclass(frozen=True)
class Histories:
    """Everybody who came to a step: how long ago, and who of them went on after how many days."""

    exposures: Counts
    gaps: Counts
    exposures_gone_on: Counts
    """How long ago those came to the step who went on since."""


class Sums:
    """How many people have at most so many days."""

    def __init__(self, counts: Counts) -> None:
        """Sum up the counts once."""
        self.days = sorted(counts)
        self.sums = list(accumulate((counts[day] for day in self.days), initial=0))

    @property
    def total(self) -> int:
        """Everybody."""
        return self.sums[-1]

    def at_most(self, days: int) -> int:
        """Return the people with at most so many days."""
        return self.sums[bisect_right(self.days, days)]

    def below(self, days: int) -> int:
        """Return the people with fewer days."""
        return self.sums[bisect_left(self.days, days)]


def ever(histories: Histories) -> Share:
    """Return who went on so far."""
    return Share(people=sum(histories.gaps.values()), base=sum(histories.exposures.values()))


def within(histories: Histories, grid: Iterable[int]) -> tuple[Within, ...]:
    """Return who went on within each number of days, of the people whose step is at least so many days ago.

    Who went on before `days` had passed since the step did so within them: that is taken off both counts.
    """
    exposures, gaps, gone_on = (Sums(histories.exposures), Sums(histories.gaps), Sums(histories.exposures_gone_on))
    return tuple(
        Within(days, Share(gaps.at_most(days) - gone_on.below(days), exposures.total - exposures.below(days)))
        for days in grid
    )


def spread(gaps: Counts) -> Gaps:
    """Return how many gaps there are, and the days at the shares of `PERCENTS`."""
    pairs = sorted(gaps.items())
    found = {percent: quantile(pairs, percent / 100) for percent in PERCENTS}
    return Gaps(sum(gaps.values()), {percent: days for percent, days in found.items() if days is not None})


def by_week(gaps: Counts, weeks: int) -> tuple[Week, ...]:
    """Return people by weeks: day 0 to 6, 7 to 13 …; the last row holds everybody later."""
    sums = Sums(gaps)
    rows = [Week(7 * n, 7 * n + 6, sums.below(7 * n + 7) - sums.below(7 * n)) for n in range(weeks)]
    return (*rows, Week(7 * weeks, None, sums.total - sums.below(7 * weeks)))
