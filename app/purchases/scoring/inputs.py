"""What people type of a survey."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.core.types import CleanText
from app.purchases.scoring.thresholds import plain

MOST = 100_000_000
Count = Annotated[int, BeforeValidator(plain), Field(ge=0, le=MOST)]


class SurveyInput(BaseModel):
    """A survey: of `asked` people `aware` know the brand and never bought, `unaware` do not know it."""

    model_config = ConfigDict(extra="ignore")

    name: Annotated[CleanText, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    surveyed_on: date
    asked: Annotated[int, BeforeValidator(plain), Field(ge=1, le=MOST)]
    aware: Count
    unaware: Count
    aware_wanting: Count | None = None

    @model_validator(mode="after")
    def _parts(self) -> "SurveyInput":
        if self.aware + self.unaware > self.asked:
            raise PydanticCustomError("survey_parts", "more than asked")
        if self.aware_wanting is not None and self.aware_wanting > self.aware:
            raise PydanticCustomError("survey_wanting", "more than aware")
        return self
