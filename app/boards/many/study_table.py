"""Many people side by side: stage × class, channels, worries and cancel reasons, all counted in people."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from app.boards.schemas import BoardQuote, StageColumn, StageStatus
from app.boards.study_schemas import ClassCount, CountRow, PeopleCell, StageRow
from app.language.codebook import (
    ANXIETY_LABELS,
    CANCEL_REASON_LABELS,
    CHANNEL_LABELS,
    STAGES,
    AnxietyKind,
    CancelReason,
    Channel,
    Stage,
)
from app.purchases.classes import CustomerClass

Detail = TypeVar("Detail", Channel, CancelReason, AnxietyKind)
WIDE_GAP = 0.5
"""Share of people between two classes from which a row is marked; both need at least two people."""
VOICE_LENGTH = 48
"""A quote beside a row should fit one line; the first one this short is taken."""


@dataclass(frozen=True, slots=True)
class HeardPerson:
    """One interviewed person, their journey and their quotes within the reader's scope."""

    person_id: str
    code_name: str
    customer_class: CustomerClass
    journey: tuple[StageColumn, ...]
    quotes: tuple[BoardQuote, ...]


def class_counts(people: Sequence[HeardPerson]) -> tuple[ClassCount, ...]:
    """Return the classes that were heard, in the order loyal, active, new, lapsed, churned."""
    counted = ((kind, sum(person.customer_class is kind for person in people)) for kind in CLASS_ORDER)
    return tuple(ClassCount(customer_class=kind, people=n) for kind, n in counted if n)


CLASS_ORDER = (
    CustomerClass.LOYAL,
    CustomerClass.ACTIVE,
    CustomerClass.NEW,
    CustomerClass.LAPSED,
    CustomerClass.CHURNED,
)


def stage_table(people: Sequence[HeardPerson]) -> tuple[StageRow, ...]:
    """Return one row per stage in journey order; the voices beside them come from as many people as can be."""
    shown: Counter[str] = Counter()
    rows = []
    for stage in STAGES:
        row = stage_row(stage, people, shown)
        if row.voice is not None:
            shown[row.voice.person_id] += 1
        rows.append(row)
    return tuple(rows)


def stage_row(stage: Stage, people: Sequence[HeardPerson], shown: Mapping[str, int]) -> StageRow:
    """Return one stage: people of each class who said something about it, one voice, who was not asked."""
    cells = tuple(
        replace(cell, unasked=sum(unasked(stage, person) for person in people if person.customer_class is kind))
        for cell in people_cells(people, lambda person: any(quote.stage is stage for quote in person.quotes))
        for kind in (cell.customer_class,)
    )
    quotes = [quote for person in people for quote in person.quotes if quote.stage is stage]
    return StageRow(
        stage=stage,
        cells=cells,
        voice=voice(quotes, shown),
        unheard=sum(cell.unasked for cell in cells),
        wide_gap=wide_gap(cells),
    )


def unasked(stage: Stage, person: HeardPerson) -> bool:
    """Whether a person was not asked about a stage and said nothing of it."""
    return any(column.stage is stage and column.status is StageStatus.UNHEARD for column in person.journey)


def people_cells(people: Sequence[HeardPerson], said: Callable[[HeardPerson], bool]) -> tuple[PeopleCell, ...]:
    """Return for each heard class how many of its people said it."""
    cells = []
    for count in class_counts(people):
        own = [person for person in people if person.customer_class is count.customer_class]
        names = tuple(person.code_name for person in own if said(person))
        cells.append(PeopleCell(customer_class=count.customer_class, people=len(names), of=count.people, names=names))
    return tuple(cells)


def wide_gap(cells: Sequence[PeopleCell]) -> bool:
    """Whether two classes of two or more heard people differ by half of those or more."""
    shares = [cell.people / cell.heard for cell in cells if cell.heard >= 2]
    return len(shares) > 1 and max(shares) - min(shares) >= WIDE_GAP


def voice(quotes: Sequence[BoardQuote], shown: Mapping[str, int]) -> BoardQuote | None:
    """Return one quote to stand for a row: confirmed first, then one line, then of people not `shown` yet."""
    return min(
        quotes,
        key=lambda quote: (not quote.confirmed, len(quote.text) > VOICE_LENGTH, shown.get(quote.person_id, 0)),
        default=None,
    )


def in_turn(quotes: Iterable[BoardQuote]) -> tuple[BoardQuote, ...]:
    """Return quotes with confirmed ones first, and one of each person before anybody's second."""
    said: Counter[tuple[str, bool]] = Counter()
    ranked = []
    for quote in quotes:
        ranked.append((not quote.confirmed, said[quote.person_id, quote.confirmed], quote))
        said[quote.person_id, quote.confirmed] += 1
    return tuple(quote for *_, quote in sorted(ranked, key=lambda entry: entry[:2]))


def channel_rows(people: Sequence[HeardPerson]) -> tuple[CountRow, ...]:
    """Return how people say they first learned of the product, most people first."""
    return count_rows(people, CHANNEL_LABELS, Stage.AWARENESS, lambda quote: quote.channels, drop=Channel.NOT_STATED)


def anxiety_rows(people: Sequence[HeardPerson]) -> tuple[CountRow, ...]:
    """Return worries that can be shown and worries that cannot, each with its voices."""
    return count_rows(people, ANXIETY_LABELS, Stage.ANXIETY, lambda quote: quote.anxiety_kinds, drop=None)


def cancel_rows(people: Sequence[HeardPerson]) -> tuple[CountRow, ...]:
    """Return why people say they stopped, most people first."""
    return count_rows(
        people,
        CANCEL_REASON_LABELS,
        Stage.CHURN_REASON,
        lambda quote: quote.cancel_reasons,
        drop=CancelReason.NOT_STATED,
    )


def is_speaker(speakers: AbstractSet[str], person: HeardPerson) -> bool:
    return person.person_id in speakers


def count_rows(
    people: Sequence[HeardPerson],
    labels: Mapping[Detail, str],
    stage: Stage,
    details: Callable[[BoardQuote], Iterable[Detail]],
    *,
    drop: Detail | None,
) -> tuple[CountRow, ...]:
    """Return one row per detail that anybody said under the stage."""
    rows = []
    for key, label in labels.items():
        if key is drop:
            continue
        voices = in_turn(
            quote for person in people for quote in person.quotes if quote.stage is stage and key in details(quote)
        )
        if voices:
            speakers = {quote.person_id for quote in voices}
            cells = people_cells(people, partial(is_speaker, speakers))
            rows.append(CountRow(key=str(key), label=label, cells=cells, people=len(speakers), voices=voices))
    return tuple(sorted(rows, key=lambda row: -row.people))
