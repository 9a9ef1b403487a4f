"""Order count × days since the last order: cells with their bar and shade, and the totals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.purchases.schemas import Cell, CountElapsedTable
from app.web.charts.bars import step

RARE = 0.02


@dataclass(frozen=True, slots=True)
class ElapsedCell:
    """One cell: `percent` came back of `measured_people`, None where it cannot be measured; `step` is its shade."""

    elapsed: str
    people: int
    amount: dict[str, Decimal]
    percent: int | None
    step: int
    measured_people: int
    hot: bool


@dataclass(frozen=True, slots=True)
class ElapsedTotal:
    """People and amount of a row, a column or everything."""

    key: str
    people: int
    amount: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class ElapsedRow:
    """One order count across all bands."""

    total: ElapsedTotal
    cells: tuple[ElapsedCell, ...]


@dataclass(frozen=True, slots=True)
class ElapsedTable:
    """The whole table. `stopped` is who stopped after one order; one in `one_in` of such people came back.

    `one_in` is None when fewer than one in fifty did, or it cannot be measured.
    """

    bands: tuple[str, ...]
    rows: tuple[ElapsedRow, ...]
    columns: tuple[ElapsedTotal, ...]
    total: ElapsedTotal
    measured: bool
    within_days: int
    cutoff: date
    stopped: int
    one_in: int | None


def elapsed_table(table: CountElapsedTable) -> ElapsedTable:
    """Return the table ready to draw. Amounts of different currencies stay apart."""
    counts, bands = table.counts, table.elapsed
    first = table.cell(counts[0], bands[-1])
    share = first.returned_share
    return ElapsedTable(
        bands=bands,
        rows=tuple(
            ElapsedRow(
                total=_total(count, (cell for cell in table.cells if cell.count == count)),
                cells=tuple(
                    _cell(table.cell(count, band), hot=(count, band) == (counts[0], bands[-1])) for band in bands
                ),
            )
            for count in counts
        ),
        columns=tuple(_total(band, (cell for cell in table.cells if cell.elapsed == band)) for band in bands),
        total=_total("", table.cells),
        measured=table.measured,
        within_days=table.within_days,
        cutoff=table.cutoff,
        stopped=first.people,
        one_in=round(1 / share) if share and share >= RARE and table.measured else None,
    )


def _cell(cell: Cell, *, hot: bool) -> ElapsedCell:
    share = cell.returned_share
    return ElapsedCell(
        elapsed=cell.elapsed,
        people=cell.people,
        amount=cell.amount,
        percent=None if share is None else round(share * 100),
        step=step(share),
        measured_people=cell.measured_people,
        hot=hot and cell.people > 0,
    )


def _total(key: str, cells: Iterable[Cell]) -> ElapsedTotal:
    people = 0
    amount: dict[str, Decimal] = {}
    for cell in cells:
        people += cell.people
        for currency, value in cell.amount.items():
            amount[currency] = amount.get(currency, Decimal(0)) + value
    return ElapsedTotal(key=key, people=people, amount=amount)
