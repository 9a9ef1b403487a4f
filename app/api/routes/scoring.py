"""R, F, M and deciles; types, pyramid and surveys."""

from fastapi import APIRouter, Request

from app.api.answers import Document
from app.api.deps import PLAIN, Reader, answered
from app.purchases.scoring import queries
from app.serving.documents import scoring as documents

router = APIRouter(tags=["scoring"])


@router.get("/scores", name="scores", dependencies=[PLAIN])
async def scores(request: Request, actor: Reader) -> Document:
    """R, F, M as points and by fixed cut-offs, and deciles."""
    del actor
    return await answered(request, lambda session, store: documents.scores(queries.read_scores(session, store)))


@router.get("/layers", name="layers", dependencies=[PLAIN])
async def layers(request: Request, actor: Reader) -> Document:
    """Purchase types still buying or stopped, the customer pyramid, and what people said in surveys."""
    del actor
    return await answered(request, lambda session, store: documents.layers(queries.read_layers(session, store)))
