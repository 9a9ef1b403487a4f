"""What the templates of boards may call: words for figures, labels of rows and scopes, marks for the charts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from app.boards.one.lead import lead
from app.boards.one.pins import pins
from app.boards.schemas import Amount, BoardEvent, BoardOrder, Change, PersonBoard, Scope, StageColumn
from app.boards.study_schemas import TwinLine
from app.boards.wording import (
    BASIS_LABELS,
    CHANGE_LABELS,
    ROW_LABELS,
    SCOPE_LABELS,
    ago_words,
    change_side,
    column_label,
    money,
    no_trigger,
    unheard,
)
from app.candidates.sentences import say_span
from app.core.i18n import Translator
from app.interviews.labels import INTENTION_LABELS, ITEM_LABELS, MODE_LABELS
from app.language.codebook import CHANNEL_LABELS, Channel
from app.purchases.timelines import plain_product
from app.web.charts.marks import EventMark, Marks, OrderMark
from app.web.charts.voices import Voice


def board_marks(board: PersonBoard) -> Marks:
    """Return the orders of a board as its reader may see them, in days from the first."""
    return marks(board.orders, board.events, board.as_of_day)


def twin_marks(line: TwinLine, last_day: int) -> Marks:
    """Return one line of a pair; a cancel is drawn after the last order."""
    return marks(line.orders, line.events, last_day)


def marks(orders: tuple[BoardOrder, ...], events: tuple[BoardEvent, ...], as_of_day: int) -> Marks:
    """Return the neutral input of the charts."""
    return Marks(
        orders=tuple(
            OrderMark(
                order.number,
                order.day,
                order.amount.value,
                order.kind,
                tuple(plain_product(name) for name in order.products),
            )
            for order in orders
        ),
        events=tuple(EventMark(event.kind, event.day, event.own) for event in events),
        as_of_day=as_of_day,
    )


def board_voices(board: PersonBoard) -> tuple[Voice, ...]:
    """Return the voices that have a place on the axis; the others stand in the journey."""
    return tuple(
        Voice(stage=pin.quote.stage, text=pin.text, day=pin.day)
        for pin in pins(board)
        if pin.before or pin.day is not None
    )


def board_turn(board: PersonBoard) -> tuple[int, int] | None:
    """Return the days of the two orders between which the trigger lies, None when it cannot be pinned."""
    turning = board.turning
    return (turning.from_day, turning.to_day) if turning is not None and turning.after_order else None


def amount_like(value: Decimal, like: Amount, t: Translator) -> str:
    """Return money in the manner of another amount: rounded where that one is."""
    return money(t, replace(like, value=value))


def amount_words(amount: Amount, t: Translator) -> str:
    """Return money as this reader may see it."""
    return money(t, amount)


def last_order_words(board: PersonBoard, t: Translator) -> str:
    """Return how long ago the last order was, as this reader may know it."""
    return ago_words(t, board.last_order) if board.last_order else ""


def change_words(change: Change, board: PersonBoard, t: Translator) -> tuple[str, str]:
    """Return a measure before and after."""
    sides = (change.before, change.after)
    before, after = (change_side(t, change.kind, side, board.total) for side in sides)
    return before, after


def unheard_reason(column: StageColumn, t: Translator) -> str:
    """Return why a stage has no voice."""
    return unheard(t, column)


def channel_label(channel: Channel) -> str:
    """Return the msgid of a channel."""
    return CHANNEL_LABELS[channel]


def scope_label(scope: Scope) -> str:
    """Return the msgid of a quote's scope."""
    return SCOPE_LABELS[scope]


BOARD_GLOBALS: Mapping[str, Callable[..., object]] = {
    "board_marks": board_marks,
    "twin_marks": twin_marks,
    "board_voices": board_voices,
    "board_turn": board_turn,
    "board_lead": lead,
    "amount_like": amount_like,
    "amount_words": amount_words,
    "last_order_words": last_order_words,
    "change_words": change_words,
    "change_label": CHANGE_LABELS.__getitem__,
    "basis_label": BASIS_LABELS.__getitem__,
    "column_label": column_label,
    "row_label": ROW_LABELS.__getitem__,
    "scope_label": scope_label,
    "channel_label": channel_label,
    "unheard_reason": unheard_reason,
    "no_trigger": no_trigger,
    "span_words": say_span,
    "mode_label": MODE_LABELS.__getitem__,
    "consent_label": ITEM_LABELS.__getitem__,
    "intention_label": INTENTION_LABELS.__getitem__,
}
