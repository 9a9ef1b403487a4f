"""What candidates take in and hand out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from app.candidates.cards.snapshot import Snapshot
from app.candidates.facts import FactCard
from app.candidates.models import CandidateState, Origin
from app.candidates.picking.coverage import CoverageRow, ShopRow
from app.candidates.picking.picker import Barrier, LanePick
from app.candidates.picking.wishes import QuotaProgress
from app.candidates.sentences import Sentence
from app.core.types import CleanText
from app.purchases.classes import CustomerClass
from app.purchases.returning.explanation import Explanation
from app.purchases.schemas import CustomerSummary, Timeline
from app.studies.schemas import StudyRow


class PickInput(BaseModel):
    """When the picker is run: for which day."""

    model_config = ConfigDict(extra="ignore")

    as_of: date | None = None


class StateChange(BaseModel):
    """The next step of a candidate; a date with a time goes with `scheduled`."""

    model_config = ConfigDict(extra="ignore")

    state: CandidateState
    scheduled_for: datetime | None = None

    @model_validator(mode="after")
    def only_with_scheduled(self) -> "StateChange":
        """Drop a date that belongs to another step."""
        if self.state is not CandidateState.SCHEDULED:
            self.scheduled_for = None
        return self


class NewCandidate(BaseModel):
    """Somebody chosen by hand, by customer reference."""

    model_config = ConfigDict(extra="ignore")

    customer_ref: Annotated[CleanText, StringConstraints(min_length=1, max_length=16, pattern=r"^[a-z2-7]+$")]


@dataclass(frozen=True, slots=True)
class Bought:
    """One customer's figures and orders, as a choice by hand reads them."""

    summary: CustomerSummary
    timeline: Timeline
    attributes: Mapping[str, str] = field(default_factory=dict)
    chance: Explanation | None = None


@dataclass(frozen=True, slots=True)
class PickPlan:
    """What a run of the picker would do; made by reading only."""

    as_of: date
    lanes: tuple[LanePick, ...]
    timelines: Mapping[str, Timeline]
    shop: tuple[ShopRow, ...]
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    chances: Mapping[str, Explanation | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LaneOutcome:
    """One lane after a run: wanted by the quota, people of the class, and who was left out why."""

    lane: CustomerClass
    wanted: int
    available: int
    added: int
    left_out: Mapping[Barrier, int]


@dataclass(frozen=True, slots=True)
class PickOutcome:
    """A run of the picker."""

    as_of: date
    lanes: tuple[LaneOutcome, ...]
    quotas: tuple[QuotaProgress, ...] = ()

    @property
    def added(self) -> int:
        """People added in all lanes."""
        return sum(lane.added for lane in self.lanes)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a candidate's history."""

    state: CandidateState
    at: datetime


@dataclass(frozen=True, slots=True)
class CandidateCard:
    """A candidate as the page shows it; `present` is False once the orders are gone from the store."""

    public_id: str
    person_id: str
    code_name: str
    lane: CustomerClass
    state: CandidateState
    origin: Origin
    reasons: tuple[Sentence, ...]
    facts: tuple[FactCard, ...]
    snapshot: Snapshot
    as_of: date
    twin: str
    scheduled_for: datetime | None
    history: tuple[Step, ...]
    moves: tuple[CandidateState, ...]
    ready: bool
    present: bool

    @property
    def since(self) -> datetime:
        """When the present state began."""
        return self.history[-1].at


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane of the page. `available` and `reachable` are None before the first pick."""

    customer_class: CustomerClass
    wanted: int
    agreed: int
    filled: int
    available: int | None
    reachable: int | None
    cards: tuple[CandidateCard, ...]


@dataclass(frozen=True, slots=True)
class TwinPair:
    """Two candidates who began alike: one goes on, one stopped after `parted_after` orders."""

    loyal: CandidateCard
    other: CandidateCard
    parted_after: int


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Somebody known by code name whom no study should invite now."""

    code_name: str
    lane: CustomerClass
    barrier: Barrier
    since: datetime
    until: date | None


@dataclass(frozen=True, slots=True)
class CandidateBoard:
    """Everything the candidates page shows about a study."""

    study_id: str
    title: str
    product: str
    as_of: date | None
    picked_at: datetime | None
    wanted: int
    agreed: int
    missing: int
    lanes: tuple[Lane, ...]
    others: tuple[CandidateCard, ...]
    twins: tuple[TwinPair, ...]
    left_out: tuple[tuple[Barrier, int], ...]
    held_back: tuple[HeldBack, ...]
    coverage: tuple[CoverageRow, ...]
    quotas: tuple[QuotaProgress, ...] = ()


@dataclass(frozen=True, slots=True)
class LaneProgress:
    """How far one lane of a study has come, in people."""

    customer_class: CustomerClass
    wanted: int
    agreed: int
    held: int


@dataclass(frozen=True, slots=True)
class StudyProgress:
    """One study of the list; counts only, so that planners may read it."""

    study: StudyRow
    lanes: tuple[LaneProgress, ...]

    @property
    def candidates(self) -> int:
        """People who agreed or came already."""
        return sum(lane.agreed for lane in self.lanes)

    @property
    def held(self) -> int:
        """Interviews held."""
        return sum(lane.held for lane in self.lanes)


@dataclass(frozen=True, slots=True)
class StudyOverview:
    """All studies of a person; `has_purchases` tells which first step to offer."""

    studies: tuple[StudyProgress, ...]
    has_purchases: bool
