"""Tables for the first page, counted from the named customers and the orders."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from app.purchases.classes import COUNT_BANDS, ELAPSED_BANDS, CustomerClass, PurchaseType
from app.purchases.figures import frames, rules
from app.purchases.figures.build import WITHIN_DAYS, Figures
from app.purchases.figures.stored import rows_of
from app.purchases.import_schemas import BROUGHT, Contribution
from app.purchases.schemas import Cell, CountElapsedTable, Group, Overview

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

HISTORY_DAYS = 90
Money = dict[str, Decimal]
Rows = list[dict[str, Any]]


CONTRIBUTED = """SELECT import_number, count(*), count(DISTINCT hash(shop, order_ref)) FILTER (effect = 'sale'), min(currency),
    coalesce(sum(amount) FILTER (effect != 'none'), 0), min(ordered_on), max(ordered_on)
FROM read_parquet(?) GROUP BY ALL ORDER BY import_number"""


def write_contributions(connection: "DuckDBPyConnection", lines: Path, target: Path) -> None:
    """Write what each order file contributes to the lines of a build, by the number of the import."""
    rows = connection.execute(CONTRIBUTED, [str(lines)]).fetchall()
    found = {
        number: Contribution(count, orders, {currency: amount}, first, last)
        for number, count, orders, currency, amount, first, last in rows
    }
    target.write_bytes(BROUGHT.dump_json(found))


def count_elapsed(figures: Figures) -> CountElapsedTable:
    """Return count × elapsed; the share who came back is measured on the people of the same cell at the cut-off.

    Not measured where the shop's history before the cut-off is shorter than 90 days, or nobody stood in the cell.
    """
    measured = figures.first_order_on + timedelta(days=HISTORY_DAYS) <= figures.cutoff
    then = {(row["count"], row["elapsed"]): row for row in (_past(figures) if measured else ())}
    people = figures.customers
    bands = people.group_by(count=people.count_band, elapsed=people.elapsed_band, currency=people.currency)
    now = rows_of(bands.agg(people=_.count(), amount=_.amount.sum()).order_by("currency"))
    cells = []
    for count in COUNT_BANDS:
        for elapsed in ELAPSED_BANDS:
            here = [row for row in now if (row["count"], row["elapsed"]) == (count, elapsed)]
            past = then.get((count, elapsed), {"people": 0, "came_back": 0})
            share = past["came_back"] / past["people"] if past["people"] else None
            cells.append(Cell(count, elapsed, _people(here), _money(here), past["people"], share))
    return CountElapsedTable(
        as_of=figures.as_of,
        counts=COUNT_BANDS,
        elapsed=ELAPSED_BANDS,
        cells=tuple(cells),
        within_days=WITHIN_DAYS,
        cutoff=figures.cutoff,
        measured=measured,
    )


def _past(figures: Figures) -> Rows:
    """Return the people of each cell at the cut-off, and how many of them ordered again since."""
    then = frames.returns(figures.customers)
    since = ibis.literal(figures.cutoff).delta(then.past_last_on, unit="day")
    past = then.mutate(count=rules.count_band(then.past_orders), elapsed=rules.elapsed_band(since))
    return rows_of(past.group_by("count", "elapsed").agg(people=_.people.sum(), came_back=_.came_back.sum()))


def overview(figures: Figures, *, as_of_is_set: bool) -> Overview:
    """Return the shop at a glance. Months hold the orders of unknown customers too; all else is of known ones."""
    people = figures.customers
    sums = people.group_by("currency").agg(
        people=_.count(), amount=_.amount.sum(), orders=_.orders.sum(), best=_.super_loyal.sum()
    )
    whole = rows_of(sums.order_by("currency"))
    unknown = _unknown(figures)
    return Overview(
        as_of=figures.as_of,
        as_of_is_set=as_of_is_set,
        customers=_people(whole),
        orders=sum(row["orders"] for row in whole),
        amount=_money(whole),
        first_order_on=figures.first_order_on,
        last_order_on=figures.last_order_on,
        classes=_groups(figures, "customer_class", CustomerClass),
        types=_groups(figures, "purchase_type", PurchaseType),
        super_loyal=sum(row["best"] for row in whole),
        sources=figures.limits,
        months=_months(figures),
        unknown_orders=sum(row["orders"] for row in unknown),
        unknown_amount=_in_currencies(unknown, figures.currencies),
        observed_until=figures.observed_until,
    )


def _groups(figures: Figures, column: str, keys: Iterable[str]) -> tuple[Group, ...]:
    people = figures.customers
    counted = people.group_by(column, "currency").agg(people=_.count(), amount=_.amount.sum())
    rows = rows_of(counted.order_by(column, "currency"))
    found = ((str(key), [row for row in rows if row[column] == key]) for key in keys)
    return tuple(Group(key, _people(here), _money(here)) for key, here in found)


def _months(figures: Figures) -> tuple[tuple[date, int, Money], ...]:
    valid = figures.orders.filter(_.ordered_on.notnull())
    counted = valid.group_by("source", month=_.ordered_on.truncate("M")).agg(orders=_.count(), amount=_.amount.sum())
    months: dict[date, Rows] = {}
    for row in rows_of(counted.order_by("month", "source")):
        months.setdefault(row["month"], []).append(row)
    return tuple(
        (month, sum(row["orders"] for row in rows), _in_currencies(rows, figures.currencies))
        for month, rows in months.items()
    )


def _unknown(figures: Figures) -> Rows:
    """Return the orders of unknown customers, and what they came to; returns without an order count in the amount."""
    nobody = figures.orders.filter(_.customer_id == "").group_by("source")
    return rows_of(nobody.agg(orders=_.ordered_on.count(), amount=_.amount.sum()).order_by("source"))


def _people(rows: Rows) -> int:
    return sum(row["people"] for row in rows)


def _money(rows: Rows) -> Money:
    return {row["currency"]: row["amount"] for row in rows}


def _in_currencies(rows: Rows, currencies: dict[str, str]) -> Money:
    money: Money = {}
    for row in rows:
        currency = currencies[row["source"]]
        money[currency] = money.get(currency, Decimal(0)) + row["amount"]
    return money
