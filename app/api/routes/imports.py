"""Imports and their accounts."""

from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session

from app.api.answers import Document
from app.api.deps import PLAIN, Reader, Setter, answered, words
from app.core.i18n import Translator
from app.purchases import import_queries, queries
from app.purchases.import_schemas import ImportDetail
from app.purchases.store import OrdersStore
from app.serving.documents import imports as documents

router = APIRouter(tags=["imports"])


@router.get("/imports", name="imports", dependencies=[PLAIN])
async def imports(request: Request, actor: Reader) -> Document:
    """All imports, newest first."""
    del actor

    def read(session: Session, store: OrdersStore) -> object:
        rows = import_queries.told_truly(session, store, queries.list_imports(session))
        return [documents.import_row(row) for row in rows]

    return await answered(request, read)


@router.get("/imports/{import_id}", name="import", dependencies=[PLAIN])
async def import_show(request: Request, import_id: str, actor: Setter) -> Document:
    """One import with its account, and why it was stopped: every row and every yen of the file; of the rows held back their reasons, no cells."""
    del actor
    t = words(request)

    def read(session: Session, store: OrdersStore) -> object:
        detail = queries.import_detail(queries.get_import(session, import_id))
        (row,) = import_queries.told_truly(session, store, [detail.row])
        shown: dict[str, Any] = documents.import_row(row) | {"error": _told(detail, t)}
        if detail.report is None:
            return shown | {"account": None}
        currency = detail.mapping.currency
        shown |= documents.account(detail.report, currency)
        return shown | {"held_back_reasons": documents.held_reasons(detail.report, currency, t)}

    return await answered(request, read)


def _told(detail: ImportDetail, t: Translator) -> str | None:
    return t(detail.error_message, **detail.error_params) if detail.error_message else None
