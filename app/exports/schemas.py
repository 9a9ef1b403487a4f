"""What exports take in and hand out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.boards.schemas import PersonBoard, View
from app.boards.study_schemas import StudyBoard
from app.core.types import CleanText
from app.exports.models import ExportKind

MEDIA_TYPES = {
    ExportKind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ExportKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class NewExport(BaseModel):
    """A file to be made: of a whole study, with its people compared by an attribute too if one is named, or of one person."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    kind: ExportKind
    person_id: Annotated[CleanText, StringConstraints(max_length=16)] = ""
    by: Annotated[CleanText, StringConstraints(max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What goes into a file, already cut to the reader's scope."""

    kind: ExportKind
    board: PersonBoard | StudyBoard

    @property
    def people(self) -> tuple[str, ...]:
        """Public ids of the people the file holds."""
        if isinstance(self.board, PersonBoard):
            return (self.board.person_id,)
        return tuple(sorted({quote.person_id for quote in self.board.quotes}))

    @property
    def planner_view(self) -> bool:
        """Whether it is cut for planners."""
        return self.board.view is View.PLANNER

    @property
    def sentences(self) -> int:
        """Quotes it holds; a sentence under two stages counts once."""
        return len({quote.sentence_id for quote in self.board.quotes})


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished file."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log."""

    study_title: str
    kind: ExportKind
    made_by: str
    made_at: datetime
    planner_view: bool
    people: int
    quotes: int
    quotes_left_out: int


@dataclass(frozen=True, slots=True)
class StudyChoice:
    """A study one may export."""

    study_id: str
    title: str
    product: str


@dataclass(frozen=True, slots=True)
class ExportList:
    """The page of exports."""

    studies: tuple[StudyChoice, ...]
    log: tuple[LogLine, ...]
    as_of: date | None
