"""The one sentence that says what a person's board means, computed from the record and the tags."""

from decimal import Decimal

from app.boards.one.turning_point import size
from app.boards.schemas import BoardQuote, Change, ChangeKind, PersonBoard, TurningPoint
from app.boards.wording import WAY_LABELS
from app.candidates.sentences import Money, Sentence, Span, Term, sentence
from app.core.i18n import N_
from app.language.codebook import CANCEL_REASON_LABELS, CancelReason, Stage
from app.purchases.classes import STOPPED

SAID = {
    ChangeKind.GAP: N_("The trigger lies between orders {k} and {next}: the gap went from {before} to {after}."),
    ChangeKind.AMOUNT: N_("The trigger lies between orders {k} and {next}: an order went from {before} to {after}."),
    ChangeKind.ITEMS: N_(
        "The trigger lies between orders {k} and {next}: items per order went from {before} to {after}."
    ),
    ChangeKind.WAY: N_("The trigger lies between orders {k} and {next}: from “{before}” to “{after}”."),
}


def lead(board: PersonBoard) -> Sentence | None:
    """Return the sentence, None where the data says nothing that is worth one."""
    if board.customer_class in STOPPED:
        return left_sentence(board)
    if board.turning is None:
        return None
    if not board.turning.visible:
        return sentence(N_("What made them stay was told, but the record shows no change."))
    return turn_sentence(board, board.turning)


def left_sentence(board: PersonBoard) -> Sentence | None:
    """Return after how many orders somebody left and the reason they told first."""
    told = [reason for quote in ordered(board) for reason in quote.cancel_reasons]
    reasons = [reason for reason in told if reason not in {CancelReason.NOT_STATED, CancelReason.OTHER}]
    if not board.orders or not reasons:
        return None
    return sentence(
        N_("Left after order {n}. The reason told is “{reason}”."),
        n=len(board.orders),
        reason=Term(CANCEL_REASON_LABELS[reasons[0]]),
    )


def ordered(board: PersonBoard) -> list[BoardQuote]:
    """Return what was said about leaving, confirmed first."""
    own = [quote for quote in board.quotes if quote.stage is Stage.CHURN_REASON]
    return sorted(own, key=lambda quote: not quote.confirmed)


def turn_sentence(board: PersonBoard, turning: TurningPoint) -> Sentence:
    """Return the change that shows most; another way of buying outweighs the figures."""
    change = max(turning.changes, key=lambda each: (each.kind is ChangeKind.WAY and size(each) > 0, size(each)))
    return sentence(
        SAID[change.kind],
        k=turning.before_order,
        next=turning.after_order,
        before=side(change, change.before, board),
        after=side(change, change.after, board),
    )


def side(change: Change, value: Decimal | str | None, board: PersonBoard) -> Span | Money | Term | Sentence | str:
    """Return one side of the change as a value that is said in the reader's language."""
    if isinstance(value, str):
        return Term(WAY_LABELS[value])
    number = value or Decimal(0)
    if change.kind is ChangeKind.GAP:
        return Span(round(number))
    if change.kind is ChangeKind.AMOUNT:
        money = Money(round(number, 2), board.total.currency)
        return sentence(N_("about {amount}"), amount=money) if board.total.rounded else money
    return f"{number:.1f}"
