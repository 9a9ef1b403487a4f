"""Reads of what people have decided about keys of one person."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session, col, func, select

from app.accounts.models import User
from app.core.errors import NotFound
from app.core.i18n import N_
from app.purchases.identity.merges import Edge, Key, ancestors, parts
from app.purchases.identity.models import MergeDecision, PeopleState, Verdict
from app.purchases.identity.schemas import Decided, Decisions
from app.purchases.schemas import Contact

STANDS = col(MergeDecision.undone_at).is_(None)
SHOWN = 100
MERGED = col(MergeDecision.verdict) == Verdict.MERGED


def merge_edges(session: Session) -> list[Edge]:
    """Return every merge that stands, oldest first, as it was decided: chains are not resolved."""
    rows = session.execute(
        select(
            col(MergeDecision.source),
            col(MergeDecision.customer_id),
            col(MergeDecision.to_source),
            col(MergeDecision.to_customer_id),
        )
        .where(MERGED, STANDS)
        .order_by(col(MergeDecision.id))
    )
    return [Edge(Key(source, number), Key(to_source, to_number)) for source, number, to_source, to_number in rows]


def merges_digest(session: Session) -> str:
    """Return a word that changes whenever another set of merges stands; empty for none."""
    edges = sorted(merge_edges(session))
    return hashlib.sha256(repr(edges).encode()).hexdigest() if edges else ""


def standing_for(session: Session, key: Key) -> list[Key]:
    """Return a key and all keys that people have said are the same customer and count as it."""
    return [key, *(edge.key for edge in parts(merge_edges(session), key))]


def leading_to(session: Session, *, customer_id: str, keys: Sequence[Key]) -> list[Key]:
    """Return these keys and those with this number, each followed by the keys that it counts as."""
    edges = merge_edges(session)
    numbered = [edge.key for edge in edges if edge.key.customer_id == customer_id]
    return list(dict.fromkeys(step for key in (*numbered, *keys) for step in (key, *ancestors(edges, key))))


def people_state(session: Session) -> PeopleState:
    """Return where the search for suggestions stands; an unsaved row before the first."""
    return session.get(PeopleState, 1) or PeopleState(id=1)


def get_decision(session: Session, public_id: str) -> MergeDecision:
    """Return one decision.

    Raises:
        NotFound: there is none by that id.
    """
    found = session.scalar(select(MergeDecision).where(col(MergeDecision.public_id) == public_id))
    if found is None:
        raise NotFound("no_merge", N_("This decision does not exist."))
    return found


def decisions(session: Session, *, limit: int = SHOWN) -> Decisions:
    """Return what stands, newest first: as many of each kind as asked for, and how many there are."""
    counts = {
        verdict: session.scalar(select(func.count()).where(STANDS, col(MergeDecision.verdict) == verdict)) or 0
        for verdict in Verdict
    }
    merged, declined = (_standing(session, verdict, limit) for verdict in (Verdict.MERGED, Verdict.DECLINED))
    return Decisions(merged, declined, counts[Verdict.MERGED], counts[Verdict.DECLINED])


def parts_of(session: Session, key: Key) -> tuple[Decided, ...]:
    """Return the merges that lead to a key, nearest first; empty for a key that stands for itself alone."""
    steps = parts(merge_edges(session), key)
    if not steps:
        return ()
    by_key = {row.key: row for row in _standing(session, Verdict.MERGED)}
    return tuple(by_key[edge.key] for edge in steps)


def _standing(session: Session, verdict: Verdict, limit: int | None = None) -> tuple[Decided, ...]:
    rows = session.execute(
        select(MergeDecision, col(User.display_name))
        .join(User, col(User.id) == col(MergeDecision.decided_by), isouter=True)
        .where(STANDS, col(MergeDecision.verdict) == verdict)
        .order_by(col(MergeDecision.id).desc())
        .limit(limit)
    )
    return tuple(_decided(row, who) for row, who in rows)


def brought_together(contacts: dict[Key, Contact], keys: list[Key]) -> Contact | None:
    """Return the contact data of one person under several keys, the first key's first, field by field."""
    known = [contacts[key] for key in keys if key in contacts]
    if not known:
        return None
    gaps = {name: next((text for one in known if (text := getattr(one, name))), "") for name in vars(known[0])}
    return replace(known[0], **gaps)


def _decided(row: MergeDecision, who: str | None) -> Decided:
    return Decided(
        public_id=row.public_id,
        key=Key(row.source, row.customer_id),
        to=Key(row.to_source, row.to_customer_id),
        reason=row.reason,
        decided_by=who or "",
        decided_at=row.decided_at,
    )
