"""Where people stop, how long subscriptions last, what is left over."""

from fastapi import APIRouter, Request

from app.api.answers import Document
from app.api.deps import PLAIN, Reader, answered
from app.purchases.stopping import queries
from app.serving.documents import stopping as documents

router = APIRouter(tags=["stopping"])


@router.get("/stop-points", name="stop_points", dependencies=[PLAIN])
async def stop_points(request: Request, actor: Reader) -> Document:
    """After which order of which product people stopped, most people first; hypotheses in the owner's language."""
    return await answered(
        request, lambda session, store: documents.stop_points(queries.stop_points(session, store), actor.locale)
    )


@router.get("/survival", name="survival", dependencies=[PLAIN])
async def survival(request: Request, actor: Reader) -> Document:
    """The share still subscribed after each delivery, observed and by the sBG curve."""
    del actor
    return await answered(request, lambda session, store: documents.survival(queries.survival(session, store)))


@router.get("/surplus", name="surplus", dependencies=[PLAIN])
async def surplus(request: Request, actor: Reader) -> Document:
    """How many days of each product people have left."""
    del actor
    return await answered(request, lambda session, store: documents.surplus(queries.surplus(session, store)))
