"""R × F and M as points and by fixed cut-offs, deciles: counted over the customers of a build. DuckDB."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from app.purchases.scoring.cutoffs import RANKS, Cutoffs, amount_rank, days_rank, orders_rank
from app.purchases.scoring.schemas import DecileRow, Returned, ScoreCell, ScoreRow, ScoreTable
from app.purchases.scoring.standing import take_scored

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STEPS = range(1, len(RANKS) + 1)
NOW = "SELECT {keys}, currency, count(*), sum(amount) FROM people GROUP BY ALL ORDER BY ALL"
THEN = "SELECT {keys}, count(*), count(*) FILTER (WHERE came_back) FROM {stood} GROUP BY ALL"
Counts = dict[tuple[object, ...], Returned]


def by_points(connection: "DuckDBPyConnection", *, measured: bool) -> ScoreTable:
    """Return the table of the points that the build gave; those of the cut-off are given anew among the people of then."""
    if measured:
        take_scored(connection)
    return ScoreTable(
        cells=_cells(connection, "r, f", _then(connection, "r, f", "scored") if measured else {}),
        rows=_rows(connection, "m", "''", _then(connection, "m, ''", "scored") if measured else {}),
    )


def by_cutoffs(connection: "DuckDBPyConnection", cutoffs: Cutoffs, *, measured: bool) -> ScoreTable:
    """Return the table of ranks by fixed cut-offs; M has rows for each currency."""
    now = f"{days_rank('days_since_last', cutoffs)}, {orders_rank('orders', cutoffs)}"
    then = f"{days_rank('days', cutoffs)}, {orders_rank('orders', cutoffs)}"
    amount = amount_rank("amount", "currency", cutoffs)
    return ScoreTable(
        cells=_cells(connection, now, _then(connection, then, "stood") if measured else {}),
        rows=_rows(connection, amount, "currency", _then(connection, f"{amount}, currency", "stood") if measured else {}),
    )  # fmt: skip


def deciles(connection: "DuckDBPyConnection") -> Mapping[str, tuple[DecileRow, ...]]:
    """Return the deciles of each currency, the best first. A negative amount counts as it is."""
    found: dict[str, list[tuple[int, int, Decimal]]] = defaultdict(list)
    for decile, currency, people, amount in connection.execute(NOW.format(keys="decile")).fetchall():
        found[currency].append((int(decile), people, amount))
    return {currency: _shares(rows) for currency, rows in found.items()}


def _shares(rows: Iterable[tuple[int, int, Decimal]]) -> tuple[DecileRow, ...]:
    rows = list(rows)
    everybody, total = sum(people for _, people, _ in rows), sum(amount for _, _, amount in rows)
    listed: list[DecileRow] = []
    people_above, amount_above = 0, Decimal(0)
    for decile, people, amount in rows:
        people_above, amount_above = people_above + people, amount_above + amount
        listed.append(
            DecileRow(
                decile=decile,
                people=people,
                amount=amount,
                share=float(amount / total) if total else 0.0,
                people_share=people_above / everybody,
                cumulative=float(amount_above / total) if total else 0.0,
            )
        )
    return tuple(listed)


def _then(connection: "DuckDBPyConnection", keys: str, stood: str) -> Counts:
    rows = connection.execute(THEN.format(keys=keys, stood=stood)).fetchall()
    return {tuple(row[:-2]): Returned(row[-2], row[-1]) for row in rows}


def _cells(connection: "DuckDBPyConnection", keys: str, then: Counts) -> tuple[ScoreCell, ...]:
    people: dict[tuple[int, int], int] = defaultdict(int)
    amount: dict[tuple[int, int], dict[str, Decimal]] = defaultdict(dict)
    for r, f, currency, count, total in connection.execute(NOW.format(keys=keys)).fetchall():
        people[r, f] += count
        amount[r, f][currency] = total
    return tuple(
        ScoreCell(r, f, people[r, f], amount[r, f], then.get((r, f), Returned())) for r in STEPS for f in STEPS
    )


def _rows(connection: "DuckDBPyConnection", key: str, currency: str, then: Counts) -> tuple[ScoreRow, ...]:
    people: dict[tuple[str, int], int] = defaultdict(int)
    amount: dict[tuple[str, int], dict[str, Decimal]] = defaultdict(dict)
    for m, own, code, count, total in connection.execute(NOW.format(keys=f"{key}, {currency} AS own")).fetchall():
        people[own, m] += count
        amount[own, m][code] = total
    return tuple(
        ScoreRow(m, own, people[own, m], amount[own, m], then.get((m, own), Returned()))
        for own in dict.fromkeys(own for own, _ in list(people))
        for m in STEPS
    )
