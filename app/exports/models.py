"""The log of what left the house: storage only."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Integer
from sqlmodel import Field, SQLModel

from app.core.types import JsonType, UtcDateTime, new_public_id, value_enum


class ExportKind(StrEnum):
    """What kind of file was made."""

    PPTX = "pptx"
    XLSX = "xlsx"


class ExportLog(SQLModel, table=True):
    """One file: who made it, when, of what, and which people it holds (public ids of persons)."""

    __tablename__ = "export_log"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    study_id: int = Field(
        sa_column=Column(Integer, ForeignKey("study.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    user_id: int | None = Field(default=None, foreign_key="user_account.id")
    kind: ExportKind = Field(sa_column=Column(value_enum(ExportKind), nullable=False))
    planner_view: bool
    people: list[str] = Field(default_factory=list, sa_column=Column(JsonType, nullable=False))
    quotes: int
    quotes_left_out: int
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
