"""Tables for the first page, counted from the customers' figures. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from app.purchases.classes import (
    COUNT_BANDS,
    ELAPSED_BANDS,
    CustomerClass,
    PurchaseType,
    count_band,
    elapsed_band,
)
from app.purchases.figures.build import WITHIN_DAYS, Figures, Returned
from app.purchases.schemas import Cell, CountElapsedTable, CustomerSummary, Group, Overview

HISTORY_DAYS = 90
Money = dict[str, Decimal]


def _add(money: Money, currency: str, amount: Decimal) -> None:
    money[currency] = money.get(currency, Decimal(0)) + amount


def _groups(people: Iterable[CustomerSummary], keys: Iterable[str], attribute: str) -> tuple[Group, ...]:
    counts: dict[str, int] = defaultdict(int)
    sums: dict[str, Money] = defaultdict(dict)
    for person in people:
        key = str(getattr(person, attribute))
        counts[key] += 1
        _add(sums[key], person.currency, person.amount)
    return tuple(Group(key, counts[key], sums[key]) for key in keys)


def count_elapsed(figures: Figures) -> CountElapsedTable:
    """Return count × elapsed; the share who came back is measured on the people of the same cell at the cut-off.

    Not measured where the shop's history before the cut-off is shorter than 90 days, or nobody stood in the cell.
    """
    measured = figures.first_order_on + timedelta(days=HISTORY_DAYS) <= figures.cutoff
    then: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for past in figures.returned if measured else ():
        counts = then[_past_cell(past, figures.cutoff)]
        counts[0] += past.people
        counts[1] += past.came_back
    people: dict[tuple[str, str], int] = defaultdict(int)
    sums: dict[tuple[str, str], Money] = defaultdict(dict)
    for person in figures.customers:
        key = (count_band(person.orders), elapsed_band(person.days_since_last))
        people[key] += 1
        _add(sums[key], person.currency, person.amount)
    cells = []
    for count in COUNT_BANDS:
        for elapsed in ELAPSED_BANDS:
            key = (count, elapsed)
            base, back = then[key]
            cells.append(Cell(count, elapsed, people[key], sums[key], base, back / base if base else None))
    return CountElapsedTable(
        as_of=figures.as_of,
        counts=COUNT_BANDS,
        elapsed=ELAPSED_BANDS,
        cells=tuple(cells),
        within_days=WITHIN_DAYS,
        cutoff=figures.cutoff,
        measured=measured,
    )


def _past_cell(past: Returned, cutoff: date) -> tuple[str, str]:
    return count_band(past.orders), elapsed_band((cutoff - past.last_order_on).days)


def overview(figures: Figures, *, as_of_is_set: bool) -> Overview:
    """Return the shop at a glance."""
    amount: Money = {}
    for person in figures.customers:
        _add(amount, person.currency, person.amount)
    months: dict[date, tuple[int, Money]] = {}
    for month, currency, orders, total in figures.months:
        known, sums = months.get(month, (0, {}))
        _add(sums, currency, total)
        months[month] = (known + orders, sums)
    return Overview(
        as_of=figures.as_of,
        as_of_is_set=as_of_is_set,
        customers=len(figures.customers),
        orders=sum(person.orders for person in figures.customers),
        amount=amount,
        first_order_on=figures.first_order_on,
        last_order_on=figures.last_order_on,
        classes=_groups(figures.customers, CustomerClass, "customer_class"),
        types=_groups(figures.customers, PurchaseType, "purchase_type"),
        super_loyal=sum(person.super_loyal for person in figures.customers),
        sources=figures.limits,
        months=tuple((month, orders, sums) for month, (orders, sums) in sorted(months.items())),
    )
