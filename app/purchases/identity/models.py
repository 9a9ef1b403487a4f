"""Tables of who is one person: what was found, and what people decided about it. Ids only, no contact data."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.types import JsonType, UtcDateTime, new_public_id, value_enum


class Verdict(StrEnum):
    """What a person said about two keys."""

    MERGED = "merged"
    DECLINED = "declined"


class MergeReason(StrEnum):
    """What two keys have in common, the surest first."""

    MAIL = "mail"
    PHONE_NAME = "phone_name"
    PHONE_KANA = "phone_kana"
    NAME_ADDRESS = "name_address"
    NAME_POSTAL_CODE = "name_postal_code"
    BY_HAND = "by_hand"


class Strength(StrEnum):
    """How sure a suggestion is. `check`: something speaks for it and something against it."""

    STRONG = "strong"
    CHECK = "check"
    WEAK = "weak"


IN_FORCE = text("verdict = 'merged' AND undone_at IS NULL")


class MergeDecision(SQLModel, table=True):
    """Two keys are one person, and the first counts as the second; or they are not. Taken back by a stamp, never deleted."""

    __tablename__ = "merge_decision"
    __table_args__ = (
        Index("uq_merge_decision_in_force", "source", "customer_id", unique=True, sqlite_where=IN_FORCE,
              postgresql_where=IN_FORCE),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    source: str = Field(max_length=64)
    customer_id: str = Field(max_length=255)
    to_source: str = Field(max_length=64)
    to_customer_id: str = Field(max_length=255)
    verdict: Verdict = Field(sa_column=Column(value_enum(Verdict), nullable=False))
    reason: MergeReason = Field(sa_column=Column(value_enum(MergeReason), nullable=False))
    decided_by: int | None = Field(default=None, foreign_key="user_account.id")
    decided_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    undone_by: int | None = Field(default=None, foreign_key="user_account.id")
    undone_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class MergeSuggestion(SQLModel, table=True):
    """Two keys that may be one person, as found for one build of the figures; `place` 1 is to be looked at first.

    The public id is that of the pair, the same in every build: a page that was opened before still speaks of it.
    """

    __tablename__ = "merge_suggestion"
    __table_args__ = (
        Index("ix_merge_suggestion_key", "source", "customer_id"),
        Index("ix_merge_suggestion_other", "other_source", "other_customer_id"),
        Index("ix_merge_suggestion_place", "version", "place"),
        UniqueConstraint("version", "public_id", name="uq_merge_suggestion_version_public_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, max_length=16)
    version: str = Field(max_length=32)
    place: int
    source: str = Field(max_length=64)
    customer_id: str = Field(max_length=255)
    other_source: str = Field(max_length=64)
    other_customer_id: str = Field(max_length=255)
    strength: Strength = Field(sa_column=Column(value_enum(Strength), nullable=False))
    reasons: list[str] = Field(default_factory=list, sa_column=Column(JsonType, nullable=False))
    names_differ: bool = Field(default=False)


class PeopleState(SQLModel, table=True):
    """One row: which build the suggestions were found for, how many there were, and which merges the figures hold."""

    __tablename__ = "people_state"

    id: int = Field(default=1, primary_key=True)
    version: str = Field(default="", max_length=32)
    found: int = Field(default=0)
    shared: int = Field(default=0)
    merges_built: str = Field(default="", max_length=64)
