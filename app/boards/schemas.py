"""What a board holds: frozen results shared by pages, exports and the command line."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.interviews.models import ConsentItem, InterviewMode, NextIntention
from app.language.codebook import AnxietyKind, CancelReason, Channel, Facet, Stage
from app.purchases.classes import CustomerClass, PurchaseType


class View(StrEnum):
    """Who reads: the researcher sees days and yen, the planner days from the first order and rounded amounts."""

    RESEARCHER = "researcher"
    PLANNER = "planner"


class Scope(StrEnum):
    """How far a quote may go (公開範囲), read from the consents of its interview."""

    INTERNAL = "internal"
    PLANNING = "planning"
    ADVERTISING = "advertising"


@dataclass(frozen=True, slots=True)
class Amount:
    """Money as it may be shown: `rounded` to two significant digits in the planner view."""

    value: Decimal
    currency: str
    rounded: bool


@dataclass(frozen=True, slots=True)
class BoardOrder:
    """One order on the time axis; `on` is None in the planner view."""

    number: int
    day: int
    on: date | None
    amount: Amount
    kind: str
    items: int
    products: tuple[str, ...]
    gap_days: int | None


@dataclass(frozen=True, slots=True)
class BoardEvent:
    """Something else on the axis, such as a cancelled subscription; `own` to the customer, else of the whole shop."""

    kind: str
    day: int
    on: date | None
    own: bool = True


class AgoUnit(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Ago:
    """How long ago something was: days for the researcher, about n weeks or months for the planner."""

    unit: AgoUnit
    n: int


@dataclass(frozen=True, slots=True)
class BoardQuote:
    """A sentence under one stage; `start` and `end` are the evidence in code points."""

    sentence_id: str
    text: str
    start: int
    end: int
    stage: Stage
    facets: tuple[Facet, ...]
    channels: tuple[Channel, ...]
    cancel_reasons: tuple[CancelReason, ...]
    anxiety_kinds: tuple[AnxietyKind, ...]
    question_id: str
    position: int
    confirmed: bool
    scope: Scope
    interview_id: str
    person_id: str
    code_name: str
    customer_class: CustomerClass

    @property
    def evidence(self) -> str:
        """The words that carry the stage."""
        return self.text[self.start : self.end] or self.text


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the reader's scope or a missing consent keeps away, said wherever quotes are shown."""

    quotes: int
    people: int


class StageStatus(StrEnum):
    """Whether a stage has voices; `unheard` (未聴取) was not asked, `nothing` (該当なし) was and nothing was said."""

    HEARD = "heard"
    NOTHING = "nothing"
    UNHEARD = "unheard"


class Unheard(StrEnum):
    """Why a stage is unheard."""

    NOT_INTERVIEWED = "not_interviewed"
    NOT_ASKED = "not_asked"
    SKIPPED = "skipped"
    NO_QUESTION = "no_question"
    LEFT_OUT = "left_out"


class Row(StrEnum):
    """Rows of the journey: touchpoint, the three facets, and voices that say none of them."""

    TOUCHPOINT = "touchpoint"
    ACTION = "action"
    THOUGHT = "thought"
    EMOTION = "emotion"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of one stage; empty when neither channels nor quotes are there."""

    row: Row
    channels: tuple[Channel, ...]
    quotes: tuple[BoardQuote, ...]

    @property
    def empty(self) -> bool:
        return not (self.channels or self.quotes)


@dataclass(frozen=True, slots=True)
class StageColumn:
    """One stage of a journey: its cells in row order and the questions that ask for it."""

    stage: Stage
    status: StageStatus
    why: Unheard | None
    questions: tuple[str, ...]
    asked: bool
    cells: tuple[Cell, ...]
    quotes: tuple[BoardQuote, ...]


class TurnBasis(StrEnum):
    """What pins the trigger between two orders."""

    SAID_ORDER = "said_order"
    SAID_SUBSCRIPTION = "said_subscription"
    SAID_TIME = "said_time"
    LARGEST_CHANGE = "largest_change"
    NONE = "none"


class ChangeKind(StrEnum):
    GAP = "gap"
    AMOUNT = "amount"
    ITEMS = "items"
    WAY = "way"


@dataclass(frozen=True, slots=True)
class Change:
    """One measure before and after: days, money, items, or order kind; None where it cannot be known."""

    kind: ChangeKind
    before: Decimal | str | None
    after: Decimal | str | None


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """The loyalty trigger between order `before_order` and `after_order` (0, 0 when it cannot be pinned).

    `visible` is False when the trigger was told but no change of behaviour shows
    (語られたが行動変化は見えない). Sequence, never cause.
    """

    quote: BoardQuote
    basis: TurnBasis
    before_order: int
    after_order: int
    from_day: int
    to_day: int
    orders_before: int
    orders_after: int
    changes: tuple[Change, ...]
    visible: bool


@dataclass(frozen=True, slots=True)
class InterviewRecord:
    """One finished interview; `held_on` is None and `held_month` the first of the month in the planner view."""

    public_id: str
    held_on: date | None
    held_month: date
    mode: InterviewMode
    minutes: int | None
    granted: tuple[ConsentItem, ...]
    next_intention: NextIntention | None
    quotes: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class PersonBoard:
    """One customer: orders, voices, the turning point, the journey.

    `last_order` and `as_of_day` are exact only for the researcher: beside the as-of date they would date every order.
    """

    view: View
    study_id: str
    study_title: str
    product: str
    as_of: date
    person_id: str
    code_name: str
    customer_class: CustomerClass
    purchase_type: PurchaseType | None
    in_store: bool
    orders: tuple[BoardOrder, ...]
    events: tuple[BoardEvent, ...]
    total: Amount
    span_days: int
    subscription_orders: int
    last_order: Ago | None
    mean_gap_days: int | None
    as_of_day: int
    journey: tuple[StageColumn, ...]
    first_reasons: tuple[BoardQuote, ...]
    triggers: tuple[BoardQuote, ...]
    mixed: tuple[BoardQuote, ...]
    turning: TurningPoint | None
    interview: InterviewRecord | None
    quotes: tuple[BoardQuote, ...]
    left_out: LeftOut
