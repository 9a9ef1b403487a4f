"""What studies take in and hand out."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from app.core.types import CleanText
from app.language.codebook import Stage
from app.purchases.classes import CustomerClass
from app.purchases.segments.rule import BadCondition, Rule, read_rule
from app.studies.attribute_quotas import AttributeQuota, QuotaList, as_quotas

MAX_QUOTA = 50
MAX_HYPOTHESES = 20

Line = Annotated[CleanText, StringConstraints(max_length=300)]
Quota = Annotated[int, Field(ge=0, le=MAX_QUOTA)]


class Ask(StrEnum):
    """What a probe asks after: who, when, where, what, how. Why is what the questions themselves find."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    WHAT = "what"
    HOW = "how"


class PointsAt(StrEnum):
    """Which part of the timeline a question or a probe is about; the live screen lights those orders."""

    NOTHING = ""
    BEFORE_FIRST = "before_first"
    FIRST = "first"
    FIRST_TO_SECOND = "first_to_second"
    TURNING = "turning"
    AFTER_TURNING = "after_turning"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Probe:
    """A follow-up question. `ask` is its place in the 4W1H, None for a fixed probe.

    People with fewer than `min_orders` orders are not asked it.
    """

    text: str
    text_en: str
    ask: Ask | None = None
    id: str = ""
    min_orders: int = 0
    points_at: PointsAt = PointsAt.NOTHING

    @property
    def is_fixed(self) -> bool:
        """Whether the guide wants it asked every time."""
        return bool(self.id)

    def in_language(self, locale: str) -> str:
        """Return the text of a language; everything that is not Japanese reads English."""
        return self.text if locale == "ja" else self.text_en


@dataclass(frozen=True, slots=True)
class GuideQuestion:
    """One question with its intent (聞く意図); empty `for_classes` means everybody."""

    id: str
    text: str
    text_en: str
    intent: str
    intent_en: str
    stage: Stage
    probes: tuple[Probe, ...]
    for_classes: tuple[CustomerClass, ...] = ()
    points_at: PointsAt = PointsAt.NOTHING

    def in_language(self, locale: str) -> str:
        """Return the question in a language."""
        return self.text if locale == "ja" else self.text_en

    def intent_in(self, locale: str) -> str:
        """Return the intent in a language."""
        return self.intent if locale == "ja" else self.intent_en


@dataclass(frozen=True, slots=True)
class GuideContent:
    """A whole guide."""

    slug: str
    version: int
    title: str
    title_en: str
    questions: tuple[GuideQuestion, ...]


@dataclass(frozen=True, slots=True)
class HypothesisTemplate:
    """Lines a study may start from; `stop_number` is 0 where they are not about a stop point."""

    slug: str
    title: str
    title_en: str
    lines_ja: tuple[str, ...]
    lines_en: tuple[str, ...]
    stop_kind: str = ""
    stop_number: int = 0

    def title_in(self, locale: str) -> str:
        """Return the title in a language."""
        return self.title if locale == "ja" else self.title_en

    def lines(self, locale: str) -> tuple[str, ...]:
        """Return the lines of a language."""
        return self.lines_ja if locale == "ja" else self.lines_en


def as_lines(value: object) -> object:
    """Return what a text area (or several) holds as non-empty lines; anything else unchanged."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple):
        return value
    return [line.strip() for text in texts if isinstance(text, str) for line in text.splitlines() if line.strip()]


def readable_rule(query: str) -> str:
    """Return the query of a rule as it is kept.

    Raises:
        ValueError: a condition cannot be read.
    """
    try:
        return read_rule(query).to_query()
    except BadCondition as fault:
        raise ValueError(str(fault)) from fault


class NewStudy(BaseModel):
    """A study to be made. `templates` are slugs whose lines are added to the typed hypotheses.

    `people` is the query of a rule: of those who stopped, its people alone are proposed.
    """

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    product: Annotated[CleanText, StringConstraints(min_length=1, max_length=80)]
    title: Annotated[CleanText, StringConstraints(max_length=120)] = ""
    question: Annotated[CleanText, StringConstraints(max_length=500)] = ""
    loyal: Quota = 0
    lapsed: Quota = 0
    churned: Quota = 0
    quotas: QuotaList = []
    hypotheses: Annotated[list[Line], Field(max_length=MAX_HYPOTHESES)] = []
    templates: list[Annotated[CleanText, StringConstraints(max_length=40)]] = []
    people: Annotated[CleanText, StringConstraints(max_length=2000), AfterValidator(readable_rule)] = ""

    _lines = field_validator("hypotheses", mode="before")(as_lines)
    _quotas = field_validator("quotas", mode="before")(as_quotas)


class StudyChange(BaseModel):
    """What the study page may change; the product and the guide stay as they were made."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    title: Annotated[CleanText, StringConstraints(min_length=1, max_length=120)]
    question: Annotated[CleanText, StringConstraints(max_length=500)] = ""
    loyal: Quota = 0
    lapsed: Quota = 0
    churned: Quota = 0
    quotas: QuotaList = []
    hypotheses: Annotated[list[Line], Field(max_length=MAX_HYPOTHESES)] = []

    _lines = field_validator("hypotheses", mode="before")(as_lines)
    _quotas = field_validator("quotas", mode="before")(as_quotas)


class MemberChange(BaseModel):
    """Somebody joins or leaves a study, by sign-in name."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    login: Annotated[CleanText, StringConstraints(min_length=1, max_length=64)]
    action: Literal["add_member", "remove_member"]


@dataclass(frozen=True, slots=True)
class Quotas:
    """People wanted per lane."""

    loyal: int
    lapsed: int
    churned: int

    @property
    def total(self) -> int:
        """All lanes together."""
        return self.loyal + self.lapsed + self.churned


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One line of the study list."""

    public_id: str
    title: str
    product: str
    question: str
    quotas: Quotas
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who sees a study."""

    login: str
    display_name: str
    role: str


@dataclass(frozen=True, slots=True)
class StudyDetail:
    """A study with all that belongs to it."""

    public_id: str
    title: str
    product: str
    question: str
    quotas: Quotas
    attribute_quotas: tuple[AttributeQuota, ...]
    people: Rule
    as_of: date | None
    created_at: datetime
    guide_title: str
    guide_title_en: str
    guide_version: int
    hypotheses: tuple[str, ...]
    members: tuple[Member, ...]
    questions: tuple[GuideQuestion, ...]
