"""Attributes on boards: what is known of the people heard, cut to what this reader may see. Read at every use."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from app.boards.many.attribute_table import attribute_table
from app.boards.many.coarse import Counts, coarsened, levels, region_counts
from app.boards.many.study_table import HeardPerson
from app.boards.people import Member
from app.boards.schemas import View
from app.boards.study_schemas import AttributeTable
from app.candidates.cards import snapshot as snapshots
from app.purchases.other.attributes import name_order
from app.purchases.other.queries import customer_attributes, value_counts
from app.purchases.store import OrdersStore

NOT_COMPARED = frozenset({"birth_year", "birth_month", "mail_refused"})
Own = Mapping[str, Mapping[str, str]]


def attributes_of_people(session: Session, store: OrdersStore, members: Sequence[Member]) -> dict[str, dict[str, str]]:
    """Return person → attribute → value as today's data has it; as shown when picked where the orders are gone."""
    found = {}
    for member in members:
        known = customer_attributes(session, store, customer_ref=member.person.public_id, derived=True)
        kept = {one.name: one.value for one in known} or snapshots.attributes_in(member.candidate.snapshot)
        found[member.speaker.person_id] = dict(kept)
    return found


def compared(own: Own) -> tuple[str, ...]:
    """Return the attributes people can be compared by, the usual ones first."""
    names = {name for known in own.values() for name in known} - NOT_COMPARED
    return tuple(sorted(names, key=name_order))


def table_by(
    session: Session, store: OrdersStore, people: Sequence[HeardPerson], own: Own, *, name: str, view: View
) -> AttributeTable | None:  # fmt: skip
    """Return stage × value of an attribute; for planners only values that at least five customers share."""
    if name not in compared(own):
        return None
    heard = {person.person_id: own.get(person.person_id, {}) for person in people}
    if view is View.RESEARCHER:
        return attribute_table(people, name, coarsened(name, heard, {}, fewest=0))
    return attribute_table(people, name, coarsened(name, heard, _counts(session, store, name)))


def _counts(session: Session, store: OrdersStore, name: str) -> Counts:
    counts = {level: value_counts(session, store, name=level) for level in levels(name)}
    return counts | ({"region": region_counts(counts["prefecture"])} if name == "prefecture" else {})
