"""Customers by the month of their first order, and in which months after it they ordered."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.purchases.repeat.bought import PERSON
from app.purchases.repeat.schemas import Cohort, CohortCell, CohortTable, Share

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A customer's first order in a month is the one before which none lies in the same month.
COUNTED = f"""
    WITH placed AS (
        SELECT {PERSON} AS person, order_number, CAST(date_trunc('month', ordered_on) AS DATE) AS month
        FROM read_parquet($orders)
        WHERE gap_days IS NULL OR date_trunc('month', ordered_on) > ordered_on - gap_days
    )
    SELECT began.month, placed.month, count(*)
    FROM placed JOIN placed AS began
        ON began.person = placed.person AND began.order_number = 1
    GROUP BY ALL ORDER BY ALL
"""
FIRST = "SELECT min(ordered_on) FROM read_parquet($orders)"
Counts = dict[tuple[date, date], int]


def count(
    connection: "DuckDBPyConnection", orders: Path, as_of: date, observed_until: date | None = None
) -> CohortTable:  # fmt: skip
    """Return the cohorts of a file of orders (`OrdersStore.orders_path`), which holds at least one order.

    Months reach as far as orders can be known (`schemas.Overview`): by default to the as-of date.
    """
    given = {"orders": str(orders)}
    counts = {(began, month): people for began, month, people in connection.execute(COUNTED, given).fetchall()}
    first = connection.execute(FIRST, given).fetchall()[0][0]
    return table(counts, first, as_of, observed_until)


def table(counts: Counts, first_order_on: date, as_of: date, observed_until: date | None = None) -> CohortTable:
    """Return the table of (first month, month) → people. A month without customers of its own has no row."""
    cohorts = tuple(
        _cohort(month, counts, observed_until or as_of) for began, month in sorted(counts) if began == month
    )
    longest = max((len(cohort.cells) for cohort in cohorts), default=1)
    return CohortTable(
        as_of=as_of,
        first_order_on=first_order_on,
        customers=sum(cohort.people for cohort in cohorts),
        cohorts=cohorts,
        averages=tuple(_average(cohorts, nth) for nth in range(1, longest)),
    )


def _cohort(month: date, counts: Counts, observed_until: date) -> Cohort:
    people = counts[month, month]
    cells = []
    for nth in range(months_between(month, observed_until) + 1):
        there = later(month, nth)
        came = counts.get((month, there), 0)
        cells.append(CohortCell(nth, there, came, came / people, over=later(there, 1) <= next_day(observed_until)))
    return Cohort(month, people, tuple(cells))


def _average(cohorts: Iterable[Cohort], nth: int) -> Share:
    there = [(cohort, cohort.cells[nth]) for cohort in cohorts if len(cohort.cells) > nth and cohort.cells[nth].over]
    return Share(sum(cell.people for _, cell in there), sum(cohort.people for cohort, _ in there))


def months_between(first: date, last: date) -> int:
    """Return how many months the month of one day lies after that of another."""
    return (last.year - first.year) * 12 + last.month - first.month


def later(month: date, months: int) -> date:
    """Return the first day of a month some months later."""
    years, place = divmod(month.month - 1 + months, 12)
    return date(month.year + years, place + 1, 1)


def next_day(day: date) -> date:
    """Return the day after: a month is over on its last day."""
    return date.fromordinal(day.toordinal() + 1)
