"""What a board of many people holds: stages by class, counts, findings, twins."""

from dataclasses import dataclass
from datetime import date

from app.boards.schemas import BoardEvent, BoardOrder, BoardQuote, LeftOut, View
from app.candidates.sentences import Sentence
from app.language.codebook import Stage
from app.purchases.classes import CustomerClass


@dataclass(frozen=True, slots=True)
class ClassCount:
    """People of one class who were heard."""

    customer_class: CustomerClass
    people: int


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in the list of a study board."""

    person_id: str
    code_name: str
    customer_class: CustomerClass
    quotes: int
    interviewed: bool


@dataclass(frozen=True, slots=True)
class PeopleCell:
    """How many of `of` people of a class said something; `names` are their code names.

    `unasked` of them were not asked and said nothing: they count neither for nor against.
    """

    customer_class: CustomerClass
    people: int
    of: int
    names: tuple[str, ...]
    unasked: int = 0

    @property
    def heard(self) -> int:
        """People who could have said it."""
        return self.of - self.unasked


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage across classes; `unheard` counts people who were not asked and said nothing."""

    stage: Stage
    cells: tuple[PeopleCell, ...]
    voice: BoardQuote | None
    unheard: int
    wide_gap: bool


@dataclass(frozen=True, slots=True)
class CountRow:
    """People per class for one channel, cancel reason or kind of worry; `label` is a msgid."""

    key: str
    label: str
    cells: tuple[PeopleCell, ...]
    people: int
    voices: tuple[BoardQuote, ...]


@dataclass(frozen=True, slots=True)
class AttributeColumn:
    """People heard who share a value; None: shared by too few customers to be shown, empty: not known."""

    value: str | None
    people: int


@dataclass(frozen=True, slots=True)
class AttributeCell:
    """How many of `of` people of a column spoke of a stage; `unasked` of them were not asked and said nothing."""

    people: int
    of: int
    unasked: int


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """One stage across the values of an attribute."""

    stage: Stage
    cells: tuple[AttributeCell, ...]


@dataclass(frozen=True, slots=True)
class AttributeTable:
    """Stage × value of an attribute; `level` is how finely it is shown, `left_out` values have no column for want of room."""

    name: str
    level: str
    columns: tuple[AttributeColumn, ...]
    rows: tuple[AttributeRow, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence computed from the data, with its base in words."""

    text: Sentence
    base: Sentence
    quotes: int


@dataclass(frozen=True, slots=True)
class TwinLine:
    person_id: str
    code_name: str
    customer_class: CustomerClass
    orders: tuple[BoardOrder, ...]
    events: tuple[BoardEvent, ...]


@dataclass(frozen=True, slots=True)
class Twins:
    """Two people who started alike and parted after order `fork_after` of the one who left."""

    stayed: TwinLine
    left: TwinLine
    fork_after: int
    last_day: int


@dataclass(frozen=True, slots=True)
class StudyBoard:
    """Many people: stage × class in people, channels, worries, cancel reasons, twins, quotes."""

    view: View
    study_id: str
    study_title: str
    product: str
    question: str
    as_of: date | None
    people: tuple[PersonLine, ...]
    classes: tuple[ClassCount, ...]
    confirmed: int
    first_held: date | None
    last_held: date | None
    findings: tuple[Finding, ...]
    table: tuple[StageRow, ...]
    channels: tuple[CountRow, ...]
    anxieties: tuple[CountRow, ...]
    cancel_reasons: tuple[CountRow, ...]
    twins: tuple[Twins, ...]
    quotes: tuple[BoardQuote, ...]
    left_out: LeftOut
    attributes: tuple[str, ...] = ()
    by: AttributeTable | None = None


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A study in the list of boards."""

    study_id: str
    title: str
    product: str
    interviewed: int
    people: tuple[PersonLine, ...]
