"""Saved segments: listed for everybody, made, changed and deleted by those who see the people."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import StringConstraints
from sqlmodel import Session
from starlette.responses import Response

from app.api.answers import Document
from app.api.deps import PLAIN, Anybody, Reader, Strict, answered, beside, services, words
from app.core.database import write_session
from app.core.errors import AppError
from app.core.i18n import N_, Translator
from app.core.types import CleanText
from app.purchases.segments import operations, queries
from app.purchases.segments.models import SegmentKind
from app.purchases.store import OrdersStore
from app.serving.documents import segments as documents
from app.serving.freezing import freeze
from app.serving.rules import RuleText, rule_in

router = APIRouter(tags=["segments"])
Name = Annotated[CleanText, StringConstraints(min_length=1, max_length=120)]
NO_CHANGE = N_("Send a name, conditions, or both.")


class NewOne(Strict):
    """A segment to be kept: its conditions, moving with the data or frozen with the people of today."""

    name: Name
    rule: RuleText = ""
    kind: SegmentKind = SegmentKind.MOVING


class Change(Strict):
    """What is to become of a segment: another name, other conditions of a moving one."""

    name: Name | None = None
    rule: RuleText | None = None


class Deleting(Strict):
    """Whether a segment goes although others name it."""

    anyway: bool = False


@router.get("/segments", name="segments", dependencies=[PLAIN])
async def segments(request: Request, actor: Anybody) -> Document:
    """All saved segments with their people now; planners are told no number and no conditions of fewer than five people."""
    t = words(request)
    shown = documents.segment_for_planners if actor.is_planner else documents.segment
    return await answered(
        request, lambda session, store: [shown(row, t) for row in queries.list_segments(session, store)]
    )


@router.get("/segments/{segment_id}", name="segment", dependencies=[PLAIN])
async def segment(request: Request, segment_id: str, actor: Reader) -> Document:
    """One saved segment with its conditions and what its people brought."""
    del actor
    return await answered(request, partial(_document, segment_id=segment_id, t=words(request)))


@router.post("/segments", name="segment_create", status_code=201, dependencies=[PLAIN])
async def segment_create(request: Request, given: NewOne, actor: Reader) -> Document:
    """Keep conditions under a name: `moving`, or `frozen` with the people of today (`segment=ID` freezes a saved one)."""
    parts, rule = services(request), rule_in(given.rule)
    now = parts.clock()
    if given.kind is SegmentKind.FROZEN:
        made: str = await beside(
            request,
            lambda session, store: freeze(
                session, engine=parts.engine, store=store, name=given.name, rule=rule, actor=actor, now=now
            ),
        )
    else:
        with write_session(parts.engine) as session:
            made = operations.create(session, name=given.name, rule=rule, actor=actor, now=now).public_id
    answer = await answered(request, partial(_document, segment_id=made, t=words(request)))
    answer.status_code = 201
    return answer


@router.patch("/segments/{segment_id}", name="segment_change", dependencies=[PLAIN])
async def segment_change(request: Request, segment_id: str, given: Change, actor: Reader) -> Document:
    """Give a segment another name, or a moving one other conditions."""
    if given.name is None and given.rule is None:
        raise AppError("nothing_to_change", NO_CHANGE)
    parts, rule = services(request), None if given.rule is None else rule_in(given.rule)
    with write_session(parts.engine) as session:
        row = queries.get_segment(session, segment_id)
        if given.name is not None:
            operations.rename(session, row=row, name=given.name, actor=actor, now=parts.clock())
        if rule is not None:
            operations.change_rule(session, row=row, rule=rule, actor=actor, now=parts.clock())
    return await answered(request, partial(_document, segment_id=segment_id, t=words(request)))


@router.delete("/segments/{segment_id}", name="segment_delete", status_code=204)
async def segment_delete(
    request: Request, segment_id: str, asked: Annotated[Deleting, Query()], actor: Reader
) -> Response:
    """Delete a segment; `anyway` also where other segments name it, which find nobody by it from then on."""
    parts = services(request)
    with write_session(parts.engine) as session:
        row = queries.get_segment(session, segment_id)
        operations.remove(session, row=row, actor=actor, now=parts.clock(), anyway=asked.anyway)
    return Response(status_code=204)


def _document(session: Session, store: OrdersStore, *, segment_id: str, t: Translator) -> object:
    row = queries.segment_row(session, store, queries.get_segment(session, segment_id))
    return documents.segment(row, t) | documents.totals(queries.count(session, store, rule=row.own))
