"""Inputs and results of tagging, shared by pages, jobs, boards and exports."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from app.core.types import CleanText
from app.language.codebook import Stage
from app.tagging.models import TagOrigin, TagState


class Decision(BaseModel):
    """A person's decision on one tag; `stage` only with `change`."""

    model_config = ConfigDict(extra="ignore")

    action: str = Field(pattern="^(accept|reject|change)$")
    stage: Stage | None = None


class NewTag(BaseModel):
    """A stage that a person adds; without `evidence` the whole sentence carries it."""

    model_config = ConfigDict(extra="ignore")

    stage: Stage
    evidence: CleanText = ""


@dataclass(frozen=True, slots=True)
class TagView:
    """One tag as shown."""

    public_id: str
    stage: Stage
    start: int
    end: int
    confidence: float
    rule: str
    origin: TagOrigin
    state: TagState
    proposed_stage: str
    facets: tuple[str, ...]
    channel: tuple[str, ...]
    cancel_reason: tuple[str, ...]
    anxiety_kind: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of sentence text; `stage` set where it is evidence."""

    text: str
    stage: Stage | None


@dataclass(frozen=True, slots=True)
class SentenceView:
    """One sentence with its tags; `before` is the answer text between it and the one before."""

    public_id: str
    start: int
    end: int
    text: str
    before: str
    pieces: tuple[Piece, ...]
    tags: tuple[TagView, ...]


@dataclass(frozen=True, slots=True)
class AnswerTags:
    """One answer's sentences; `tail` is text after the last sentence, `stale` when tags are of an older version."""

    answer_id: str
    question_id: str
    sentences: tuple[SentenceView, ...]
    tail: str
    stale: bool
    confirmed: int
    total: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence under one stage, as boards and exports use it (proposed or confirmed, never rejected)."""

    tag_id: str
    sentence_id: str
    text: str
    start: int
    end: int
    stage: Stage
    state: TagState
    confidence: float
    facets: tuple[str, ...]
    channel: tuple[str, ...]
    cancel_reason: tuple[str, ...]
    anxiety_kind: tuple[str, ...]
    question_id: str
    position: int
    answer_id: int
    interview_id: int
    interview_public_id: str
    person_id: int
