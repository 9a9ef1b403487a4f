"""The table of what surveys say of people whom purchase data does not know."""

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from app.core.types import UtcDateTime, new_public_id


class LayerSurvey(SQLModel, table=True):
    """One survey, typed in: of `asked` people how many know the brand and never bought, and how many do not know it.

    `aware_wanting` are those of `aware` who want to buy it next time, None where that was not asked.
    """

    __tablename__ = "layer_survey"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    name: str = Field(max_length=120)
    surveyed_on: date = Field(index=True)
    asked: int
    aware: int
    unaware: int
    aware_wanting: int | None = Field(default=None)
    created_by: int | None = Field(default=None)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    deleted_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
