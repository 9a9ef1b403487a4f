"""Keys that may be one person: suggestions, decisions, and taking them back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.schemas import Actor
from app.core.database import write_session
from app.core.errors import AppError
from app.purchases import queries
from app.purchases.identity import operations
from app.purchases.identity.models import MergeReason, Strength
from app.purchases.identity.queries import decisions, get_decision
from app.purchases.identity.schemas import (
    FIELD_LABELS,
    REASON_LABELS,
    STRENGTH_LABELS,
    Decisions,
    MergeChoice,
    SuggestionPage,
)
from app.purchases.identity.suggestions import is_fresh, list_suggestions
from app.purchases.store import OrdersStore
from app.web.aside import read_aside
from app.web.deps import PostedForm, ReadSession, permit, services
from app.web.forms import FieldError, FormInvalid
from app.web.render import redirect, render
from app.web.trail import logged

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("purchases.read"))]
Merger = Annotated[Actor, Depends(permit("purchases.import"))]


class Asked(BaseModel):
    """Which suggestions are shown; what cannot be read counts as not asked."""

    reason: MergeReason | None = None
    after: int = -1


@dataclass(frozen=True)
class PeoplePage:
    """Suggestions, decisions and the rule."""

    found: SuggestionPage
    decided: Decisions
    as_of: date | None
    reason: MergeReason | None
    problem: FieldError | None = None
    problem_id: str = ""
    reasons: Mapping[MergeReason, str] = field(default_factory=lambda: REASON_LABELS)
    strengths: Mapping[Strength, str] = field(default_factory=lambda: STRENGTH_LABELS)
    labels: Mapping[str, str] = field(default_factory=lambda: FIELD_LABELS)


@router.get("/purchases/people", name="people")
async def people(request: Request, actor: Reader) -> Response:
    """Show pairs that may be one person; the view is noted in the audit trail, for it shows names."""
    page = await people_page(request, read_asked(request.query_params))
    if not page.found.fresh:
        services(request).enqueue("purchases.people", "")
    return logged(request, render(request, "purchases/people.html", page), actor, "people.viewed", "")


@router.get("/purchases/people/search", name="people_search")
async def people_search(request: Request, db: ReadSession, actor: Reader) -> Response:
    """Return the notice that pairs are being looked for; when they are found the page loads afresh."""
    del actor
    response = render(request, "purchases/_people_search.html", None)
    if is_fresh(db):
        response.headers["HX-Refresh"] = "true"
    return response


@router.post("/purchases/people/{suggestion_id}/merge", name="people_merge")
async def people_merge(request: Request, suggestion_id: str, form: PostedForm, actor: Merger) -> Response:
    """Bring the two sides of a suggestion together; the figures follow in the background."""
    parts = services(request)
    try:
        choice = form.parse(MergeChoice)
        with write_session(parts.engine) as db:
            operations.accept(
                db, parts.orders, actor=actor, suggestion_id=suggestion_id, now=parts.clock(), keep=choice.keep
            )
    except (FormInvalid, AppError) as fault:
        return await again(request, fault, suggestion_id)
    parts.enqueue("purchases.merges", "")
    return redirect(request, "people")


@router.post("/purchases/people/{suggestion_id}/decline", name="people_decline")
async def people_decline(request: Request, suggestion_id: str, actor: Merger) -> Response:
    """Say that the two sides are different people."""
    parts = services(request)
    try:
        with write_session(parts.engine) as db:
            operations.decline(db, actor=actor, suggestion_id=suggestion_id, now=parts.clock())
    except AppError as fault:
        return await again(request, fault, suggestion_id)
    return redirect(request, "people")


@router.post("/purchases/people/decisions/{decision_id}/take-back", name="people_take_back")
async def people_take_back(request: Request, decision_id: str, actor: Merger) -> Response:
    """Make two customers of one again, or let a pair be suggested again."""
    parts = services(request)
    try:
        with write_session(parts.engine) as db:
            operations.take_back(db, actor=actor, decision=get_decision(db, decision_id), now=parts.clock())
    except AppError as fault:
        return await again(request, fault)
    parts.enqueue("purchases.merges", "")
    return redirect(request, "people")


async def people_page(
    request: Request, asked: Asked, problem: FieldError | None = None, problem_id: str = ""
) -> PeoplePage:
    """Return the page; contact files are read in a thread."""
    return await read_aside(
        request, partial(read_page, store=services(request).orders, asked=asked, problem=problem, problem_id=problem_id)
    )


def read_page(
    db: Session, store: OrdersStore, *, asked: Asked, problem: FieldError | None, problem_id: str
) -> PeoplePage:
    """Return the page of suggestions and decisions."""
    return PeoplePage(
        found=list_suggestions(db, store, after=asked.after, reason=asked.reason),
        decided=decisions(db),
        as_of=queries.as_of(db, store),
        reason=asked.reason,
        problem=problem,
        problem_id=problem_id,
    )


async def again(request: Request, fault: FormInvalid | AppError, suggestion_id: str = "") -> Response:
    """Return the page with what went wrong."""
    if isinstance(fault, FormInvalid):
        problem, status = next(iter(fault.errors.values())), 422
    else:
        problem, status = FieldError(fault.message, fault.params), fault.status
    page = await people_page(request, Asked(), problem, suggestion_id)
    return render(request, "purchases/people.html", page, status=status)


def read_asked(query: Mapping[str, str]) -> Asked:
    """Return what an address asks for."""
    reason = query.get("reason", "")
    after = query.get("after", "")
    return Asked(
        reason=MergeReason(reason) if reason in set(MergeReason) else None,
        after=int(after) if after.isdecimal() and len(after) < 10 else -1,
    )
