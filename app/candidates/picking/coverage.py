"""The coverage table: how people came in × lane, with how many the shop has and how many were heard."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.candidates.picking.cells import LANES, Entry, entry_of
from app.purchases.classes import CustomerClass
from app.purchases.schemas import CustomerSummary

MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class ShopRow:
    """People of the shop who came in one way, per lane. `entries` > 1 is the row of all the rest."""

    entry: Entry
    entries: int
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One candidate as far as coverage looks."""

    entry: Entry
    lane: CustomerClass
    heard: bool


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """One cell: shop people, candidates, and those heard. `gap`: many people and no candidate."""

    lane: CustomerClass
    people: int
    wanted: int
    heard: int
    gap: bool


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One way to come in; the row of all the rest counts its `entries`."""

    entry: Entry
    entries: int
    cells: tuple[CoverageCell, ...]


def shop_rows(people: Iterable[CustomerSummary]) -> tuple[ShopRow, ...]:
    """Count the people of the three lanes by how they came in: the largest rows, then one for the rest."""
    counts: defaultdict[Entry, Counter[CustomerClass]] = defaultdict(Counter)
    for person in people:
        counts[entry_of(person)][person.customer_class] += 1
    ranked = sorted(counts, key=lambda entry: (-counts[entry].total(), entry))
    shown, rest = ranked[:MOST_ROWS], ranked[MOST_ROWS:]
    rows = [ShopRow(entry, 1, tuple(counts[entry][lane] for lane in LANES)) for entry in shown]
    if rest:
        total: Counter[CustomerClass] = Counter()
        for entry in rest:
            total.update(counts[entry])
        rows.append(ShopRow(Entry("", ""), len(rest), tuple(total[lane] for lane in LANES)))
    return tuple(rows)


def coverage(rows: Sequence[ShopRow], asked: Sequence[Asked]) -> tuple[CoverageRow, ...]:
    """Lay the candidates over the shop's rows; who fits no shown row counts in the row of the rest."""
    shown = {row.entry for row in rows if row.entries == 1}
    rest = Entry("", "")
    wanted: Counter[tuple[Entry, CustomerClass]] = Counter()
    heard: Counter[tuple[Entry, CustomerClass]] = Counter()
    for one in asked:
        entry = one.entry if one.entry in shown else rest
        wanted[entry, one.lane] += 1
        heard[entry, one.lane] += one.heard
    largest = _largest(rows)
    return tuple(
        CoverageRow(
            entry=row.entry,
            entries=row.entries,
            cells=tuple(
                CoverageCell(
                    lane=lane,
                    people=people,
                    wanted=wanted[row.entry, lane],
                    heard=heard[row.entry, lane],
                    gap=wanted[row.entry, lane] == 0 and row.entries == 1 and people * 5 >= largest[at] > 0,
                )
                for at, (lane, people) in enumerate(zip(LANES, row.people, strict=True))
            ),
        )
        for row in rows
    )


def _largest(rows: Sequence[ShopRow]) -> tuple[int, ...]:
    """Return the largest shown cell of each lane; a fifth of it without a candidate is a gap worth marking."""
    return tuple(max((row.people[at] for row in rows if row.entries == 1), default=0) for at in range(len(LANES)))
