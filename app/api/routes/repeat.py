"""Who comes back, when, and what customers bring."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.api.answers import Document
from app.api.deps import PLAIN, Reader, Strict, answered
from app.purchases.repeat import queries
from app.purchases.repeat.schemas import CountedBy
from app.serving.documents import repeat as documents

router = APIRouter(tags=["repeat"])


class Counted(Strict):
    """Whether steps are orders, or days with an order."""

    by: CountedBy = "orders"


@router.get("/cohorts", name="cohorts", dependencies=[PLAIN])
async def cohorts(request: Request, actor: Reader) -> Document:
    """Customers by the month of their first order, and who ordered in the months after it."""
    del actor
    return await answered(request, lambda session, store: documents.cohorts(queries.read_cohorts(session, store)))


@router.get("/repeat", name="repeat")
async def repeat(request: Request, asked: Annotated[Counted, Query()], actor: Reader) -> Document:
    """Steps from order to order, F2 conversion, and how soon products are bought again."""
    del actor
    return await answered(
        request,
        lambda session, store: documents.steps(
            queries.read_steps(session, store, counted_by=asked.by), queries.read_cycles(session, store)
        ),
    )


@router.get("/value", name="value", dependencies=[PLAIN])
async def value(request: Request, actor: Reader) -> Document:
    """What customers bring by where they began, order sizes, products bought later (cross-selling), attributes."""
    del actor
    return await answered(
        request,
        lambda session, store: documents.values(
            queries.read_values(session, store),
            queries.read_cross(session, store),
            queries.read_attributes(session, store),
        ),
    )
