"""Writes of saved segments. Flush, never commit."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from app.accounts import operations as accounts
from app.accounts.schemas import Actor
from app.core.errors import AppError, Conflict
from app.core.i18n import N_
from app.purchases.segments import queries
from app.purchases.segments.models import Segment, SegmentKind, SegmentMember
from app.purchases.segments.rule import Rule
from app.purchases.segments.schemas import Frozen, Leaving


def create(
    session: Session, *, name: str, rule: Rule, actor: Actor, now: datetime, frozen: Frozen | None = None
) -> Segment:
    """Keep conditions under a name; with `frozen` its people instead, who then stay the same.

    Raises:
        Conflict: another segment has this name.
    """
    _free(session, name)
    row = Segment(
        name=name,
        kind=SegmentKind.MOVING if frozen is None else SegmentKind.FROZEN,
        rule=rule.to_query(),
        frozen_on=frozen.day if frozen else None,
        size=len(frozen.refs) if frozen else 0,
        created_by=actor.user_id,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    if frozen is not None:
        members = [{"segment_id": row.id, "customer_ref": ref} for ref in dict.fromkeys(frozen.refs)]
        if members:
            session.execute(SegmentMember.__table__.insert(), members)  # type: ignore[attr-defined]  # SQLModel makes it
    accounts.record(
        session, actor=actor, action="segment.created", object_id=row.public_id, detail={"people": row.size}, now=now
    )
    return row


def rename(session: Session, *, row: Segment, name: str, actor: Actor, now: datetime) -> None:
    """Give a segment another name.

    Raises:
        Conflict: another segment has this name.
    """
    if name != row.name:
        _free(session, name)
        row.name, row.updated_at = name, now
        session.add(row)
        accounts.record(session, actor=actor, action="segment.renamed", object_id=row.public_id, now=now)


def change_rule(session: Session, *, row: Segment, rule: Rule, actor: Actor, now: datetime) -> None:
    """Give a moving segment other conditions.

    Raises:
        AppError: it is frozen, or would name itself.
    """
    if row.kind is SegmentKind.FROZEN:
        raise AppError(
            "segment_frozen", N_("The people of a frozen segment stay as they are. Save these conditions anew.")
        )
    if row.public_id in dict(queries.asked(session, rule).saved):
        raise AppError("segment_circle", N_("These conditions name the segment itself. Take it off first."))
    row.rule, row.updated_at = rule.to_query(), now
    session.add(row)
    accounts.record(session, actor=actor, action="segment.changed", object_id=row.public_id, now=now)


def remove(session: Session, *, row: Segment, actor: Actor, now: datetime) -> None:
    """Delete a segment; conditions that name it find nobody by it from then on."""
    session.execute(delete(SegmentMember).where(col(SegmentMember.segment_id) == row.id))
    session.delete(row)
    accounts.record(session, actor=actor, action="segment.deleted", object_id=row.public_id, now=now)


def log_export(session: Session, *, leaving: Leaving, columns: Sequence[str], actor: Actor, now: datetime) -> None:
    """Write down who takes out a file of whom: references, where they are few enough to note."""
    detail = {"people": leaving.people, "columns": list(columns), "customers": list(leaving.refs)}
    accounts.record(session, actor=actor, action="people.exported", detail=detail, now=now)


def _free(session: Session, name: str) -> None:
    if session.scalar(select(col(Segment.id)).where(col(Segment.name) == name)) is not None:
        raise Conflict(
            "segment_name", N_("Another segment is called “{name}” already. Choose another name."), name=name
        )
