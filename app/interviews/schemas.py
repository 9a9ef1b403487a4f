"""Inputs of the interview stage (pydantic) and what its pages are given (frozen dataclasses)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.candidates.facts import FactCard
from app.candidates.models import CandidateState
from app.core.types import CleanText
from app.interviews.lit import Lit
from app.interviews.models import (
    AnswerState,
    ConsentItem,
    ConsentWay,
    InterviewMode,
    InterviewState,
    NextIntention,
)
from app.purchases.classes import CustomerClass
from app.purchases.schemas import Timeline
from app.studies.schemas import GuideQuestion, Probe

NO_ERRORS: Mapping[str, object] = {}
TEXT_LIMIT = 200_000
DAY_SECONDS = 86_400


def one_newline(text: str) -> str:
    """Return the text with plain newlines: browsers post CRLF, scripts post LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


SpokenText = Annotated[CleanText, AfterValidator(one_newline), Field(max_length=TEXT_LIMIT)]


class FormInput(BaseModel):
    """A form that ignores fields it does not know."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class StartInput(FormInput):
    """How the interview will be held."""

    mode: InterviewMode = InterviewMode.ONLINE


class ConsentInput(FormInput):
    """What the customer agreed to, in the language it was read out; items not named are refused."""

    way: ConsentWay
    mode: InterviewMode | None = None
    language: Literal["ja", "en"] = "ja"
    granted: frozenset[ConsentItem] = frozenset()


class AnswerInput(FormInput):
    """One save of the live screen; `version` is the one the writer started from."""

    answer: SpokenText = ""
    memo: SpokenText = ""
    version: int = Field(default=0, ge=0, le=2**31 - 1)
    client_key: Annotated[CleanText, Field(max_length=64)] = ""
    seconds: int = Field(default=0, ge=0, le=DAY_SECONDS)
    probes: frozenset[Annotated[int, Field(ge=0, le=99)]] = frozenset()
    marks: tuple[Annotated[int, Field(ge=0, le=DAY_SECONDS)], ...] = Field(default=(), max_length=200)
    mark_now: bool = False


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
class AnswerText:
    """The newest version of an answer, with how the question went."""

    public_id: str
    text: str
    memo: str
    version: int
    state: AnswerState
    seconds: int
    probes: frozenset[int]
    marks: tuple[int, ...]
    updated_at: datetime | None


NOTHING_SAID = AnswerText(
    public_id="",
    text="",
    memo="",
    version=0,
    state=AnswerState.OPEN,
    seconds=0,
    probes=frozenset(),
    marks=(),
    updated_at=None,
)


@dataclass(frozen=True)
class InterviewRow:
    """One line of the interview list."""

    interview_id: str
    study_id: str
    study_title: str
    product: str
    code_name: str
    customer_class: CustomerClass
    mode: InterviewMode
    state: InterviewState
    created_at: datetime
    finished_at: datetime | None
    asked: int
    participating: bool


@dataclass(frozen=True)
class WaitingCandidate:
    """A candidate who agreed and can be interviewed now."""

    candidate_id: str
    study_id: str
    study_title: str
    product: str
    code_name: str
    customer_class: CustomerClass
    state: CandidateState
    scheduled_for: datetime | None


@dataclass(frozen=True)
class InterviewList:
    """The interviews of one researcher, by what to do next."""

    waiting: tuple[WaitingCandidate, ...]
    running: tuple[InterviewRow, ...]
    finished: tuple[InterviewRow, ...]


@dataclass(frozen=True)
class InterviewHead:
    """Who, about what and since when: shared by all pages of one interview."""

    interview_id: str
    study_id: str
    study_title: str
    product: str
    person_id: str
    code_name: str
    customer_class: CustomerClass
    mode: InterviewMode
    state: InterviewState
    started_at: datetime | None
    finished_at: datetime | None
    as_of: date
    granted: frozenset[ConsentItem]

    @property
    def participating(self) -> bool:
        """Whether the customer agrees to take part now."""
        return ConsentItem.PARTICIPATION in self.granted


@dataclass(frozen=True)
class QuestionStep:
    """One line of the question list with what was heard."""

    number: int
    question: GuideQuestion
    answer: AnswerText

    @property
    def minutes(self) -> int:
        """Minutes spent on the question, at least one where any were."""
        return max(1, round(self.answer.seconds / 60)) if self.answer.seconds else 0


@dataclass(frozen=True)
class ProbeLine:
    """A follow-up question of the guide, the orders it points at, and whether it was asked."""

    index: int
    probe: Probe
    lit: Lit | None
    asked: bool
    now: bool


@dataclass(frozen=True)
class ConflictView:
    """Two texts for one answer; a person chooses or merges."""

    stored: AnswerText
    typed: AnswerInput


@dataclass(frozen=True)
class QuestionPanel:
    """One question as the live screen shows it; `form_key` makes a double click harmless."""

    step: QuestionStep
    fixed: tuple[ProbeLine, ...]
    open_probes: tuple[ProbeLine, ...]
    lit: Lit | None
    previous_id: str
    next_id: str
    form_key: str

    @property
    def question_id(self) -> str:
        """The guide's id of the question."""
        return self.step.question.id

    @property
    def lit_now(self) -> Lit | None:
        """What lights up when the question opens: the follow-up to ask now, else the question itself."""
        return next((line.lit for line in self.fixed if line.now), self.lit)


@dataclass(frozen=True)
class LivePage:
    """Everything the live screen shows; all questions are there, `current` is open."""

    head: InterviewHead
    panels: tuple[QuestionPanel, ...]
    current: QuestionPanel
    timeline: Timeline
    facts: tuple[FactCard, ...]
    elapsed_seconds: int
    planned_minutes: int
    clock_hours: int
    conflict: ConflictView | None = None
    errors: Mapping[str, object] = field(default_factory=dict)
    typed: Mapping[str, str] | None = None
    draft_key: str = ""

    @property
    def clock_runs(self) -> bool:
        """Whether the time since the start still means the length of a talk."""
        return self.elapsed_seconds < self.clock_hours * 3600


@dataclass(frozen=True)
class ConsentPage:
    """The wording to read out and what stands so far."""

    head: InterviewHead
    wording: ConsentWording
    marks: Mapping[ConsentItem, ConsentMark]
    checked: frozenset[ConsentItem]
    way: ConsentWay | None
    ways: tuple[ConsentWay, ...] = tuple(ConsentWay)
    modes: tuple[InterviewMode, ...] = tuple(InterviewMode)
    errors: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ClosingPage:
    """What is still missing before an interview is finished."""

    head: InterviewHead
    steps: tuple[QuestionStep, ...]
    unheard: tuple[QuestionStep, ...]
    skipped: tuple[QuestionStep, ...]
    probes_left: tuple[Probe, ...]
    minutes: int
    memo: str
    intention: NextIntention | None
    intentions: tuple[NextIntention, ...] = tuple(NextIntention)
    errors: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class TagCount:
    """How far the stage review of an interview has come."""

    waiting: int
    checked: int


@dataclass(frozen=True)
class InterviewPage:
    """One interview, read only."""

    head: InterviewHead
    steps: tuple[QuestionStep, ...]
    marks: Mapping[ConsentItem, ConsentMark]
    next_intention: NextIntention | None
    memo: str
    minutes: int
    tags: TagCount | None = None
