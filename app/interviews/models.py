"""Tables of the interview stage: storage only, every input passes `schemas` first."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.types import JsonType, UtcDateTime, new_public_id, value_enum


class InterviewMode(StrEnum):
    """Where the two people talk."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    ONLINE = "online"
    VISIT = "visit"


class InterviewState(StrEnum):
    """How far an interview has come; nothing is written before `live`."""

    CONSENTING = "consenting"
    LIVE = "live"
    FINISHED = "finished"


class NextIntention(StrEnum):
    """Whether the customer wants this brand again (次回購入意向)."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


class ConsentItem(StrEnum):
    """What a customer is asked to agree to, one by one."""

    PARTICIPATION = "participation"
    RECORDING = "recording"
    INTERNAL_SHARING = "internal_sharing"
    PLANNING_USE = "planning_use"
    ADVERTISING = "advertising"
    RECONTACT = "recontact"


class ConsentWay(StrEnum):
    """How the decision was given."""

    TABLET = "tablet"
    PHONE = "phone"
    PAPER = "paper"
    LINK = "link"


class AnswerState(StrEnum):
    """Whether a question was asked."""

    OPEN = "open"
    ASKED = "asked"
    SKIPPED = "skipped"


class Interview(SQLModel, table=True):
    """One talk with one candidate of one study."""

    __tablename__ = "interview"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    study_id: int = Field(foreign_key="study.id", index=True)
    candidate_id: int = Field(foreign_key="candidate.id", unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    interviewer_id: int | None = Field(default=None, foreign_key="user_account.id", index=True)
    mode: InterviewMode = Field(sa_column=Column(value_enum(InterviewMode), nullable=False))
    state: InterviewState = Field(sa_column=Column(value_enum(InterviewState), nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    started_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    next_intention: NextIntention | None = Field(
        default=None, sa_column=Column(value_enum(NextIntention), nullable=True)
    )
    memo: str = Field(default="", sa_column=Column(Text, nullable=False))


class Consent(SQLModel, table=True):
    """One decision about one item; a later row for the same item replaces it, none is changed."""

    __tablename__ = "consent"

    id: int | None = Field(default=None, primary_key=True)
    interview_id: int = Field(foreign_key="interview.id", index=True)
    item: ConsentItem = Field(sa_column=Column(value_enum(ConsentItem), nullable=False))
    granted: bool
    text_version: str = Field(max_length=40)
    way: ConsentWay = Field(sa_column=Column(value_enum(ConsentWay), nullable=False))
    given_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    recorded_by: int | None = Field(default=None, foreign_key="user_account.id")


class Answer(SQLModel, table=True):
    """What was said to one question; text and memo move together from version to version."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("interview_id", "question_id"),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    interview_id: int = Field(foreign_key="interview.id", index=True)
    question_id: str = Field(max_length=8)
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    memo: str = Field(default="", sa_column=Column(Text, nullable=False))
    version: int = 0
    state: AnswerState = Field(sa_column=Column(value_enum(AnswerState), nullable=False))
    seconds: int = 0
    probes_asked: list[int] = Field(default_factory=list, sa_column=Column(JsonType, nullable=False))
    time_marks: list[int] = Field(default_factory=list, sa_column=Column(JsonType, nullable=False))
    updated_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class AnswerVersion(SQLModel, table=True):
    """What an answer said at one version; `client_key` makes a repeated request harmless."""

    __tablename__ = "answer_version"
    __table_args__ = (
        UniqueConstraint("answer_id", "version"),
        UniqueConstraint("answer_id", "client_key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    version: int
    text: str = Field(sa_column=Column(Text, nullable=False))
    memo: str = Field(default="", sa_column=Column(Text, nullable=False))
    client_key: str | None = Field(default=None, max_length=64)
    written_by: int | None = Field(default=None, foreign_key="user_account.id")
    written_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
