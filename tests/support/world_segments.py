"""The segments that the small company has saved."""

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlmodel import Session

from app.accounts.schemas import Actor
from app.purchases.segments import operations, queries
from app.purchases.segments.rule import Rule
from app.purchases.store import OrdersStore
from tests.support.moment import NOW

if TYPE_CHECKING:
    from tests.support.world import World

GONE = "aaaaaaaaaaaaaaaa"


def add_segments(session: Session, store: OrdersStore, world: "World", actor: Actor) -> None:
    """Save one that moves, and one with the people of today, of whom one is not in the data any more."""
    rule = Rule.of(customer_class=["lapsed", "churned"], orders="2-", attribute="sex=female")
    moving = operations.create(session, name="戻ってきてほしい人", rule=rule, actor=actor, now=NOW)
    found = queries.frozen_people(session, store, rule=Rule.of(customer_class="loyal"))
    frozen = operations.create(
        session, name="春のロイヤル", rule=Rule.of(customer_class="loyal"), actor=actor, now=NOW,
        frozen=replace(found, refs=(*found.refs, GONE)),
    )  # fmt: skip
    operations.keep(session, row=frozen, refs=(*found.refs, GONE))
    operations.finish(session, row=frozen, actor=actor, now=NOW)
    world.ids |= {"segment": moving.public_id, "segment_frozen": frozen.public_id}
