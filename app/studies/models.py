"""Tables of the study stage: storage only, every input passes `schemas` first."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.types import JsonDict, JsonType, UtcDateTime, new_public_id


class GuideVersion(SQLModel, table=True):
    """One version of a question guide; never changed once a study holds it."""

    __tablename__ = "guide_version"
    __table_args__ = (UniqueConstraint("slug", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=64)
    version: int
    content: JsonDict = Field(sa_column=Column(JsonType, nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Study(SQLModel, table=True):
    """A study; `loyal`, `lapsed` and `churned` are how many people each lane asks for.

    `people_rule` is the rule (`purchases.segments.rule`) whose people alone are proposed of those who stopped; empty: anybody.
    """

    __tablename__ = "study"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    title: str = Field(max_length=120)
    product: str = Field(max_length=80)
    question: str = Field(default="", sa_column=Column(Text, nullable=False))
    guide_version_id: int = Field(foreign_key="guide_version.id")
    loyal: int
    lapsed: int
    churned: int
    attribute_quotas: list[Any] = Field(
        default_factory=list, sa_column=Column(JsonType, nullable=False, server_default="[]")
    )
    people_rule: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    as_of: date | None = None
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    created_by: int | None = Field(default=None, foreign_key="user_account.id")


class StudyMember(SQLModel, table=True):
    """Who sees a study; administrators see all."""

    __tablename__ = "study_member"

    study_id: int = Field(
        sa_column=Column(Integer, ForeignKey("study.id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    user_id: int = Field(
        sa_column=Column(
            Integer, ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, nullable=False, index=True
        )
    )


class Hypothesis(SQLModel, table=True):
    """What the study supposes before it listens, one line each."""

    __tablename__ = "hypothesis"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    study_id: int = Field(
        sa_column=Column(Integer, ForeignKey("study.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    position: int
    text: str = Field(sa_column=Column(Text, nullable=False))
