"""Tables of sentences and their tags: storage only."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from app.core.types import JsonType, UtcDateTime, new_public_id, value_enum
from app.language.codebook import Stage


class TagOrigin(StrEnum):
    """Who put the tag there first."""

    MACHINE = "machine"
    PERSON = "person"


class TagState(StrEnum):
    """What a person has decided about a tag; `proposed` means nobody has yet."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    CHANGED = "changed"
    REJECTED = "rejected"


class Sentence(SQLModel, table=True):
    """One sentence of the newest version of an answer; offsets are code points of the answer."""

    __tablename__ = "sentence"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    answer_id: int = Field(foreign_key="answer.id", ondelete="CASCADE", index=True)
    answer_version: int
    position: int
    start: int
    end: int
    text: str = Field(sa_column=Column(Text, nullable=False))


class Tag(SQLModel, table=True):
    """A stage on a sentence; evidence offsets are code points of the sentence.

    `proposed_stage` remembers what the machine said where a person changed it.
    """

    __tablename__ = "tag"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    sentence_id: int = Field(foreign_key="sentence.id", ondelete="CASCADE", index=True)
    stage: Stage = Field(sa_column=Column(value_enum(Stage), nullable=False))
    proposed_stage: str = Field(default="", max_length=32)
    start: int
    end: int
    confidence: float
    rule: str = Field(default="", max_length=64)
    origin: TagOrigin = Field(sa_column=Column(value_enum(TagOrigin), nullable=False))
    state: TagState = Field(sa_column=Column(value_enum(TagState), nullable=False))
    facets: list[str] = Field(default_factory=list, sa_column=Column(JsonType, nullable=False))
    channel: list[str] = Field(default_factory=list, sa_column=Column(JsonType, nullable=False))
    cancel_reason: list[str] = Field(default_factory=list, sa_column=Column(JsonType, nullable=False))
    anxiety_kind: list[str] = Field(default_factory=list, sa_column=Column(JsonType, nullable=False))
    decided_by: int | None = Field(default=None, foreign_key="user_account.id")
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
