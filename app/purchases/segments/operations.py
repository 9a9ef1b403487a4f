"""Writes of saved segments. Flush, never commit."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from app.accounts import operations as accounts
from app.accounts.schemas import Actor
from app.core.errors import AppError, Conflict
from app.core.i18n import N_
from app.purchases.segments import queries
from app.purchases.segments.models import Segment, SegmentKind, SegmentMember
from app.purchases.segments.rule import Rule
from app.purchases.segments.schemas import Frozen, Leaving

NAMED = N_("Other segments name this one and would find nobody by it: {names}. Change or delete them first.")
LEFT_BEHIND = timedelta(hours=1)
"""A segment that is still being filled after so long was left by a process that died."""


def create(
    session: Session, *, name: str, rule: Rule, actor: Actor, now: datetime, frozen: Frozen | None = None
) -> Segment:
    """Keep conditions under a name; of `frozen` the people have to be kept next (`keep`), until all are there (`finish`).

    Raises:
        Conflict: another segment has this name.
    """
    _free(session, name, now)
    row = Segment(
        name=name,
        kind=SegmentKind.MOVING if frozen is None else SegmentKind.FROZEN,
        rule=rule.to_query(),
        frozen_on=frozen.day if frozen else None,
        size=len(frozen.refs) if frozen else 0,
        ready=frozen is None,
        created_by=actor.user_id,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    if frozen is None:
        _record_created(session, row, actor, now)
    return row


def keep(session: Session, *, row: Segment, refs: Sequence[str]) -> None:
    """Add people to a frozen segment that is being filled, each once."""
    members = [{"segment_id": row.id, "customer_ref": ref} for ref in refs]
    if members:
        session.execute(SegmentMember.__table__.insert(), members)  # type: ignore[attr-defined]  # SQLModel makes it


def finish(session: Session, *, row: Segment, actor: Actor, now: datetime) -> None:
    """Let everybody see a frozen segment: all its people are kept."""
    row.ready = True
    session.add(row)
    _record_created(session, row, actor, now)


def _record_created(session: Session, row: Segment, actor: Actor, now: datetime) -> None:
    detail = {"people": row.size}
    accounts.record(session, actor=actor, action="segment.created", object_id=row.public_id, detail=detail, now=now)


def rename(session: Session, *, row: Segment, name: str, actor: Actor, now: datetime) -> None:
    """Give a segment another name.

    Raises:
        Conflict: another segment has this name.
    """
    if name != row.name:
        _free(session, name, now)
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


def remove(session: Session, *, row: Segment, actor: Actor, now: datetime, anyway: bool = False) -> None:
    """Delete a segment; `anyway` also where other segments name it, which find nobody by it from then on.

    Raises:
        Conflict: others name it.
    """
    if not anyway and (named_by := queries.naming(session, row.public_id)):
        raise Conflict("segment_named", NAMED, names=", ".join(named_by.values()))
    drop(session, row=row)
    accounts.record(session, actor=actor, action="segment.deleted", object_id=row.public_id, now=now)


def drop(session: Session, *, row: Segment) -> None:
    """Delete the rows of a segment."""
    session.execute(delete(SegmentMember).where(col(SegmentMember.segment_id) == row.id))
    session.delete(row)


def log_export(
    session: Session, *, leaving: Leaving, rule: Rule, columns: Sequence[str], actor: Actor, now: datetime
) -> None:  # fmt: skip
    """Write down who takes out a file of whom: the conditions, the build they were asked of, and the people themselves.

    Their references stand there where they are few enough to note; the digest shows of any list of people whether it is they.
    """
    detail = {
        "people": leaving.people,
        "columns": list(columns),
        "rule": rule.to_query(),
        "version": leaving.version,
        "as_of": leaving.as_of.isoformat(),
        "digest": leaving.digest,
        "customers": list(leaving.refs),
    }
    accounts.record(session, actor=actor, action="people.exported", detail=detail, now=now)


def _free(session: Session, name: str, now: datetime) -> None:
    found = session.scalar(select(Segment).where(col(Segment.name) == name))
    if found is not None and not found.ready and found.created_at < now - LEFT_BEHIND:
        drop(session, row=found)
        session.flush()
    elif found is not None:
        raise Conflict(
            "segment_name", N_("Another segment is called “{name}” already. Choose another name."), name=name
        )
