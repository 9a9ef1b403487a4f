"""Tables of values and of what was bought later: shades by fifths of the largest, and where the people are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from urllib.parse import urlencode

from app.purchases.repeat.schemas import CrossRow, CrossTable, ValueRow, Worth

SHADES = 5
LEAST = 10
"""Of fewer people there is no share and no shade: one person would paint the table."""
Sources = Mapping[str, tuple[str, ...]]
"""Currency → the sources whose people are meant; empty where all of them have one currency."""


@dataclass(frozen=True, slots=True)
class WorthCell:
    """What customers brought within some days; `mean` None where nobody had the time."""

    days: int
    people: int
    mean: Decimal | None
    step: int
    query: str


@dataclass(frozen=True, slots=True)
class WorthRow:
    """Customers who began alike, in one currency; `query` is empty where no rule names them."""

    key: str
    currency: str
    people: int
    orders: int
    mean_order: Decimal
    query: str
    cells: tuple[WorthCell, ...]


@dataclass(frozen=True, slots=True)
class CrossCell:
    """Who of a row's people bought it later, `percent` None where these are few; `same`: what they began with."""

    people: int
    percent: int | None
    step: int
    same: bool
    query: str


@dataclass(frozen=True, slots=True)
class CrossLine:
    """One first product; `again` of its people bought anything on a later day. Queries are empty where it has no name."""

    product: str
    is_family: bool
    people: int
    again: int
    again_percent: int | None
    query: str
    again_query: str
    cells: tuple[CrossCell, ...]


def worth_rows(rows: Iterable[ValueRow], field: str, as_of: date, sources: Sources) -> tuple[WorthRow, ...]:
    """Return the rows with shades by column and currency; `field` is the rule's field that the keys are values of."""
    listed = tuple(rows)
    largest: dict[tuple[str, int], Decimal] = {}
    for row in listed:
        for one in row.worth:
            place = (row.currency, one.days)
            mean = one.mean if one.mean is not None and one.people >= LEAST else Decimal(0)
            largest[place] = max(largest.get(place, Decimal(0)), mean)
    found = []
    for row in listed:
        known = not field or bool(row.key)
        value = row.key[:7] if field == "first_month" else row.key
        chosen = [(field, value)] * bool(field) + [("source", source) for source in sources.get(row.currency, ())]
        cells = tuple(
            _worth(one, largest[row.currency, one.days], chosen if known else None, as_of) for one in row.worth
        )
        query = urlencode(chosen) if known else ""
        found.append(WorthRow(row.key, row.currency, row.people, row.orders, row.mean_order, query, cells))
    return tuple(found)


def _worth(one: Worth, largest: Decimal, chosen: list[tuple[str, str]] | None, as_of: date) -> WorthCell:
    last = (as_of - timedelta(days=one.days)).isoformat()
    query = "" if chosen is None else urlencode([*chosen, ("first_on", f"~{last}")])
    step = _step(float(one.mean or 0), float(largest)) if one.people >= LEAST else 0
    return WorthCell(one.days, one.people, one.mean, step, query)


def cross_lines(table: CrossTable) -> tuple[CrossLine, ...]:
    """Return the rows with shades by the largest share of all cells beside those of the same product."""
    shares = [
        people / row.people
        for row in table.rows
        for (to, _), people in zip(table.to, row.later, strict=True)
        if to != row.product and row.people >= LEAST
    ]
    largest = max(shares, default=0.0)
    return tuple(_cross(row, table, largest) for row in table.rows)


def _cross(row: CrossRow, table: CrossTable, largest: float) -> CrossLine:
    began = {"began_with": row.product}
    cells = tuple(
        CrossCell(
            people=people,
            percent=_percent(people, row.people),
            step=0 if to == row.product or row.people < LEAST else _step(people / row.people, largest),
            same=to == row.product,
            query=urlencode(began | {"bought_later": to}) if row.product else "",
        )
        for (to, _), people in zip(table.to, row.later, strict=True)
    )
    return CrossLine(
        product=row.product,
        is_family=row.is_family,
        people=row.people,
        again=row.again,
        again_percent=_percent(row.again, row.people),
        query=urlencode(began) if row.product else "",
        again_query=urlencode(began | {"purchase_days": "2-"}) if row.product else "",
        cells=cells,
    )


def _percent(people: int, base: int) -> int | None:
    return round(100 * people / base) if base >= LEAST else None


def _step(value: float, largest: float) -> int:
    return min(SHADES, ceil(SHADES * value / largest)) if largest and value > 0 else 0
