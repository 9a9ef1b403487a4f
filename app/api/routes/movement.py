"""Who moved from class to class."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session

from app.api.answers import Document
from app.api.deps import Reader, Strict, answered
from app.purchases.movement import queries
from app.purchases.store import OrdersStore
from app.serving.documents import movement as documents

router = APIRouter(tags=["movement"])


class Days(Strict):
    """The two days that are compared, or the last change of the data."""

    from_on: Annotated[date | None, Field(alias="from")] = None
    to_on: Annotated[date | None, Field(alias="to")] = None
    since_change: bool = False


@router.get("/movement", name="movement")
async def movement(request: Request, asked: Annotated[Days, Query()], actor: Reader) -> Document:
    """Who moved between two days (30 days up to the as-of date unless given), or with the last change of the data."""
    del actor

    def read(session: Session, store: OrdersStore) -> object:
        if asked.since_change:
            return documents.movement(queries.last_change(session, store))
        return documents.movement(queries.between(session, store, from_on=asked.from_on, to_on=asked.to_on))

    return await answered(request, read)
