"""Column and text types shared by all stages."""

import base64
import secrets
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any

from pydantic import AfterValidator
from sqlalchemy import DateTime, Dialect
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.types import JSON, TypeDecorator
from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING  # before the first table is declared
JsonType = JSON


def new_public_id() -> str:
    """Return a fresh public id: 12 lower-case base32 characters, 60 random bits."""
    return base64.b32encode(secrets.token_bytes(8)).decode("ascii").lower()[:12]


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes in and out; SQLite alone would lose the zone.

    Raises:
        ValueError: a naive datetime was handed in.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "naive datetime"
            raise ValueError(msg)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return aware UTC."""
        if value is None:
            return None
        del dialect
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def value_enum(kind: type[Enum]) -> SqlEnum:
    """Return a text column type that stores the enum's value and checks it in the database."""
    return SqlEnum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=32,
        name=f"{kind.__name__.lower()}_value",
    )


def clean_text(value: str) -> str:
    """Return the text unchanged, or refuse what no database or page can hold.

    Raises:
        ValueError: the text holds NUL or half of a surrogate pair.
    """
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        msg = "unusable_character"
        raise ValueError(msg)
    return value


CleanText = Annotated[str, AfterValidator(clean_text)]
JsonDict = dict[str, Any]
