"""Two keys become one customer, become two again, or are said to be different people. Never by itself."""

from datetime import datetime
from typing import Literal

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.accounts.operations import record
from app.accounts.schemas import Actor
from app.core.database import take_turns
from app.core.errors import AppError, Conflict
from app.core.i18n import N_
from app.purchases.identity.merges import Key, root
from app.purchases.identity.models import MergeDecision, MergeReason, MergeSuggestion, Strength, Verdict
from app.purchases.identity.pairs import SURE
from app.purchases.identity.queries import merge_edges, people_state
from app.purchases.identity.schemas import Person
from app.purchases.identity.suggestions import GONE, get_suggestion, people, sides, stays
from app.purchases.store import OrdersStore

Keep = Literal["", "one", "other"]
SAME = N_("These two numbers already count as one customer.")
BOTH_PICKED = N_("Both were picked for a study. Choose whose number stays; the other one's orders move there.")
CURRENCIES = N_("Orders in different currencies can't be brought together.")
UNKNOWN = N_("Neither of the two is in the purchase data now.")


def accept(
    session: Session, store: OrdersStore, *, actor: Actor, suggestion_id: str, now: datetime, keep: Keep = ""
) -> MergeDecision:
    """Bring the two sides of a suggestion together; enqueue `purchases.merges` after the commit.

    Raises:
        Conflict: it was decided meanwhile.
        AppError: both sides were picked for a study and `keep` does not say which stays; their currencies differ.
    """
    take_turns(session, "merges")
    row = get_suggestion(session, suggestion_id)
    edges = merge_edges(session)
    one, other = (root(edges, key) for key in sides(row))
    reason = MergeReason(row.reasons[0])
    session.delete(row)
    session.flush()
    return _merge(session, store, actor=actor, pair=(one, other), keep=keep, reason=reason, now=now)


def merge(
    session: Session, store: OrdersStore, *, actor: Actor, one: Key, other: Key, now: datetime, keep: Keep = ""
) -> MergeDecision:
    """Bring any two keys together by hand; enqueue `purchases.merges` after the commit.

    Raises:
        Conflict: they count as one customer already.
        AppError: neither is known, both were picked and `keep` does not say which stays, or their currencies differ.
    """
    take_turns(session, "merges")
    edges = merge_edges(session)
    pair = root(edges, one), root(edges, other)
    return _merge(session, store, actor=actor, pair=pair, keep=keep, reason=MergeReason.BY_HAND, now=now)


def decline(session: Session, *, actor: Actor, suggestion_id: str, now: datetime) -> MergeDecision:
    """Say that the two sides of a suggestion are different people: the pair is not suggested again."""
    take_turns(session, "merges")
    row = get_suggestion(session, suggestion_id)
    one, other = sides(row)
    made = _decide(
        session, actor=actor, key=one, to=other, verdict=Verdict.DECLINED, reason=MergeReason(row.reasons[0]), now=now
    )
    session.delete(row)
    record(session, actor=actor, action="people.declined", now=now, object_id=made.public_id)
    return made


def take_back(session: Session, *, actor: Actor, decision: MergeDecision, now: datetime) -> None:
    """Make two customers of one again, or let a declined pair be suggested again; enqueue `purchases.merges`.

    Raises:
        Conflict: it was taken back before.
    """
    take_turns(session, "merges")
    session.refresh(decision)
    if decision.undone_at is not None:
        raise Conflict("merge_undone", GONE)
    decision.undone_at, decision.undone_by = now, actor.user_id
    session.add(decision)
    if decision.verdict is Verdict.DECLINED:
        _suggest_again(session, decision)
    record(session, actor=actor, action=f"people.{decision.verdict}_undone", now=now, object_id=decision.public_id)


def _merge(
    session: Session, store: OrdersStore, *, actor: Actor, pair: tuple[Key, Key], keep: Keep, reason: MergeReason,
    now: datetime,
) -> MergeDecision:  # fmt: skip
    edges = merge_edges(session)
    if root(edges, pair[0]) == root(edges, pair[1]):
        raise Conflict("same_person", SAME)
    known = people(session, store, keys=pair)
    one, other = known[pair[0]], known[pair[1]]
    _refuse(one, other)
    stayed = keep or stays(one, other)
    if not stayed:
        raise AppError("both_picked", BOTH_PICKED)
    gone, to = (other.key, one.key) if stayed == "one" else (one.key, other.key)
    made = _decide(session, actor=actor, key=gone, to=to, verdict=Verdict.MERGED, reason=reason, now=now)
    _move_suggestions(session, gone=gone, to=to)
    refs = {"from": store.customer_ref(*gone), "to": store.customer_ref(*to)}
    record(session, actor=actor, action="people.merged", now=now, object_id=made.public_id, detail=refs)
    return made


def _refuse(one: Person, other: Person) -> None:
    if one.summary is None and other.summary is None:
        raise AppError("no_customer", UNKNOWN)
    if one.summary and other.summary and one.summary.currency != other.summary.currency:
        raise AppError("currencies", CURRENCIES)


def _decide(
    session: Session, *, actor: Actor, key: Key, to: Key, verdict: Verdict, reason: MergeReason, now: datetime
) -> MergeDecision:
    made = MergeDecision(
        source=key.source,
        customer_id=key.customer_id,
        to_source=to.source,
        to_customer_id=to.customer_id,
        verdict=verdict,
        reason=reason,
        decided_by=actor.user_id,
        decided_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _move_suggestions(session: Session, *, gone: Key, to: Key) -> None:
    """Let what was suggested for a key that is gone be suggested for the one it counts as; a pair stands once."""
    one = (col(MergeSuggestion.source) == gone.source) & (col(MergeSuggestion.customer_id) == gone.customer_id)
    other = (col(MergeSuggestion.other_source) == gone.source) & (
        col(MergeSuggestion.other_customer_id) == gone.customer_id
    )
    for row in session.scalars(select(MergeSuggestion).where(or_(one, other))).all():
        if Key(row.source, row.customer_id) == gone:
            row.source, row.customer_id = to
        else:
            row.other_source, row.other_customer_id = to
        if sides(row) == (to, to):
            session.delete(row)
    session.flush()
    _drop_repeats(session, to)


def _drop_repeats(session: Session, key: Key) -> None:
    one = (col(MergeSuggestion.source) == key.source) & (col(MergeSuggestion.customer_id) == key.customer_id)
    other = (col(MergeSuggestion.other_source) == key.source) & (
        col(MergeSuggestion.other_customer_id) == key.customer_id
    )
    rows = session.scalars(select(MergeSuggestion).where(or_(one, other)).order_by(col(MergeSuggestion.place))).all()
    seen: set[frozenset[Key]] = set()
    for row in rows:
        pair = frozenset(sides(row))
        if pair in seen:
            session.delete(row)
        seen.add(pair)
    session.flush()


def _suggest_again(session: Session, decision: MergeDecision) -> None:
    session.add(
        MergeSuggestion(
            version=people_state(session).version,
            place=0,
            source=decision.source,
            customer_id=decision.customer_id,
            other_source=decision.to_source,
            other_customer_id=decision.to_customer_id,
            strength=Strength.STRONG if decision.reason in SURE else Strength.WEAK,
            reasons=[decision.reason.value],
        )
    )
    session.flush()
