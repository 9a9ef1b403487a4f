"""Inputs of the interview stage (pydantic) and what its pages are given (frozen dataclasses)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.core.types import CleanText
from app.interviews.models import (
    AnswerState,
    ConsentItem,
    ConsentWay,
    InterviewMode,
    InterviewState,
    NextIntention,
)

TEXT_LIMIT = 200_000
DAY_SECONDS = 86_400

SpokenText = Annotated[CleanText, Field(max_length=TEXT_LIMIT)]


class FormInput(BaseModel):
    """A form that ignores fields it does not know."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class StartInput(FormInput):
    """How the interview will be held."""

    mode: InterviewMode = InterviewMode.ONLINE


class ConsentInput(FormInput):
    """What the customer agreed to; items not named are refused."""

    way: ConsentWay
    mode: InterviewMode | None = None
    granted: frozenset[ConsentItem] = frozenset()


class AnswerInput(FormInput):
    """One save of the live screen; `version` is the one the writer started from."""

    answer: SpokenText = ""
    memo: SpokenText = ""
    version: int = Field(default=0, ge=0, le=2**31 - 1)
    client_key: Annotated[CleanText, Field(max_length=64)] = ""
    seconds: int = Field(default=0, ge=0, le=DAY_SECONDS)
    probes: frozenset[Annotated[int, Field(ge=0, le=99)]] | None = None
    marks: tuple[Annotated[int, Field(ge=0, le=DAY_SECONDS)], ...] | None = Field(default=None, max_length=200)


class FinishInput(FormInput):
    """What is noted at the end of an interview."""

    next_intention: NextIntention | None = None
    memo: SpokenText = ""


@dataclass(frozen=True)
class SavedAnswer:
    """What the screen needs after a save: the version now stored and when."""

    answer_id: int
    public_id: str
    question_id: str
    version: int
    state: AnswerState
    updated_at: datetime
    repeated: bool = False


@dataclass(frozen=True)
class ConsentText:
    """One consent sentence and what it means."""

    item: ConsentItem
    label: str
    says: str
    means: str


@dataclass(frozen=True)
class ConsentWording:
    """One dated version of the sentences read to a customer, in Japanese."""

    version: str
    opening: str
    items: tuple[ConsentText, ...]


@dataclass(frozen=True)
class ConsentMark:
    """The decision that stands now for one item."""

    item: ConsentItem
    granted: bool
    text_version: str
    way: ConsentWay
    given_at: datetime


@dataclass(frozen=True)
class InterviewRow:
    """One line of the interview list."""

    interview_id: str
    study_id: str
    study_title: str
    product: str
    code_name: str
    customer_class: str
    mode: InterviewMode
    state: InterviewState
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    asked: int
    participating: bool


@dataclass(frozen=True)
class WaitingCandidate:
    """A candidate who agreed and can be interviewed now."""

    study_id: str
    study_title: str
    product: str
    candidate_id: str
    code_name: str
    customer_class: str
    state: str


@dataclass(frozen=True)
class InterviewList:
    """The interviews of one researcher, by what to do next."""

    waiting: tuple[WaitingCandidate, ...]
    running: tuple[InterviewRow, ...]
    finished: tuple[InterviewRow, ...]


@dataclass(frozen=True)
class LitProbe:
    """A follow-up question, the orders it points at, and whether it was asked."""

    number: int
    text: str
    orders: tuple[int, ...]
    open_ended: bool = False
    asked: bool = False
    now: bool = False


@dataclass(frozen=True)
class QuestionStep:
    """One line of the question list."""

    number: int
    question_id: str
    text: str
    intent: str
    stage: str
    state: AnswerState
    minutes: int
    now: bool


@dataclass(frozen=True)
class AnswerText:
    """The newest version of an answer."""

    public_id: str
    text: str
    memo: str
    version: int
    state: AnswerState
    seconds: int
    marks: tuple[int, ...]
    updated_at: datetime | None


@dataclass(frozen=True)
class FactLine:
    """A computed sentence from the candidate and the question it suggests."""

    fact: str
    params: dict[str, object] = field(default_factory=dict)
    ask: str = ""
    ask_params: dict[str, object] = field(default_factory=dict)
    orders: tuple[int, ...] = ()


@dataclass(frozen=True)
class InterviewHead:
    """Who, about what and since when: shared by all pages of one interview."""

    interview_id: str
    study_id: str
    study_title: str
    study_question: str
    product: str
    code_name: str
    customer_class: str
    mode: InterviewMode
    state: InterviewState
    started_at: datetime | None
    finished_at: datetime | None
    as_of: date | None
    granted: frozenset[ConsentItem]
