"""Tables of saved segments: storage only."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Text, true
from sqlmodel import Field, SQLModel

from app.core.types import UtcDateTime, new_public_id, value_enum


class SegmentKind(StrEnum):
    """Whether a segment moves with the data, or keeps the people of one day."""

    MOVING = "moving"
    FROZEN = "frozen"


class Segment(SQLModel, table=True):
    """Conditions under a name; `rule` is the query of their address.

    A frozen one keeps its people in `SegmentMember`: `size` of them, found on the figures of the day `frozen_on`. It is
    `ready`, and seen, once all of them are there.
    """

    __tablename__ = "segment"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    name: str = Field(unique=True, max_length=120)
    kind: SegmentKind = Field(sa_column=Column(value_enum(SegmentKind), nullable=False))
    rule: str = Field(sa_column=Column(Text, nullable=False))
    frozen_on: date | None = Field(default=None)
    size: int = Field(default=0)
    ready: bool = Field(default=True, sa_column=Column(Boolean, nullable=False, server_default=true()))
    created_by: int | None = Field(default=None)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    updated_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class SegmentMember(SQLModel, table=True):
    """One customer of a frozen segment, by the keyed reference of addresses."""

    __tablename__ = "segment_member"

    segment_id: int = Field(sa_column=Column(Integer, ForeignKey("segment.id", ondelete="CASCADE"), primary_key=True))
    customer_ref: str = Field(sa_column=Column(String(16), primary_key=True, index=True))
