"""Customers by first month × months after it: shares with their shade, and where their people are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil
from urllib.parse import urlencode

from app.purchases.repeat.schemas import Cohort, CohortCell, CohortTable

SHADES = 5
LEAST = 10
"""Of fewer people no share is shown: one of them is 10 percent or more."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One month of a cohort: `percent` of its people (None of few) ordered, shade 0 to 5; `over` once it has ended."""

    nth: int
    month: date
    people: int
    percent: int | None
    step: int
    over: bool
    query: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One cohort; `query` names its people."""

    month: date
    people: int
    query: str
    over: bool
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class HeatAverage:
    """Over all cohorts whose nth month is over: `people` of `base`; `percent` None where there is none."""

    nth: int
    people: int
    base: int
    percent: int | None
    step: int


@dataclass(frozen=True, slots=True)
class HeatTable:
    """The newest cohorts, oldest first; `earlier` more are not shown. Shades reach up to `highest` percent."""

    rows: tuple[HeatRow, ...]
    averages: tuple[HeatAverage, ...]
    earlier: int
    highest: int

    @property
    def has_open(self) -> bool:
        """Whether a month shown is not over yet."""
        return any(not row.over or any(not cell.over for cell in row.cells) for row in self.rows)


def heat_table(table: CohortTable, *, most: int | None = None) -> HeatTable:
    """Return the table ready to draw: at most so many cohorts. Averages stay those of all cohorts."""
    shown = table.cohorts if most is None else table.cohorts[-most:]
    large = [cohort for cohort in shown if cohort.people >= LEAST]
    top = max((cell.share for cell in _later(large) if cell.over), default=0.0)
    months = max((len(cohort.cells) - 1 for cohort in shown), default=0)
    averages = tuple(
        HeatAverage(nth, one.people, one.base, _percent(one.share), _step(one.share or 0, top))
        for nth, one in enumerate(table.averages[:months], start=1)
    )
    return HeatTable(
        rows=tuple(_row(cohort, top) for cohort in shown),
        averages=averages,
        earlier=len(table.cohorts) - len(shown),
        highest=round(top * 100),
    )


def _later(cohorts: Iterable[Cohort]) -> Iterable[CohortCell]:
    return (cell for cohort in cohorts for cell in cohort.cells[1:])


def _row(cohort: Cohort, top: float) -> HeatRow:
    began = {"first_month": f"{cohort.month:%Y-%m}"}
    cells = tuple(
        HeatCell(
            nth=cell.nth,
            month=cell.month,
            people=cell.people,
            percent=_percent(cell.share) if cohort.people >= LEAST else None,
            step=_step(cell.share, top) if cohort.people >= LEAST else 0,
            over=cell.over,
            query=urlencode(began | {"ordered_in_month": f"{cell.month:%Y-%m}"}),
        )
        for cell in cohort.cells[1:]
    )
    return HeatRow(cohort.month, cohort.people, urlencode(began), cohort.cells[0].over, cells)


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)


def _step(share: float, top: float) -> int:
    """Return the shade by fifths of the highest share; a month that is not over may lie above it."""
    return min(SHADES, ceil(SHADES * share / top)) if top else 0
