"""What the API answers with: JSON documents, and one shape for every fault."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

LONGEST_NAME = 80


class Fault(BaseModel):
    """One wrong part of a request: where it stands, and what is wrong with it."""

    name: str
    message: str


class ErrorBody(BaseModel):
    """A stable code, one sentence for people, and the wrong parts where there are such."""

    code: str
    message: str
    fields: list[Fault] = []


class ErrorDocument(BaseModel):
    """What every status from 400 on answers with."""

    error: ErrorBody


class Document(Response):
    """A JSON document; dates and enums as text, text readable."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """Return the document; half of a surrogate pair, which UTF-8 cannot hold, stays the escape that it came as."""
        text = json.dumps(content, ensure_ascii=False, default=str, allow_nan=False)
        return text.encode("utf-8", "backslashreplace")


def error(
    status: int, code: str, message: str, *, fields: Iterable[Fault] = (), headers: Mapping[str, str] | None = None
) -> Document:  # fmt: skip
    """Return a fault as a document."""
    body: dict[str, Any] = {"code": code, "message": message}
    if told := [{"name": one.name[:LONGEST_NAME], "message": one.message} for one in fields]:
        body["fields"] = told
    return Document({"error": body}, status_code=status, headers=headers)
