"""Stop points as a matrix: a product bought in one way by the number of its order."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from app.purchases.stopping.schemas import StopRow

ROWS, COLUMNS, HOT = 8, 5, 3


@dataclass(frozen=True, slots=True)
class StopCell:
    """People who stopped after this order, in either way.

    `percent` is of those who went on or stopped (`known`), None beyond the columns; `known` is 0 where nobody stopped there.
    """

    nth: int
    people: int
    known: int
    percent: int | None
    hot: bool


@dataclass(frozen=True, slots=True)
class StopLine:
    """One product bought in one way; the last cell holds everything beyond the columns."""

    product: str
    kind: str
    people: int
    cells: tuple[StopCell, ...]


@dataclass(frozen=True, slots=True)
class StopMatrix:
    """The lines of most people; `more` lines are not drawn."""

    columns: int
    lines: tuple[StopLine, ...]
    more: int


def stop_matrix(rows: Iterable[StopRow]) -> StopMatrix:
    """Return the matrix of stop points. The cells of most people are marked as hot."""
    people: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    known: dict[tuple[str, str, int], int] = {}
    for row in rows:
        nth = min(row.nth, COLUMNS + 1)
        people[row.product, row.kind][nth] += row.people
        known[row.product, row.kind, row.nth] = row.known
    lines = sorted(people, key=lambda key: (-sum(people[key].values()), key))
    most = sorted((some for key in lines[:ROWS] for some in people[key].values()), reverse=True)[:HOT]
    least = most[-1] if most else 0

    def cell(key: tuple[str, str], nth: int) -> StopCell:
        here, had = people[key][nth], known.get((*key, nth), 0)
        beyond = nth > COLUMNS
        percent = None if beyond or not had else round(here / had * 100)
        return StopCell(nth, here, had, percent, hot=0 < least <= here)

    return StopMatrix(
        columns=COLUMNS,
        lines=tuple(
            StopLine(*key, sum(people[key].values()), tuple(cell(key, nth) for nth in range(1, COLUMNS + 2)))
            for key in lines[:ROWS]
        ),
        more=max(len(lines) - ROWS, 0),
    )
