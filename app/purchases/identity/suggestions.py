"""Reads of pairs that may be one person: figures and contact data of both sides, for researchers and admins."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from sqlmodel import Session, col, select

from app.core.errors import Conflict
from app.core.i18n import N_
from app.purchases import contacts, queries
from app.purchases.builds import version_in_use
from app.purchases.identity.merges import Claim, Key, kept, parts
from app.purchases.identity.models import MergeReason, MergeSuggestion
from app.purchases.identity.people import PLAIN, masked
from app.purchases.identity.queries import brought_together, merge_edges, people_state
from app.purchases.identity.schemas import Compared, Person, Suggestion, SuggestionPage
from app.purchases.models import Person as Picked
from app.purchases.schemas import Contact
from app.purchases.store import OrdersStore

GONE = N_("This pair was already decided. Reload the page to see what is left.")
PER_PAGE = 20
NOTHING = Contact("", "", "", "")


def sides(row: MergeSuggestion) -> tuple[Key, Key]:
    """Return the two keys of a suggestion."""
    return Key(row.source, row.customer_id), Key(row.other_source, row.other_customer_id)


def stays(one: Person, other: Person) -> Literal["", "one", "other"]:
    """Return the side that stays by the rule; '' where both were picked for a study, so that a person has to choose."""
    if one.picked and other.picked:
        return ""
    first, second = (
        Claim(side.key, side.picked, side.summary.first_order_on if side.summary else None) for side in (one, other)
    )
    return "one" if kept(first, second) is first else "other"


def list_suggestions(
    session: Session, store: OrdersStore, *, after: int = -1, reason: MergeReason | None = None, limit: int = PER_PAGE
) -> SuggestionPage:
    """Return the suggestions behind a place, the surest first. Reads contact files: tens of milliseconds."""
    state = people_state(session)
    columns = select(col(MergeSuggestion.place), col(MergeSuggestion.id), col(MergeSuggestion.reasons))
    everything = session.execute(columns.where(col(MergeSuggestion.version) == state.version)).all()
    by_reason = Counter(MergeReason(reasons[0]) for _, _, reasons in everything)
    fitting = sorted((place, row_id) for place, row_id, reasons in everything if reason in {None, reasons[0]})
    ids = [row_id for place, row_id in fitting if place > after][: limit + 1]
    found = session.scalars(select(MergeSuggestion).where(col(MergeSuggestion.id).in_(ids[:limit])))
    shown = sorted(found, key=lambda row: row.place)
    keys = [key for row in shown for key in sides(row)]
    known, written = people(session, store, keys=keys), contacts_of(session, store, keys)
    return SuggestionPage(
        rows=tuple(_suggestion(row, known, written) for row in shown),
        total=len(everything),
        found=state.found,
        shared=state.shared,
        by_reason={reason: by_reason[reason] for reason in MergeReason if by_reason[reason]},
        after=shown[-1].place if len(ids) > limit else None,
        fresh=is_fresh(session),
    )


def is_fresh(session: Session) -> bool:
    """Tell whether the suggestions were found for today's figures."""
    return people_state(session).version == version_in_use(session)


def get_suggestion(session: Session, public_id: str) -> MergeSuggestion:
    """Return one suggestion.

    Raises:
        Conflict: somebody has decided it meanwhile, or the data has changed.
    """
    found = session.scalar(
        select(MergeSuggestion)
        .where(col(MergeSuggestion.public_id) == public_id)
        .order_by(col(MergeSuggestion.id).desc())
    )
    if found is None:
        raise Conflict("suggestion_gone", GONE)
    return found


def people(session: Session, store: OrdersStore, *, keys: Sequence[Key]) -> dict[Key, Person]:
    """Return what is known of these keys."""
    refs = {key: store.customer_ref(*key) for key in dict.fromkeys(keys)}
    figures = queries.customers_by_ref(session, store, customer_refs=list(refs.values()))
    picked = set(session.scalars(select(col(Picked.public_id)).where(col(Picked.public_id).in_(refs.values()))))
    return {key: Person(key, figures.get(ref), ref in picked) for key, ref in refs.items()}


def _suggestion(row: MergeSuggestion, known: dict[Key, Person], written: dict[Key, Contact]) -> Suggestion:
    one, other = (known[key] for key in sides(row))
    return Suggestion(
        public_id=row.public_id,
        one=one,
        other=other,
        fields=tuple(_compared(written.get(one.key, NOTHING), written.get(other.key, NOTHING))),
        reasons=tuple(MergeReason(reason) for reason in row.reasons),
        strength=row.strength,
        keep=stays(one, other),
    )


def _compared(one: Contact, other: Contact) -> Iterator[Compared]:
    for field, plainly in PLAIN.items():
        first, second = getattr(one, field), getattr(other, field)
        if first or second:
            same = plainly(first) == plainly(second) != ""
            yield Compared(field, masked(field, first), masked(field, second), same)


def contacts_of(session: Session, store: OrdersStore, keys: Sequence[Key]) -> dict[Key, Contact]:
    """Return the contact data of these keys, with that of the keys that count as them."""
    edges = merge_edges(session)
    groups = {key: [key, *(edge.key for edge in parts(edges, key))] for key in keys}
    asked = list(dict.fromkeys(key for group in groups.values() for key in group))
    found = contacts.read(store, queries.manifest(session), keys=asked)
    together = {key: brought_together(found, group) for key, group in groups.items()}
    return {key: contact for key, contact in together.items() if contact is not None}
