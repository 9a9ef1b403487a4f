"""What is handed out about people with two keys; shared by pages and command line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.core.i18n import N_
from app.core.types import CleanText
from app.purchases.identity.merges import Key
from app.purchases.identity.models import MergeReason, Strength
from app.purchases.schemas import CustomerSummary

REASON_LABELS = {
    MergeReason.MAIL: N_("the same mail address"),
    MergeReason.PHONE_NAME: N_("the same phone number and name"),
    MergeReason.PHONE_KANA: N_("the same phone number and name in kana"),
    MergeReason.NAME_ADDRESS: N_("the same name and address"),
    MergeReason.NAME_POSTAL_CODE: N_("the same name and postal code"),
    MergeReason.BY_HAND: N_("brought together by hand"),
}
FIELD_LABELS = {
    "name": N_("Customer name"),
    "kana": N_("Name in kana"),
    "email": N_("Mail address"),
    "phone": N_("Phone number"),
    "company_name": N_("Company name"),
    "postal_code": N_("Postal code"),
    "address": N_("Address"),
}
STRENGTH_LABELS = {
    Strength.STRONG: N_("Very likely"),
    Strength.CHECK: N_("Names differ"),
    Strength.WEAK: N_("Perhaps"),
}


class Side(BaseModel):
    """A key as typed: the source, and the shop's number in it."""

    model_config = ConfigDict(frozen=True)

    source: Annotated[CleanText, StringConstraints(min_length=1, max_length=64)]
    customer_id: Annotated[CleanText, StringConstraints(min_length=1, max_length=255)]

    @property
    def key(self) -> Key:
        """The key as the store has it."""
        return Key(self.source, self.customer_id)


class MergeChoice(BaseModel):
    """Which side of a suggestion stays; '' leaves it to the rule."""

    keep: Literal["", "one", "other"] = ""


@dataclass(frozen=True)
class Person:
    """One side of a suggestion: figures where the key has orders; picked for a study or not."""

    key: Key
    summary: CustomerSummary | None
    picked: bool


@dataclass(frozen=True)
class Compared:
    """One field of both sides, masked; `same` where both mean the same."""

    field: str
    one: str
    other: str
    same: bool


@dataclass(frozen=True)
class Suggestion:
    """Two keys that may be one person; `keep` is the side that stays by the rule, '' where a person has to say."""

    public_id: str
    one: Person
    other: Person
    fields: tuple[Compared, ...]
    reasons: tuple[MergeReason, ...]
    strength: Strength
    keep: Literal["", "one", "other"]


@dataclass(frozen=True)
class SuggestionPage:
    """Suggestions from a place on, the surest first; `by_reason` counts all of them by their surest reason."""

    rows: tuple[Suggestion, ...]
    total: int
    found: int
    shared: int
    by_reason: dict[MergeReason, int]
    after: int | None
    fresh: bool


@dataclass(frozen=True)
class Decided:
    """A decision that stands: `key` counts as `to`, or the two are different people."""

    public_id: str
    key: Key
    to: Key
    reason: MergeReason
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True)
class Decisions:
    """What people have decided and not taken back: the newest of each kind, and how many there are."""

    merged: tuple[Decided, ...]
    declined: tuple[Decided, ...]
    merged_in_all: int
    declined_in_all: int


@dataclass(frozen=True)
class FoundPerson:
    """One customer that a search found, for researchers and admins only; phone number and mail address are masked."""

    summary: CustomerSummary
    name: str
    kana: str
    company_name: str
    phone: str
    email: str


@dataclass(frozen=True)
class FoundPeople:
    """What a search found; `more` were found than are shown."""

    rows: tuple[FoundPerson, ...]
    more: bool
