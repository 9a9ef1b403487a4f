"""The chances of another order, and how well they held in the past."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from app.api.answers import Document
from app.api.deps import PLAIN, Reader, Strict, answered
from app.purchases.returning import queries
from app.serving.documents import returning as documents

router = APIRouter(tags=["returning"])


class Past(Strict):
    """The day that is looked from, and the days in which people came back or did not."""

    cutoff: date
    horizon: Annotated[int, Field(ge=1, le=3650)] = 90


@router.get("/returning", name="returning", dependencies=[PLAIN])
async def returning(request: Request, actor: Reader) -> Document:
    """People by their chance of another order, and how such chances held on the latest day whose horizon is over."""
    del actor
    return await answered(request, lambda session, store: documents.returning(queries.kept_of(session, store)))


@router.get("/backtest", name="backtest")
async def backtest(request: Request, asked: Annotated[Past, Query()], actor: Reader) -> Document:
    """Score everybody from what was known on a day, and measure it on the days after. Counted anew at every call."""
    del actor
    return await answered(
        request,
        lambda session, store: queries.backtest_on(session, store, cutoff=asked.cutoff, days=asked.horizon).document(),
    )
