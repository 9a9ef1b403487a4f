"""What customers bring: within some days from the first order, by where they began, and for each order."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.purchases.repeat import acquired
from app.purchases.repeat.bought import PERSON, loose
from app.purchases.repeat.schemas import OrderSize, ValueRow, Values, Worth

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DAYS = (30, 90, 180, 365)
SHOWN = 20
SIZES = 10
CENT = Decimal("0.01")
SUMS = ", ".join(
    f"""count(*) FILTER (old >= {days}), coalesce(sum(brought_{days}) FILTER (old >= {days}), 0)""" for days in DAYS
)
BEGINNINGS = {"product": "product", "channel": "sales_channel", "acquisition": acquired.COLUMN, "month": "month"}
# What somebody brought within k days of the first order, for each customer, then for each way to begin. `amount` is that of
# orders alone: what came back without an order makes none of them smaller.
COUNTED = f"""
    WITH began AS (
        SELECT {PERSON} AS person, ordered_on AS first_on, currency, {{first}}
        FROM read_parquet($orders) WHERE order_number = 1
    ), placed AS (
        SELECT {PERSON} AS person, ordered_on, amount, true AS ordered FROM read_parquet($orders)
        UNION ALL SELECT person, day, amount, false FROM {loose()}
    ), person AS (
        SELECT {{same}}, any_value(began.currency) AS currency,
            CAST(date_trunc('month', any_value(first_on)) AS DATE) AS month, any_value(CAST($until AS DATE) - first_on) AS old,
            count(*) FILTER (ordered) AS orders, sum(amount) FILTER (ordered) AS amount,
            {", ".join(f"sum(amount) FILTER (ordered_on - first_on <= {days}) AS brought_{days}" for days in DAYS)}
        FROM placed JOIN began USING (person) GROUP BY person
    )
    SELECT CASE {{parts}} ELSE 'whole' END AS part, coalesce({{keys}}, '') AS key, currency,
        count(*) AS people, CAST(sum(orders) AS BIGINT), sum(amount), {SUMS}
    FROM person
    GROUP BY GROUPING SETS ((currency), {{sets}})
"""
SIZES_SQL = """
    SELECT number, currency, count(*), sum(amount)
    FROM (SELECT order_number AS number, currency, amount FROM read_parquet($orders))
    WHERE number <= $most GROUP BY ALL
    ORDER BY currency, number
"""
FIRST = "SELECT min(ordered_on) FROM read_parquet($orders)"


def count(
    connection: "DuckDBPyConnection", orders: Path, lines: Path, as_of: date, observed_until: date | None = None
) -> Values:  # fmt: skip
    """Return what customers bring by a build's files of orders and lines; there is at least one order.

    Orders can be known until a day, by default the as-of date: only so much time has been given to people.
    """
    given, until = {"orders": str(orders)}, observed_until or as_of
    asked = given | {"lines": str(lines), "as_of": as_of.isoformat(), "until": until.isoformat()}
    parts: dict[str, list[ValueRow]] = {"whole": [], **{part: [] for part in BEGINNINGS}}
    said = bool(acquired.words(connection, orders, 1))
    for part, *row in connection.execute(_counted(said=said), asked).fetchall():
        parts[part].append(_row(*row))
    first = connection.execute(FIRST, given).fetchall()[0][0]
    products = _sorted(parts["product"], _by_people)
    whole = _sorted(parts["whole"], lambda row: (row.currency,))
    brought = _sorted(parts["acquisition"], _by_people)
    return Values(
        as_of=as_of,
        observed_until=until,
        first_order_on=first,
        customers=sum(row.people for row in whole),
        whole=whole,
        by_product=products[:SHOWN],
        by_channel=_sorted(parts["channel"], _by_people),
        by_month=_sorted(parts["month"], lambda row: (row.key, row.currency)),
        sizes=_sizes(connection.execute(SIZES_SQL, given | {"most": SIZES}).fetchall()),
        products_more=len(products[SHOWN:]),
        people_more=sum(row.people for row in products[SHOWN:]),
        by_acquisition=brought[:SHOWN],
        acquisitions_more=len(brought[SHOWN:]),
        acquired_more=sum(row.people for row in brought[SHOWN:]),
    )


def _counted(*, said: bool) -> str:
    """Return the query of values; what brought first orders takes part where any of them says it."""
    parts = {part: name for part, name in BEGINNINGS.items() if said or part != "acquisition"}
    kept = [name for name in parts.values() if name != "month"]
    return COUNTED.format(
        first=", ".join(kept),
        same=", ".join(f"any_value({name}) AS {name}" for name in kept),
        parts=" ".join(f"WHEN grouping({name}) = 0 THEN '{part}'" for part, name in parts.items()),
        keys=", ".join(f"CAST({name} AS VARCHAR)" for name in parts.values()),
        sets=", ".join(f"({name}, currency)" for name in parts.values()),
    )


def _by_people(row: ValueRow) -> tuple[object, ...]:
    return (-row.people, row.key, row.currency)


def _sorted(rows: Iterable[ValueRow], key: Callable[[ValueRow], Any]) -> tuple[ValueRow, ...]:
    return tuple(sorted(rows, key=key))


def _row(key: str, currency: str, people: int, orders: int, amount: Decimal, *sums: Any) -> ValueRow:  # noqa: ANN401 - counts and amounts in turn
    worth = (
        Worth(days, base, _mean(brought, base) if base else None)
        for days, base, brought in zip(DAYS, sums[::2], sums[1::2], strict=True)
    )
    return ValueRow(key, currency, people, orders, _mean(amount, orders), tuple(worth))


def _sizes(rows: list[tuple[Any, ...]]) -> tuple[OrderSize, ...]:
    return tuple(
        OrderSize(number, currency, orders, _mean(amount, orders)) for number, currency, orders, amount in rows
    )


def _mean(amount: Decimal, number: int) -> Decimal:
    return (Decimal(amount) / number).quantize(CENT)
