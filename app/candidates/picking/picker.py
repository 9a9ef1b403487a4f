"""Chooses whom to listen to in one lane: hard filters first, then the rarest cells, then who remembers best."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import chain, islice

from app.candidates.picking.cells import Cell, cell_of
from app.candidates.picking.likely import Rank, level
from app.candidates.picking.twins import TwinKey, twin_key
from app.candidates.picking.wishes import Wishes
from app.core.i18n import N_
from app.purchases.classes import STOPPED, CustomerClass
from app.purchases.other.attribute_words import Attribute
from app.purchases.schemas import CustomerSummary

TWIN_SHARE = 3
TYPICAL_GAP_DAYS = 60.0
TwinTest = Callable[[CustomerSummary], bool]
InTurn = Callable[[Sequence[CustomerSummary]], Iterator[CustomerSummary]]


class Barrier(StrEnum):
    """Why somebody is left out before anything is weighed."""

    IN_STUDY = "in_study"
    OTHER_STUDY = "other_study"
    INTERVIEWED = "interviewed"
    DECLINED = "declined"
    NO_SHOW = "no_show"
    NO_DATA = "no_data"
    OTHER_PRODUCT = "other_product"
    OTHER_PEOPLE = "other_people"


BARRIER_LABELS = {
    Barrier.IN_STUDY: N_("Already a candidate of this study"),
    Barrier.OTHER_STUDY: N_("A candidate of another study under way"),
    Barrier.INTERVIEWED: N_("Listened to lately"),
    Barrier.DECLINED: N_("Passed over or declined lately"),
    Barrier.NO_SHOW: N_("Did not come to an interview lately"),
    Barrier.NO_DATA: N_("No order with an amount"),
    Barrier.OTHER_PRODUCT: N_("Never bought the product of this study"),
    Barrier.OTHER_PEOPLE: N_("Stopped elsewhere than this study asks about"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Somebody chosen, with how rare their cell is: people in it, and people of it heard or asked already.

    `fills` are the quotas by attribute that were open when they were chosen.
    """

    summary: CustomerSummary
    cell: Cell
    cell_people: int
    cell_taken: int
    fills: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class LanePick:
    """What one lane gave. `available` counts everybody of the class, left out or not."""

    lane: CustomerClass
    available: int
    chosen: tuple[Chosen, ...]
    left_out: Mapping[Barrier, int]


def nobody(summary: CustomerSummary) -> bool:
    """Say of everybody that they are no twin."""
    del summary
    return False


@dataclass(frozen=True, slots=True)
class Filters:
    """Hard filters: who is barred, by customer reference, and who bought the product (None: the data can't tell).

    A trial counts as the product: trial sets carry names of their own. Of those who stopped only `among` are taken (None: all).
    """

    barred: Mapping[str, Barrier] = field(default_factory=dict)
    buyers: Collection[str] | None = None
    among: Collection[str] | None = None

    def barrier(self, summary: CustomerSummary) -> Barrier | None:
        """Return why this customer is left out, or None."""
        if summary.orders < 1 or summary.amount <= Decimal(0):
            return Barrier.NO_DATA
        if summary.customer_ref in self.barred:
            return self.barred[summary.customer_ref]
        if self.among is not None and summary.customer_class in STOPPED and summary.customer_ref not in self.among:
            return Barrier.OTHER_PEOPLE
        if self.buyers is None or summary.first_kind == "trial" or summary.customer_ref in self.buyers:
            return None
        return Barrier.OTHER_PRODUCT


def rhythm(summary: CustomerSummary) -> float:
    """Return days since the last order in own mean gaps; one-time customers are held to a typical gap."""
    return summary.days_since_last / max(summary.mean_gap_days or TYPICAL_GAP_DAYS, 1.0)


def order_key(summary: CustomerSummary, is_twin: TwinTest, rank: Rank) -> tuple[object, ...]:
    """Return the order inside a cell: possible twins, then the rank, then the nearest to their own rhythm, then a fixed tie-break.

    The nearer the last order is to the own rhythm, the fresher is what the customer can tell.
    """
    return (
        not is_twin(summary),
        rank(summary),
        round(rhythm(summary), 3),
        -summary.orders,
        summary.source,
        summary.customer_id,
    )


def pick_lane(
    people: Sequence[CustomerSummary], *, lane: CustomerClass, missing: int, filters: Filters,
    taken: Mapping[Cell, int], is_twin: TwinTest = nobody, rank: Rank = level, wishes: Wishes | None = None,
) -> LanePick:  # fmt: skip
    """Choose up to `missing` people of one lane.

    People who fill open quotas by attribute (`wishes`, counted down here) come first. Cells take turns: those with the fewest people taken so far first, then those that share least with them
    (product, stop point, channel), then the rarest. Up to a third of the places go first to people of
    whom `is_twin` says that they make a twin with somebody of another lane.
    """
    barriers = {person.customer_ref: filters.barrier(person) for person in people}
    open_people = [person for person in people if barriers[person.customer_ref] is None]
    sizes = Counter(cell_of(person) for person in people)
    queues = _queues(open_people, is_twin, rank)
    asked = wishes or Wishes()
    wanted = _wanted(open_people, asked, missing, lambda some: _rounds(_queues(some, is_twin, rank), taken, sizes))
    order = chain(wanted, _twins_first(queues, is_twin, rank, missing), _rounds(queues, taken, sizes))
    chosen: dict[str, Chosen] = {}
    while len(chosen) < missing and (person := next(order, None)) is not None:
        cell = cell_of(person)
        if person.customer_ref not in chosen:
            filled = asked.choose(person.customer_ref)
            chosen[person.customer_ref] = Chosen(person, cell, sizes[cell], taken.get(cell, 0), filled)
    return LanePick(
        lane=lane,
        available=len(people),
        chosen=tuple(chosen.values()),
        left_out=Counter(found for found in barriers.values() if found is not None),
    )


def _wanted(
    people: Sequence[CustomerSummary], wishes: Wishes, missing: int, in_turn: InTurn
) -> Iterator[CustomerSummary]:  # fmt: skip
    """Yield people while they fill open quotas: those who fill most first, of equals the fewest in number.

    What is open is looked at anew for each: whoever takes the people counts them down.
    """
    groups: defaultdict[frozenset[Attribute], list[CustomerSummary]] = defaultdict(list)
    for person in people if wishes.still(wishes.open) and missing else ():
        if fills := wishes.fills(person.customer_ref):
            groups[fills].append(person)
    queues = {fills: deque(islice(in_turn(some), missing)) for fills, some in groups.items()}
    while queues:
        best = min(queues, key=lambda fills: (-wishes.still(fills), len(groups[fills]), sorted(map(astuple, fills))))
        if not wishes.still(best):
            return
        yield queues[best].popleft()
        if not queues[best]:
            del queues[best]


def _queues(people: Sequence[CustomerSummary], is_twin: TwinTest, rank: Rank) -> dict[Cell, list[CustomerSummary]]:
    queues: defaultdict[Cell, list[CustomerSummary]] = defaultdict(list)
    for person in people:
        queues[cell_of(person)].append(person)
    for queue in queues.values():
        queue.sort(key=lambda person: order_key(person, is_twin, rank))
    return dict(queues)


def _twins_first(
    queues: Mapping[Cell, Sequence[CustomerSummary]], is_twin: TwinTest, rank: Rank, missing: int
) -> list[CustomerSummary]:  # fmt: skip
    """Return one person per twin key, most promising first, up to the reserved places."""
    places = 0 if missing < 2 else max(1, missing // TWIN_SHARE)
    found = [person for queue in queues.values() for person in queue if is_twin(person)]
    found.sort(key=lambda person: order_key(person, is_twin, rank))
    by_key: dict[TwinKey | None, CustomerSummary] = {}
    for person in found:
        by_key.setdefault(twin_key(person), person)
    return list(by_key.values())[:places]


def _rounds(
    queues: Mapping[Cell, Sequence[CustomerSummary]], taken: Mapping[Cell, int], sizes: Mapping[Cell, int]
) -> Iterator[CustomerSummary]:  # fmt: skip
    """Yield everybody: each time from the cell least taken from, then least like those taken, then rarest."""
    counts = Counter(taken)
    parts: Counter[tuple[str, str]] = Counter()
    for cell, people in taken.items():
        parts.update(dict.fromkeys(_parts(cell), people))
    places = dict.fromkeys(queues, 0)
    while places:
        cell = min(places, key=lambda one: (counts[one], sum(parts[part] for part in _parts(one)), sizes[one], one))
        yield queues[cell][places[cell]]
        counts[cell] += 1
        parts.update(_parts(cell))
        places[cell] += 1
        if places[cell] == len(queues[cell]):
            del places[cell]


def _parts(cell: Cell) -> tuple[tuple[str, str], ...]:
    """Return what a cell shares with others; the kind of stop counts beside its number."""
    kind = cell.stop_point.partition(":")[0]
    return ("product", cell.first_product), ("stop", cell.stop_point), ("kind", kind), ("channel", cell.sales_channel)
