"""What customer files brought of the people: every attribute with its values; every number opens its people."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.purchases import queries
from app.purchases.other.attributes import AttributeOverview
from app.purchases.other.queries import attribute_overview
from app.web.deps import ReadSession, services
from app.web.render import render
from app.web.routes.purchases import Reader

router = APIRouter()


@dataclass(frozen=True)
class AttributesPage:
    """All attributes."""

    found: AttributeOverview
    as_of: date | None


@router.get("/purchases/attributes", name="attributes")
async def attributes(request: Request, db: ReadSession, actor: Reader) -> Response:
    """Show each attribute with its values, people and shares."""
    del actor
    store = services(request).orders
    page = AttributesPage(found=attribute_overview(db, store), as_of=queries.as_of(db, store))
    return render(request, "purchases/attributes.html", page)
