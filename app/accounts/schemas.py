"""What accounts take in and hand out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.core.i18n import N_
from app.core.types import CleanText

MIN_PASSWORD = 12
COOKIE = "__Host-n1"
"""The cookie of a signed-in browser."""


class Role(StrEnum):
    """The three roles."""

    RESEARCHER = "researcher"
    PLANNER = "planner"
    ADMIN = "admin"


ROLE_LABELS = {Role.RESEARCHER: N_("Researcher"), Role.PLANNER: N_("Planner"), Role.ADMIN: N_("Administrator")}


@dataclass(frozen=True)
class Actor:
    """Who does something: a signed-in user, or the command line acting as administrator."""

    user_id: int | None
    public_id: str
    display_name: str
    role: Role
    locale: str = "ja"

    @property
    def is_planner(self) -> bool:
        """Whether this person sees only what planners may see."""
        return self.role is Role.PLANNER


COMMAND_LINE = Actor(user_id=None, public_id="cli", display_name="n1", role=Role.ADMIN)


@dataclass(frozen=True)
class CheckedSignIn:
    """What came of a name and a password: the account's stored hash if they fit together, empty if not."""

    account: str
    place: str
    address: str
    user_id: str
    password_hash: str


@dataclass(frozen=True)
class SignedIn:
    """A fresh session: the token goes into the cookie and nowhere else."""

    token: str
    actor: Actor


@dataclass(frozen=True)
class UserRow:
    """One line of the users page."""

    public_id: str
    login: str
    display_name: str
    role: Role
    is_active: bool


@dataclass(frozen=True)
class TokenRow:
    """One personal access token, without the token itself."""

    public_id: str
    login: str
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class NewToken(BaseModel):
    """A personal access token to be made."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    name: Annotated[CleanText, StringConstraints(min_length=1, max_length=80)]
    days: Annotated[int, Field(ge=1, le=3650)] = 365


class NewUser(BaseModel):
    """A user to be made."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    login: Annotated[CleanText, StringConstraints(min_length=2, max_length=64, pattern=r"^[A-Za-z0-9._@+-]+$")]
    display_name: Annotated[CleanText, StringConstraints(min_length=1, max_length=80)]
    role: Role


class UserChange(BaseModel):
    """What an administrator may change of a user."""

    model_config = ConfigDict(extra="ignore")

    role: Role | None = None
    is_active: bool | None = None
    new_password: bool = False


class NewPassword(BaseModel):
    """A person's own new password, typed twice; kept exactly as typed."""

    model_config = ConfigDict(extra="ignore")

    current: CleanText
    password: Annotated[CleanText, StringConstraints(min_length=MIN_PASSWORD, max_length=256)]
    again: CleanText
