"""The time axis as a list: the narrow view, and the words behind the figure for everybody else."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.purchases.schemas import CANCELLED
from app.web.charts.marks import Marks, OrderMark
from app.web.charts.voices import Voice


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One moment: an order, an event, or the trigger (`turn`), with what was said about it; day None = before.

    `event` names what happened: the key of its label.
    """

    kind: str
    day: int | None
    order: OrderMark | None
    gap_days: int | None
    until: int | None
    voices: tuple[Voice, ...]
    event: str = ""


def journal(
    marks: Marks, *, voices: Sequence[Voice] = (), turn: tuple[int, int] | None = None
) -> tuple[JournalEntry, ...]:
    """Return every order, event and voice in time order. `turn` is (from_day, to_day) of the trigger."""
    early = [voice for voice in voices if voice.day is None or voice.day < 0]
    entries = [JournalEntry("voice", None, None, None, None, (voice,)) for voice in early]
    rest = [voice for voice in voices if voice.day is not None and voice.day >= 0]
    keyed: list[tuple[float, JournalEntry]] = []
    turning: list[Voice] = []
    for voice in rest:
        if turn is not None and voice.stage == "loyalty_trigger" and turn[0] <= (voice.day or 0) <= turn[1]:
            turning.append(voice)
        else:
            keyed.append(((voice.day or 0) + 0.4, JournalEntry("voice", voice.day, None, None, None, (voice,))))
    if turn is not None:
        keyed.append((turn[0] + 0.5, JournalEntry("turn", turn[0], None, None, turn[1], tuple(turning))))
    before: OrderMark | None = None
    for mark in marks.orders:
        gap = mark.day - before.day if before else None
        keyed.append((float(mark.day), JournalEntry("order", mark.day, mark, gap, None, ())))
        before = mark
    for event in marks.events:
        if event.day < 0:
            continue
        kind = "cancelled" if event.kind == CANCELLED else "event"
        keyed.append((event.day + 0.2, JournalEntry(kind, event.day, None, None, None, (), event.kind)))
    keyed.sort(key=lambda pair: pair[0])
    return (*entries, *(entry for _, entry in keyed))
