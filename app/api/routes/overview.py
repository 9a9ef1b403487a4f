"""The shop at a glance."""

from fastapi import APIRouter, Request

from app.api.answers import Document
from app.api.deps import PLAIN, Reader, answered
from app.purchases import queries
from app.serving.documents import overview as documents

router = APIRouter(tags=["overview"])


@router.get("/overview", name="overview", dependencies=[PLAIN])
async def overview(request: Request, actor: Reader) -> Document:
    """Customers, orders and amounts on the as-of date, by class, type and month."""
    del actor
    return await answered(request, lambda session, store: documents.overview(queries.overview(session, store)))


@router.get("/count-elapsed", name="count_elapsed", dependencies=[PLAIN])
async def count_elapsed(request: Request, actor: Reader) -> Document:
    """Order count × days since the last order, with the share who came back."""
    del actor
    return await answered(
        request, lambda session, store: documents.count_elapsed(queries.count_elapsed(session, store))
    )
