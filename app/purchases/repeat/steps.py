"""From the first purchase to the second one, and from the nth to the next."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.purchases.repeat import exposure
from app.purchases.repeat.bought import PERSON
from app.purchases.repeat.exposure import Counts, Histories
from app.purchases.repeat.schemas import CountedBy, Share, Step, Steps

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WITHIN = (30, 60, 90, 120, 180, 365)
MOST_STEPS = 10
WEEKS = 26
CURVE_DAYS = 365
CURVE_STEP = 5
AT_ONCE = 10_000
SOURCES: dict[CountedBy, str] = {
    "orders": "SELECT order_number AS number, ordered_on, gap_days FROM read_parquet($orders)",
    # the first order of a day is the one before which days passed
    "days": f"""SELECT row_number() OVER (PARTITION BY {PERSON} ORDER BY order_number) AS number,
        ordered_on, gap_days FROM read_parquet($orders) WHERE gap_days IS NULL OR gap_days > 0""",
}
COUNTED = """
    WITH step AS ({source}), counted AS (
        SELECT number, ordered_on, gap_days, count(*) AS people FROM step WHERE number <= $most GROUP BY ALL
    )
    SELECT 'exposures' AS what, number, CAST($until AS DATE) - ordered_on AS days, sum(people) FROM counted GROUP BY ALL
    UNION ALL SELECT 'gaps', number - 1, gap_days, sum(people) FROM counted WHERE number > 1 GROUP BY ALL
    UNION ALL SELECT 'gone_on', number - 1, CAST($until AS DATE) - ordered_on + gap_days, sum(people)
        FROM counted WHERE number > 1 GROUP BY ALL
"""
ALL_GAPS = "WITH step AS ({source}) SELECT gap_days, count(*) FROM step WHERE gap_days IS NOT NULL GROUP BY ALL"
SOON = "SELECT customer_id, source FROM read_parquet($orders) WHERE order_number = 2 AND gap_days <= $days"
WHOLE = f"SELECT min(ordered_on), count(DISTINCT {PERSON}) FILTER (gap_days > 0) FROM read_parquet($orders)"


def count(
    connection: "DuckDBPyConnection", orders: Path, as_of: date, counted_by: CountedBy = "orders",
    observed_until: date | None = None,
) -> Steps:  # fmt: skip
    """Return the steps of a file of orders (`OrdersStore.orders_path`), which holds at least one order.

    Orders can be known until a day, by default the as-of date: only so much time has been given to people.
    """
    source, given, until = SOURCES[counted_by], {"orders": str(orders)}, observed_until or as_of
    asked = given | {"until": until.isoformat(), "most": MOST_STEPS + 1}
    counts: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
    for what, number, days, people in connection.execute(COUNTED.format(source=source), asked).fetchall():
        counts[what, number][days] = int(people)
    gaps = dict(connection.execute(ALL_GAPS.format(source=source), given).fetchall())
    first, another_day = connection.execute(WHOLE, given).fetchall()[0]
    histories = [
        Histories(counts["exposures", number], counts["gaps", number], counts["gone_on", number])
        for number in range(1, MOST_STEPS + 1)
    ]
    found = table(histories, gaps, counted_by, (first, until, as_of))
    return replace(found, another_day=Share(another_day, found.customers))


def table(
    histories: list[Histories], gaps: Counts, counted_by: CountedBy, days: tuple[date, date, date]
) -> Steps:  # fmt: skip
    """Return the steps of what happened after the first purchase, the second …; steps nobody came to are left out.

    `days` are those of the first order, until when orders are known, and the as-of date.
    """
    start, (first_order_on, observed_until, as_of) = histories[0], days
    longest = max(start.exposures, default=0)
    return Steps(
        as_of=as_of,
        observed_until=observed_until,
        first_order_on=first_order_on,
        counted_by=counted_by,
        customers=sum(start.exposures.values()),
        steps=tuple(_step(number, one) for number, one in enumerate(histories, start=1) if one.exposures),
        curve=exposure.within(start, range(0, min(CURVE_DAYS, longest) + 1, CURVE_STEP)),
        weeks=exposure.by_week(start.gaps, WEEKS),
        gaps=exposure.spread(gaps),
    )


def soon(connection: "DuckDBPyConnection", orders: Path, days: int) -> Iterator[tuple[str, str]]:
    """Yield customer_id and source of those whose second order came within so many days of the first."""
    found = connection.execute(SOON, {"orders": str(orders), "days": days})
    while rows := found.fetchmany(AT_ONCE):
        yield from rows


def _step(number: int, one: Histories) -> Step:
    return Step(number, exposure.ever(one), exposure.within(one, WITHIN), exposure.spread(one.gaps))
