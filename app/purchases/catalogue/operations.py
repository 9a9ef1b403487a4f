"""What people set for products and note as events. They flush; entry points commit and enqueue `purchases.products`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.operations import record
from app.accounts.schemas import Actor
from app.core.errors import AppError, Conflict, NotFound
from app.core.i18n import N_
from app.purchases.catalogue.models import Product, ProductMerge, ShopEvent
from app.purchases.catalogue.names import Key, Proposal
from app.purchases.catalogue.schemas import EventInput, ProductEdit
from app.purchases.operations import purchase_settings

GONE = N_("This proposal does not stand any more: the products have changed. The page shows what is proposed now.")
NO_EVENT = N_("This event does not exist.")
WHOSE = N_("Choose the source the customer number belongs to.")
SET = ("family", "kind", "days_per_unit", "aliases")


def set_product(session: Session, *, edit: ProductEdit, actor: Actor, now: datetime) -> Product:
    """Keep a person's word on one product; empty values leave it to the product files again."""
    row = _product(session, edit.key, now)
    row.family, row.kind, row.days_per_unit = edit.family, edit.kind, edit.days_per_unit
    _touch(session, row, actor, now)
    record(session, actor=actor, action="product.set", now=now, object_id=str(row.id))
    mark_edited(session, now)
    return row


def mark_edited(session: Session, now: datetime) -> None:
    """Note that the figures are older than what is set for products."""
    purchase_settings(session).products_edited_at = now
    session.flush()


def accept(session: Session, *, proposal: Proposal, family: str, actor: Actor, now: datetime) -> ProductMerge:
    """Put the products of a proposal into one family, and other spellings as aliases to the product they spell."""
    name = family.strip()[:120] or proposal.family[:120]
    keys = [member.key for member in proposal.members]
    before = [_state(session, key) for key in keys]
    for member in proposal.members:
        row = _product(session, member.key, now)
        row.family = name
        row.aliases = list(
            dict.fromkeys([*row.aliases, *(key[2] for key, owner in proposal.aliases.items() if owner == member.key)])
        )
        _touch(session, row, actor, now)
    mark_edited(session, now)
    return _answer(session, proposal, family=name, before=before, accepted=True, actor=actor, now=now)


def decline(session: Session, *, proposal: Proposal, actor: Actor, now: datetime) -> ProductMerge:
    """Keep the products apart; the proposal is not shown again."""
    return _answer(session, proposal, family=proposal.family[:120], before=[], accepted=False, actor=actor, now=now)


def take_back(session: Session, *, merge_id: str, actor: Actor, now: datetime) -> None:
    """Take an answer back. What a person has set by hand since stays; the proposal is shown again.

    Raises:
        NotFound: there is no such answer.
    """
    merge = session.scalar(select(ProductMerge).where(col(ProductMerge.public_id) == merge_id))
    if merge is None:
        raise NotFound("no_merge", GONE)
    if merge.accepted:
        for state in merge.before:
            _restore(session, state, merge, actor, now)
        mark_edited(session, now)
    record(session, actor=actor, action="products.answer_taken_back", now=now, object_id=merge.public_id)
    session.delete(merge)
    session.flush()


def find_proposal(open_now: Iterable[Proposal], proposal_id: str) -> Proposal:
    """Return the proposal by its id.

    Raises:
        Conflict: meanwhile it does not stand any more.
    """
    found = next((one for one in open_now if one.id == proposal_id), None)
    if found is None:
        raise Conflict("proposal_gone", GONE)
    return found


def add_event(session: Session, *, data: EventInput, actor: Actor, now: datetime) -> ShopEvent:
    """Note an event.

    Raises:
        AppError: a customer number without its source.
    """
    event = ShopEvent(happened_on=data.happened_on, kind=data.kind, created_by=actor.user_id, updated_at=now)
    _say(event, data)
    session.add(event)
    session.flush()
    record(session, actor=actor, action="event.added", now=now, object_id=event.public_id)
    return event


def change_event(session: Session, *, event_id: str, data: EventInput, actor: Actor, now: datetime) -> ShopEvent:
    """Correct an event.

    Raises:
        AppError: a customer number without its source.
    """
    event = get_event(session, event_id)
    event.happened_on, event.kind, event.updated_at = data.happened_on, data.kind, now
    _say(event, data)
    session.add(event)
    record(session, actor=actor, action="event.changed", now=now, object_id=event.public_id)
    return event


def delete_event(session: Session, *, event_id: str, actor: Actor, now: datetime) -> None:
    """Take an event off every timeline; it can be brought back."""
    event = get_event(session, event_id)
    event.deleted_at = event.deleted_at or now
    session.add(event)
    record(session, actor=actor, action="event.deleted", now=now, object_id=event.public_id)


def restore_event(session: Session, *, event_id: str, actor: Actor, now: datetime) -> None:
    """Bring a deleted event back."""
    event = get_event(session, event_id)
    event.deleted_at = None
    session.add(event)
    record(session, actor=actor, action="event.restored", now=now, object_id=event.public_id)


def get_event(session: Session, event_id: str) -> ShopEvent:
    """Return an event, deleted or not.

    Raises:
        NotFound: there is none by that id.
    """
    found = session.scalar(select(ShopEvent).where(col(ShopEvent.public_id) == event_id))
    if found is None:
        raise NotFound("no_event", NO_EVENT)
    return found


def _say(event: ShopEvent, data: EventInput) -> None:
    if data.customer_id and not data.source:
        raise AppError("event_source", WHOSE)
    event.source = data.source if data.customer_id else ""
    event.customer_id, event.product, event.note = data.customer_id, data.product, data.note


def _product(session: Session, key: Key, now: datetime) -> Product:
    found = _find(session, key)
    if found is None:
        found = Product(source=key[0], product_code=key[1], product_name=key[2], updated_at=now)
        session.add(found)
        session.flush()
    return found


def _find(session: Session, key: Key) -> Product | None:
    return session.scalar(
        select(Product).where(
            col(Product.source) == key[0], col(Product.product_code) == key[1], col(Product.product_name) == key[2]
        )
    )


def _touch(session: Session, row: Product, actor: Actor, now: datetime) -> None:
    row.updated_at, row.updated_by = now, actor.user_id
    session.add(row)
    session.flush()


def _state(session: Session, key: Key) -> dict[str, object]:
    """Return what is set for a product now, in plain values; `row` tells whether a person had set anything at all."""
    row = _find(session, key)
    values: dict[str, Any] = {name: getattr(row, name) if row else None for name in SET}
    values["kind"] = values["kind"].value if values["kind"] else None
    return {"key": list(key), "row": row is not None, **values}


def _restore(session: Session, state: dict[str, Any], merge: ProductMerge, actor: Actor, now: datetime) -> None:
    source, code, name = state["key"]
    row = _find(session, (source, code, name))
    if row is None or row.family != merge.family:
        return  # somebody has set another family since: that is their word
    row.family = state["family"] or ""
    row.aliases = list(state["aliases"] or [])
    if not state["row"] and row.kind is None and row.days_per_unit is None:
        session.delete(row)
        session.flush()
        return
    _touch(session, row, actor, now)


def _answer(
    session: Session, proposal: Proposal, *, family: str, before: list[dict[str, object]], accepted: bool, actor: Actor,
    now: datetime,
) -> ProductMerge:  # fmt: skip
    merge = ProductMerge(
        proposal=proposal.id, family=family, accepted=accepted, members=[list(one.key) for one in proposal.members],
        before=before, decided_at=now, decided_by=actor.user_id,
    )  # fmt: skip
    session.add(merge)
    session.flush()
    action = "products.merged" if accepted else "products.kept_apart"
    record(
        session, actor=actor, action=action, now=now, object_id=merge.public_id, detail={"products": len(merge.members)}
    )
    return merge
