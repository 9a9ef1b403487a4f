"""Next-purchase intention of the people who were listened to, by the class they have in the figures now."""

from collections import Counter
from collections.abc import Mapping

from sqlmodel import Session, col, select

from app.interviews.consents import current_consents, granted_items
from app.interviews.models import ConsentItem, Interview, InterviewState, NextIntention
from app.purchases import queries as purchases
from app.purchases.classes import CustomerClass
from app.purchases.identity.merges import Key, ancestors
from app.purchases.identity.queries import merge_edges
from app.purchases.models import Person
from app.purchases.store import OrdersStore

SHARED = frozenset({ConsentItem.PARTICIPATION, ConsentItem.INTERNAL_SHARING})
"""What people have to have agreed to before anybody but the members of a study sees what they said."""


def intentions_by_class(
    session: Session, store: OrdersStore
) -> Mapping[CustomerClass, Mapping[NextIntention, int]]:  # fmt: skip
    """Return how many people of each class gave which intention in their newest finished interview.

    People whose orders are not in the data now are left out: they have no class.
    """
    said = _said(session)
    edges = merge_edges(session)
    refs = {store.customer_ref(*[key, *ancestors(edges, key)][-1]): intention for key, intention in said.items()}
    known = purchases.customers_by_ref(session, store, customer_refs=refs)
    found: dict[CustomerClass, Counter[NextIntention]] = {}
    for ref, summary in known.items():
        found.setdefault(summary.customer_class, Counter())[refs[ref]] += 1
    return found


def _said(session: Session) -> dict[Key, NextIntention]:
    """Return the newest intention of each person who still agrees that it is shared inside the shop."""
    finished = (
        select(Interview.id, Interview.next_intention, Person.source, Person.customer_id)
        .join(Person, col(Person.id) == col(Interview.person_id))
        .where(Interview.state == InterviewState.FINISHED, col(Interview.next_intention).is_not(None))
        .order_by(col(Interview.finished_at), col(Interview.id))
    )
    rows = session.exec(finished).all()
    consents = current_consents(session, [number for number, *_ in rows if number is not None])
    return {
        Key(source, customer_id): NextIntention(intention)
        for number, intention, source, customer_id in rows
        if number is not None and intention and granted_items(consents[number]) >= SHARED
    }
