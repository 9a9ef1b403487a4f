"""Tables of people who use the product, their sessions and what they did."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer
from sqlmodel import Field, SQLModel

from app.accounts.schemas import Role
from app.core.types import JsonDict, JsonType, UtcDateTime, new_public_id, value_enum


class User(SQLModel, table=True):
    """A person who signs in."""

    __tablename__ = "user_account"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    login: str = Field(unique=True, max_length=64)
    display_name: str = Field(max_length=80)
    role: Role = Field(sa_column=Column(value_enum(Role), nullable=False))
    password_hash: str = Field(max_length=256)
    locale: str = Field(default="ja", max_length=8)
    is_active: bool = Field(default=True)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class LoginSession(SQLModel, table=True):
    """One signed-in browser; the cookie's token is kept only as its SHA-256."""

    __tablename__ = "login_session"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    user_id: int = Field(
        sa_column=Column(Integer, ForeignKey("user_account.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    last_seen_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class ApiToken(SQLModel, table=True):
    """A personal access token of the API; the token itself is kept only as its SHA-256."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    token_hash: str = Field(unique=True, max_length=64)
    user_id: int = Field(
        sa_column=Column(Integer, ForeignKey("user_account.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    name: str = Field(max_length=80)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    last_used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))


class LoginAttempt(SQLModel, table=True):
    """A failed sign-in, kept only as long as it counts; account and address as keyed hashes."""

    __tablename__ = "login_attempt"

    id: int | None = Field(default=None, primary_key=True)
    account_hash: str = Field(index=True, max_length=64)
    address_hash: str = Field(index=True, max_length=64)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))


class AuditEntry(SQLModel, table=True):
    """One thing somebody did; rows are never changed or deleted (triggers refuse)."""

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
    actor_id: int | None = Field(default=None, index=True)
    action: str = Field(max_length=48)
    object_id: str = Field(default="", max_length=64)
    detail: JsonDict = Field(default_factory=dict, sa_column=Column(JsonType, nullable=False))
