"""What the templates of candidates may call: sentences, labels of steps and barriers, marks for the order line."""

from collections.abc import Callable, Mapping

from app.candidates.cards.reasons import stop_label
from app.candidates.models import CandidateState
from app.candidates.picking.picker import BARRIER_LABELS, Barrier
from app.candidates.schemas import CandidateBoard, CandidateCard
from app.candidates.sentences import say
from app.candidates.states import MOVE_LABELS, STATE_LABELS, STEPS
from app.core.i18n import Translator
from app.purchases.classes import SUPER_LOYAL_LABEL, TYPE_LABELS, CustomerClass
from app.purchases.schemas import CANCELLED
from app.web.charts.marks import EventMark, Marks, OrderMark
from app.web.charts.spark import SharedScale, shared_scale


def state_label(state: CandidateState) -> str:
    """Return the msgid of a step."""
    return STATE_LABELS[state]


def move_label(state: CandidateState) -> str:
    """Return the msgid of the button that leads to a step."""
    return MOVE_LABELS[state]


def barrier_label(barrier: Barrier) -> str:
    """Return the msgid of why somebody is left out."""
    return BARRIER_LABELS[barrier]


def all_steps() -> tuple[CandidateState, ...]:
    """Return the steps from proposed to held."""
    return STEPS


def card_note(card: CandidateCard, t: Translator) -> str:
    """Return the short line beside a code name: stop point or type, and channel."""
    kept = card.snapshot
    if kept.stop_point is not None and card.lane is CustomerClass.CHURNED:
        first = say(stop_label(kept.stop_point), t)
    else:
        first = t(SUPER_LOYAL_LABEL if kept.super_loyal else TYPE_LABELS[kept.purchase_type])
    return t.join([part for part in (first, kept.sales_channel) if part])


def card_marks(card: CandidateCard) -> Marks:
    """Return the orders of a card as it was shown, in days from the first order."""
    kept = card.snapshot
    start = kept.first_order_on
    orders = tuple(
        OrderMark(number=order.number, day=(order.on - start).days, amount=order.amount, kind=order.kind)
        for order in kept.marks
    )
    events = (EventMark(CANCELLED, (kept.cancelled_on - start).days),) if kept.cancelled_on else ()
    return Marks(orders=orders, events=events, as_of_day=(card.as_of - start).days)


def card_scale(board: CandidateBoard) -> SharedScale:
    """Return the scale that the order lines of all cards on the page share."""
    cards = [card for lane in board.lanes for card in lane.cards] + list(board.others)
    return shared_scale(card_marks(card) for card in cards)


CANDIDATE_GLOBALS: Mapping[str, Callable[..., object]] = {
    "say": say,
    "state_label": state_label,
    "move_label": move_label,
    "barrier_label": barrier_label,
    "all_steps": all_steps,
    "card_note": card_note,
    "card_marks": card_marks,
    "card_scale": card_scale,
}
