"""The numbers behind classes, types and ranks."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from app.api.answers import Document
from app.api.deps import PLAIN, Reader, Setter, Strict, answered, beside, services
from app.core.database import write_session
from app.core.types import CleanText
from app.serving.documents import scoring as documents
from app.serving.thresholds import AskedNumbers, ask_numbers, keep_numbers

router = APIRouter(tags=["thresholds"])
Name = Annotated[CleanText, StringConstraints(max_length=64)]


def _as_text(value: object) -> object:
    """Return a number as it is written; a union of types would name each of them among the faults."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Number = Annotated[
    CleanText,
    StringConstraints(max_length=40),
    BeforeValidator(_as_text),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "maxLength": 40}]}),
]


class NewNumbers(Strict):
    """Numbers by name; those not named stay as they are or, with `defaults`, become those of the file."""

    thresholds: Annotated[dict[Name, Number], Field(default_factory=dict, max_length=200)]
    defaults: bool = False


class Keeping(Strict):
    """Whether the numbers are kept, or only who would move with them is said."""

    preview: bool = False


@router.get("/thresholds", name="thresholds", dependencies=[PLAIN])
async def thresholds(request: Request, actor: Reader) -> Document:
    """The numbers in force, each with its default."""
    del actor
    return await answered(request, lambda session, store: _document(ask_numbers(session, store, given={}), kept=False))


@router.put("/thresholds", name="thresholds_set")
async def thresholds_set(
    request: Request, given: NewNumbers, asked: Annotated[Keeping, Query()], actor: Setter
) -> Document:
    """Keep other numbers and count the figures anew in the background; with `preview`, only say who would move."""
    parts = services(request)
    found: AskedNumbers = await beside(request, partial(ask_numbers, given=given.thresholds, usual=given.defaults))
    if found.changed and not asked.preview:
        with write_session(parts.engine) as session:
            rebuild = keep_numbers(
                session, parts.orders, given=given.thresholds, usual=given.defaults, actor=actor, now=parts.clock()
            )
        if rebuild:
            parts.enqueue("purchases.rebuild", "")
    return Document(_document(found, kept=not asked.preview))


def _document(found: AskedNumbers, *, kept: bool) -> object:
    return documents.thresholds(found.numbers, found.currencies, found.preview, kept=kept)
