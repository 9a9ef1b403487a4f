"""What the demo folder holds, checked as it is read."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.accounts.schemas import Role
from app.candidates.models import CandidateState
from app.interviews.models import ConsentItem, ConsentWay, InterviewMode, NextIntention
from app.language.codebook import Stage
from app.purchases.classes import CustomerClass
from app.purchases.models import FileTable

DEMO_DIR = Path(__file__).resolve().parents[2] / "seed_data" / "demo"
OWN_SHOP = "あまみず公式"


class Checked(BaseModel):
    """A table of a demo file; a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class OrderFile(Checked):
    """A file of orders or members, when it was imported, and whether exact repeats are dropped (a cart that numbers its lines)."""

    name: str
    source: str
    at: datetime
    drop_repeats: bool = False
    table: FileTable = FileTable.ORDERS


class DemoUser(Checked):
    """Somebody who works at the shop."""

    login: str
    display_name: str
    role: Role


class DemoStudy(Checked):
    """A study, and the states its proposed people go through: the first of a lane takes the first state."""

    product: str
    title: str
    question: str
    loyal: int
    lapsed: int
    churned: int
    hypotheses: list[str]
    at: datetime
    members: tuple[str, ...]
    interviews: bool = False
    states: dict[CustomerClass, tuple[CandidateState, ...]] = {}


class Company(Checked):
    """Everything in studies.toml."""

    files: tuple[OrderFile, ...]
    users: tuple[DemoUser, ...]
    studies: tuple[DemoStudy, ...]


class Talk(Checked):
    """One interview: consents, answers in the customer's words, and what the researcher found in them.

    `reviewed` names every evidence of every stage, so all else is rejected; `begun` only what was looked at so far.
    """

    customer_id: str
    source: str = OWN_SHOP
    mode: InterviewMode
    way: ConsentWay
    held_at: datetime
    minutes: int = Field(ge=0)
    next_intention: NextIntention | Literal[""] = ""
    granted: frozenset[ConsentItem]
    memo: str
    skipped: tuple[str, ...]
    live: bool = False
    answers: Annotated[dict[str, str], Field(min_length=1)]
    reviewed: dict[Stage, tuple[str, ...]] = {}
    begun: dict[Stage, tuple[str, ...]] = {}

    @property
    def invited_at(self) -> datetime:
        """Three days before the talk."""
        return self.held_at - timedelta(days=3)


def read_company(folder: Path = DEMO_DIR) -> Company:
    """Return the company of a demo folder."""
    return Company.model_validate(tomllib.loads((folder / "studies.toml").read_text("utf-8")))


def read_talks(folder: Path = DEMO_DIR) -> tuple[Talk, ...]:
    """Return the interviews of a demo folder in the order they were held."""
    found = [
        Talk.model_validate(tomllib.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("interviews/*.toml"))
    ]
    return tuple(sorted(found, key=lambda talk: talk.held_at))
