"""Quotas beside the lanes: so many people who share a value of an attribute (性別=女性: 4). Pure."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.core.errors import AppError
from app.core.i18n import N_, Translator
from app.core.types import CleanText
from app.purchases.other.attribute_words import LABELS, name_label, read_name, read_value, value_label

MOST_PEOPLE, MOST_QUOTAS = 50, 20
LINE = re.compile(r"(?P<name>[^=＝]+)[=＝](?P<value>.+?)[:：]\s*(?P<wanted>\d{1,3})\s*人?")
UNREAD = "attribute_quota"
TOO_MANY = N_(
    "The quotas of {label} ask for {n} people, the lanes together for {total}. Ask for fewer, or enlarge a lane."
)
Short = Annotated[CleanText, StringConstraints(min_length=1, max_length=200)]


class AttributeQuota(BaseModel):
    """How many people with one value of an attribute a study asks for; name and value as stored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Short
    value: Short
    wanted: Annotated[int, Field(ge=1, le=MOST_PEOPLE)]


def read_quota(text: str) -> dict[str, Any]:
    """Return a quota as people write it: 性別=女性:4.

    Raises:
        PydanticCustomError: it is written in another way.
    """
    found = LINE.fullmatch(text.strip())
    if found is None:
        raise PydanticCustomError(UNREAD, "a quota is written as 性別=女性:4")
    name = read_name(found["name"])
    return {"name": name, "value": read_value(name, found["value"]), "wanted": int(found["wanted"])}


def as_quotas(value: object) -> object:
    """Return what a text area (or several options) holds as quotas, one a line; anything else unchanged."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        return value
    return [read_quota(line) for text in texts for line in text.splitlines() if line.strip()]


def one_each(quotas: list[AttributeQuota]) -> list[AttributeQuota]:
    """Return quotas with the last word on each value."""
    return list({(one.name, one.value): one for one in quotas}.values())


QuotaList = Annotated[list[AttributeQuota], Field(max_length=MOST_QUOTAS), AfterValidator(one_each)]


def refuse_more_than_lanes(quotas: list[AttributeQuota], total: int) -> None:
    """Pass silently when the quotas of each attribute fit into the lanes.

    Raises:
        AppError: an attribute's quotas ask for more people than all lanes together.
    """
    for name in dict.fromkeys(one.name for one in quotas):
        wanted = sum(one.wanted for one in quotas if one.name == name)
        if wanted > total:
            raise AppError("quotas_too_many", TOO_MANY, label=LABELS.get(name, name), n=wanted, total=total)


def as_text(quota: AttributeQuota, t: Translator) -> str:
    """Return a quota as it is typed."""
    return f"{name_label(quota.name, t)}={value_label(quota.name, quota.value, t)}:{quota.wanted}"
