"""Where a voice stands on the time axis: one per stage, placed only as far as it is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.boards.schemas import BoardQuote, PersonBoard
from app.language.codebook import Stage
from app.purchases.classes import STOPPED
from app.purchases.schemas import CANCELLED

BEFORE = (Stage.PROBLEM, Stage.AWARENESS, Stage.CONSIDERATION, Stage.ANXIETY)
MOST = 7
SHOWN = 33
"""Characters of a voice above the axis: three short lines."""
BREAKS = "、。!? "


@dataclass(frozen=True, slots=True)
class Pin:
    """A voice above the axis: `text` is the sentence around its evidence.

    `day` counts from the first order, None when the time is not known. `before` is set for voices
    from before the first order, which have no day of their own.
    """

    quote: BoardQuote
    text: str
    day: int | None
    before: bool = False


def pins(board: PersonBoard) -> tuple[Pin, ...]:
    """Return the voices to show above the axis, at most seven, from left to right.

    Of the use nothing is known but that it came after the first order: it stands there.
    """
    shown = [pin(quote, None, before=True) for stage in BEFORE for quote in telling(board.quotes, stage)]
    shown += [pin(quote, 0) for quote in telling(board.quotes, Stage.PURCHASE_REASON)]
    if board.orders:
        shown += [pin(quote, 0) for quote in telling(board.quotes, Stage.EXPERIENCE)]
    if board.turning is not None:
        turning = board.turning
        day = (turning.from_day + turning.to_day) // 2 if turning.after_order else None
        shown += [pin(quote, day) for quote in telling(board.triggers, Stage.LOYALTY_TRIGGER)]
    if board.customer_class in STOPPED:
        shown += [pin(quote, last_day(board)) for quote in telling(board.quotes, Stage.CHURN_REASON)]
    return tuple(without_surplus(shown))


def pin(quote: BoardQuote, day: int | None, *, before: bool = False) -> Pin:
    return Pin(quote=quote, text=around(quote.text, quote.start, quote.end), day=day, before=before)


def without_surplus(shown: list[Pin]) -> list[Pin]:
    """Return at most seven: the consideration gives way first."""
    if len(shown) <= MOST:
        return shown
    return [one for one in shown if one.quote.stage is not Stage.CONSIDERATION][:MOST]


def telling(quotes: Sequence[BoardQuote], stage: Stage) -> tuple[BoardQuote, ...]:
    """Return the one voice that tells most of a stage: confirmed first, then with the longest evidence that fits."""
    own = [quote for quote in quotes if quote.stage is stage]
    best = max(own, key=lambda quote: (quote.confirmed, min(len(quote.evidence), SHOWN)), default=None)
    return (best,) if best is not None else ()


def around(text: str, start: int, end: int) -> str:
    """Return up to 33 characters of a sentence around its evidence, beginning where the speaker paused before it."""
    if len(text) <= SHOWN:
        return text
    pause = max((text.rfind(mark, 0, start) for mark in BREAKS), default=-1) + 1
    left = pause if end - pause <= SHOWN else start
    left = max(0, min(left, len(text) - 1))
    kept = text[left : left + SHOWN].strip()
    return ("…" if left else "") + kept + ("…" if left + SHOWN < len(text) else "")


def last_day(board: PersonBoard) -> int | None:
    """Return the day of the cancel or, without one, of the last order."""
    cancels = [event.day for event in board.events if event.kind == CANCELLED]
    if cancels:
        return cancels[-1]
    return board.orders[-1].day if board.orders else None
