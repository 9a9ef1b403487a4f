"""What the pages of scores and layers show: figures of the build in use, shaded and with the rules that name their people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlmodel import Session

from app.core.csv_text import CsvFile
from app.core.errors import NotFound
from app.core.i18n import N_, Translator
from app.purchases.builds import NotCounted
from app.purchases.scoring import csv_files, queries
from app.purchases.scoring.cutoffs import RANKS, Cutoffs, amount_span, days_span, orders_span
from app.purchases.scoring.schemas import DecileRow, Money, Returned, ScoreCell, ScoreRow, Scores
from app.purchases.segments.rule import Rule
from app.purchases.store import OrdersStore
from app.web.charts.bars import step
from app.web.charts.lorenz import Lorenz, lorenz
from app.web.figures.standing import Standing, without_people

By = Literal["points", "ranks"]
NARROW = 340
BEST_FIRST = (5, 4, 3, 2, 1)
PLACES = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Counted:
    """People of a cell, a row or a column, with the share who came back and its shade."""

    people: int
    amount: Money
    returned: Returned
    query: str

    @property
    def percent(self) -> int | None:
        """The share who came back in percent, None where it is not measured."""
        return None if self.returned.share is None else round(self.returned.share * 100)

    @property
    def step(self) -> int:
        """The shade of the share who came back."""
        return step(self.returned.share)


@dataclass(frozen=True)
class Head:
    """How a row or column is called: its points or rank, and the span it stands for where that is fixed."""

    name: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class GridRow:
    """One R across all F."""

    head: Head
    cells: tuple[Counted, ...]
    total: Counted


@dataclass(frozen=True)
class AmountRow:
    """One M; `low` and `high` are its limits where they are fixed."""

    name: str
    currency: str
    counted: Counted
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class Grid:
    """R × F best first, its totals, and M beside."""

    columns: tuple[Head, ...]
    rows: tuple[GridRow, ...]
    totals: tuple[Counted, ...]
    total: Counted
    amounts: tuple[AmountRow, ...]

    @property
    def best(self) -> Counted:
        """The people who are best in both."""
        return self.rows[0].cells[0]


@dataclass(frozen=True)
class Decile:
    """One decile with the rule of its people."""

    row: DecileRow
    query: str


@dataclass(frozen=True)
class Deciles:
    """The deciles of one currency, drawn wide and narrow."""

    currency: str
    rows: tuple[Decile, ...]
    wide: Lorenz | None
    narrow: Lorenz | None


@dataclass(frozen=True)
class ScoresPage:
    """The page of scores, or why there is none; `by` says how R and F are given."""

    standing: Standing
    by: By = "points"
    found: Scores | None = None
    grid: Grid | None = None
    deciles: tuple[Deciles, ...] = ()


Axis = Mapping[int, tuple[Head, Mapping[str, str]]]
"""The points or places of a table in their order: how each is called, and the conditions of its people."""


def scores_page(session: Session, store: OrdersStore, by: str) -> ScoresPage:
    """Return the page of scores: by points, or by fixed cut-offs."""
    try:
        found = queries.read_scores(session, store)
    except NotCounted:
        return ScoresPage("waiting")
    if found is None:
        return ScoresPage(without_people(session))
    chosen: By = "ranks" if by == "ranks" else "points"
    grid = rank_grid(found) if chosen == "ranks" else point_grid(found)
    return ScoresPage("there", chosen, found, grid, tuple(_deciles(found)))


def scores_file(session: Session, store: OrdersStore, words: Translator, by: str) -> CsvFile:
    """Return R, F and M as CSV, by points or ranks, or (`by` is deciles) the deciles.

    Raises:
        NotFound: there are no orders, or they are not counted.
    """
    found = queries.read_scores(session, store)
    if found is None:
        raise NotFound("no_orders", N_("There are no orders in the store."))
    if by == "deciles":
        return csv_files.deciles_csv(found, words)
    return csv_files.scores_csv(found, words, ranks=by == "ranks")


def point_grid(found: Scores) -> Grid:
    """Return the table of points, best first."""
    r: Axis = {points: (Head(str(points)), {"r": str(points)}) for points in BEST_FIRST}
    f: Axis = {points: (Head(str(points)), {"f": str(points)}) for points in BEST_FIRST}
    rows = {row.m: row for row in found.points.rows}
    amounts = (AmountRow(str(m), "", _of_row(rows[m], {"m": str(m)})) for m in BEST_FIRST if m in rows)
    return _grid(found.points.cells, r, f, tuple(amounts))


def rank_grid(found: Scores) -> Grid:
    """Return the table of ranks by fixed cut-offs, best first."""
    days = {place: days_span(place, found.cutoffs) for place in PLACES}
    orders = {place: orders_span(place, found.cutoffs) for place in PLACES}
    r: Axis = {place: (_head(place, span), {"days_since_last": span}) for place, span in days.items()}
    f: Axis = {place: (_head(place, span), {"orders": span}) for place, span in orders.items()}
    amounts = tuple(_rank_row(row, found.cutoffs, found.sources) for row in found.ranks.rows)
    return _grid(found.ranks.cells, r, f, amounts)


def _head(place: int, span: str) -> Head:
    low, _, high = span.partition("-")
    return Head(RANKS[place - 1], int(low) if low else None, int(high) if high else None)


def _rank_row(row: ScoreRow, cutoffs: Cutoffs, sources: Mapping[str, tuple[str, ...]]) -> AmountRow:
    limits = cutoffs.amounts(row.currency)
    conditions: dict[str, str | tuple[str, ...]] = {"amount": amount_span(row.m, limits)}
    if len(sources) > 1:
        conditions["source"] = sources[row.currency]
    low = limits[row.m - 1] if row.m < len(RANKS) else None
    high = limits[row.m - 2] if row.m > 1 else None
    return AmountRow(RANKS[row.m - 1], row.currency, _of_row(row, conditions), low, high)


def _grid(cells: Iterable[ScoreCell], r: Axis, f: Axis, amounts: tuple[AmountRow, ...]) -> Grid:
    there = {(cell.r, cell.f): cell for cell in cells}
    rows = tuple(
        GridRow(
            head=head,
            cells=tuple(_sum([there[high, wide]], {**across, **down}) for wide, (_, down) in f.items()),
            total=_sum([there[high, wide] for wide in f], across),
        )
        for high, (head, across) in r.items()
    )
    return Grid(
        columns=tuple(head for head, _ in f.values()),
        rows=rows,
        totals=tuple(_sum([there[high, wide] for high in r], down) for wide, (_, down) in f.items()),
        total=_sum(list(there.values()), {}),
        amounts=amounts,
    )


def _sum(cells: list[ScoreCell], conditions: Mapping[str, str]) -> Counted:
    amount: dict[str, Decimal] = {}
    for cell in cells:
        for currency, value in cell.amount.items():
            amount[currency] = amount.get(currency, Decimal(0)) + value
    returned = Returned(sum(cell.returned.base for cell in cells), sum(cell.returned.back for cell in cells))
    return Counted(sum(cell.people for cell in cells), amount, returned, Rule.of(**conditions).to_query())


def _of_row(row: ScoreRow, conditions: Mapping[str, str | tuple[str, ...]]) -> Counted:
    return Counted(row.people, row.amount, row.returned, Rule.of(**conditions).to_query())


def _deciles(found: Scores) -> Iterable[Deciles]:
    for currency, rows in found.deciles.items():
        own = found.sources[currency] if len(found.sources) > 1 else ()
        listed = tuple(Decile(row, Rule.of(decile=str(row.decile), source=own).to_query()) for row in rows)
        yield Deciles(currency, listed, lorenz(rows), lorenz(rows, width=NARROW, height=260))
