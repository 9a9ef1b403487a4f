"""Where a voice stands on the time axis: one per stage, placed only as far as it is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.boards.schemas import BoardQuote, PersonBoard
from app.language.codebook import Stage
from app.purchases.classes import CustomerClass

LEFT = frozenset({CustomerClass.LAPSED, CustomerClass.CHURNED})
BEFORE = (Stage.PROBLEM, Stage.AWARENESS, Stage.CONSIDERATION, Stage.ANXIETY)
BEFORE_SHOWN = 2
SHORT = 40


@dataclass(frozen=True, slots=True)
class Pin:
    """A voice above the axis. `day` counts from the first order; None when the time is not known.

    `before` is set for voices from before the first order, which have no day of their own.
    """

    quote: BoardQuote
    day: int | None
    before: bool = False


def pins(board: PersonBoard) -> tuple[Pin, ...]:
    """Return the voices to show above the axis, from left to right."""
    early = [first(board.quotes, stage) for stage in BEFORE]
    shown = [Pin(quote, None, before=True) for quote in early if quote is not None][:BEFORE_SHOWN]
    shown += placed(first(board.first_reasons, Stage.PURCHASE_REASON), 0)
    shown += placed(first(board.quotes, Stage.EXPERIENCE), None)
    if board.turning is not None:
        turning = board.turning
        day = (turning.from_day + turning.to_day) // 2 if turning.after_order else None
        shown += placed(turning.quote, day)
    if board.customer_class in LEFT:
        shown += placed(first(board.quotes, Stage.CHURN_REASON), last_day(board))
    return tuple(shown)


def placed(quote: BoardQuote | None, day: int | None) -> list[Pin]:
    return [Pin(quote, day)] if quote is not None else []


def first(quotes: Sequence[BoardQuote], stage: Stage) -> BoardQuote | None:
    """Return the voice that stands for a stage: confirmed and short before others."""
    own = [quote for quote in quotes if quote.stage is stage]
    return min(own, key=lambda quote: (not quote.confirmed, len(quote.evidence) > SHORT), default=None)


def last_day(board: PersonBoard) -> int | None:
    """Return the day of the cancel or, without one, of the last order."""
    if board.events:
        return board.events[-1].day
    return board.orders[-1].day if board.orders else None
