"""Tables of the candidate stage: storage only."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.types import JsonDict, JsonType, UtcDateTime, new_public_id, value_enum
from app.purchases.classes import CustomerClass


class CandidateState(StrEnum):
    """How far the conversation with a candidate has come."""

    PROPOSED = "proposed"
    INVITED = "invited"
    AGREED = "agreed"
    SCHEDULED = "scheduled"
    HELD = "held"
    DECLINED = "declined"
    NO_SHOW = "no_show"


class Origin(StrEnum):
    """Whether the picker proposed a person or somebody chose by hand."""

    PICKED = "picked"
    NOMINATED = "nominated"


class Candidate(SQLModel, table=True):
    """A person in a study; reasons, facts and snapshot stay as they were shown on `as_of`."""

    __tablename__ = "candidate"
    __table_args__ = (UniqueConstraint("study_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    study_id: int = Field(
        sa_column=Column(Integer, ForeignKey("study.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    person_id: int = Field(foreign_key="person.id", index=True)
    lane: CustomerClass = Field(sa_column=Column(value_enum(CustomerClass), nullable=False))
    state: CandidateState = Field(sa_column=Column(value_enum(CandidateState), nullable=False))
    origin: Origin = Field(sa_column=Column(value_enum(Origin), nullable=False))
    reasons: list[Any] = Field(sa_column=Column(JsonType, nullable=False))
    facts: list[Any] = Field(sa_column=Column(JsonType, nullable=False))
    snapshot: JsonDict = Field(sa_column=Column(JsonType, nullable=False))
    as_of: date
    twin_id: int | None = Field(default=None, foreign_key="candidate.id")
    scheduled_for: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    picked_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class CandidateEvent(SQLModel, table=True):
    """One step of a candidate; rows are added, never changed."""

    __tablename__ = "candidate_event"

    id: int | None = Field(default=None, primary_key=True)
    candidate_id: int = Field(
        sa_column=Column(Integer, ForeignKey("candidate.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    state: CandidateState = Field(sa_column=Column(value_enum(CandidateState), nullable=False))
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    actor_id: int | None = Field(default=None, foreign_key="user_account.id")


class PickRun(SQLModel, table=True):
    """One run of the picker: what the shop held that day, who was left out and why, counted."""

    __tablename__ = "pick_run"

    id: int | None = Field(default=None, primary_key=True)
    study_id: int = Field(
        sa_column=Column(Integer, ForeignKey("study.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    as_of: date
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    outcome: JsonDict = Field(sa_column=Column(JsonType, nullable=False))
