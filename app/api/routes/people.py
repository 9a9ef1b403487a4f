"""The people of conditions: how many they are, and who, page by page."""

from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlmodel import Session

from app.accounts.schemas import Actor
from app.api.answers import Document
from app.api.deps import Reader, answered, beside, services, words
from app.core.database import write_session
from app.purchases.builds import version_in_use
from app.purchases.schemas import CustomerSummary, SortKey
from app.purchases.segments import operations, queries
from app.purchases.segments.fields import FIELDS
from app.purchases.segments.people import Order
from app.purchases.segments.rule import Rule
from app.purchases.segments.schemas import Leaving, PeopleOf
from app.purchases.store import OrdersStore
from app.serving.columns import columns_in
from app.serving.documents import segments as documents
from app.serving.parts import Services
from app.serving.rules import rule_of

router = APIRouter(tags=["people"])
Sort = Literal[
    "last_order_on", "amount", "orders", "first_order_on", "-last_order_on", "-amount", "-orders", "-first_order_on"
]
SORTS: dict[str, SortKey] = {
    "last_order_on": "last_order_on", "amount": "amount", "orders": "orders", "first_order_on": "first_order_on",
}  # fmt: skip

PARAMETERS = {
    "parameters": [
        {
            "name": one.name,
            "in": "query",
            "description": one.label,
            "schema": {
                "type": "array",
                "items": {"type": "string", "enum": list(one.choices)} if one.choices else {"type": "string"},
            },
        }
        for one in FIELDS.values()
    ]
}
"""Every condition as a parameter, for the description: of several values one is enough."""


class Place(BaseModel):
    """Which page of the people, in which order (- is largest or latest first), with which columns; the rest are conditions."""

    model_config = ConfigDict(extra="ignore")

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    sort: Sort = "-last_order_on"
    columns: Annotated[str, StringConstraints(max_length=600)] = ""

    @property
    def order(self) -> Order:
        """How the list stands."""
        return Order(SORTS[self.sort.removeprefix("-")], self.sort.startswith("-"))


@router.get("/people/count", name="people_count", openapi_extra=PARAMETERS)
async def people_count(request: Request, actor: Reader) -> Document:
    """How many people some conditions find and what they brought: conditions as in the address of the page."""
    del actor
    rule, t = rule_of(request.query_params.multi_items()), words(request)
    return await answered(
        request,
        lambda session, store: documents.counted(
            rule, queries.names_of(session, rule), queries.count(session, store, rule=rule), t
        ),
    )


@router.get("/people", name="people", openapi_extra=PARAMETERS)
async def people(request: Request, place: Annotated[Place, Query()], actor: Reader) -> Document:
    """50 people of some conditions with columns of the file of people; the audit trail notes whom every page held."""
    rule = rule_of(pair for pair in request.query_params.multi_items() if pair[0] not in Place.model_fields)
    names = [one.name for one in columns_in(place.columns)]
    version, found = await beside(request, partial(_read, rule=rule, place=place))
    shown: dict[str, Any] = documents.counted(rule, {}, None, words(request))
    if found is None:
        return Document(shown | {"as_of": None, "page": place.page, "pages": 1, "columns": names, "rows": []})
    rows = found.rows if place.page == found.page else ()
    if rows:
        _note(services(request), _leaving(version, found, rows), rule, names, actor)
    shown = documents.counted(rule, dict(found.names), found.sums, words(request))
    listed = [{name: one[name] for name in names} for one in map(documents.person, rows)]
    return Document(
        shown | {"as_of": found.as_of, "page": place.page, "pages": found.pages, "columns": names, "rows": listed}
    )


def _read(session: Session, store: OrdersStore, *, rule: Rule, place: Place) -> tuple[str, PeopleOf | None]:
    version = version_in_use(session)
    return version, queries.people_of(session, store, rule=rule, order=place.order, page=place.page)


def _leaving(version: str, found: PeopleOf, rows: Sequence[CustomerSummary]) -> Leaving:
    refs = tuple(one.customer_ref for one in rows)
    digest = sha256("".join(f"{ref}\n" for ref in refs).encode()).hexdigest()
    return Leaving(version, found.as_of, len(refs), digest, refs)


def _note(parts: Services, leaving: Leaving, rule: Rule, names: Sequence[str], actor: Actor) -> None:
    with write_session(parts.engine) as session:
        operations.log_export(
            session, leaving=leaving, rule=rule, columns=names, actor=actor, now=parts.clock()
        )  # fmt: skip
