"""Reads of pairs that may be one person: figures and contact data of both sides, for researchers and admins."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session, col, select

from app.core.errors import Conflict
from app.core.i18n import N_
from app.purchases import contacts, queries
from app.purchases.identity.merges import Claim, Key, kept
from app.purchases.identity.models import MergeReason, MergeSuggestion
from app.purchases.identity.queries import brought_together, people_state, standing_for
from app.purchases.identity.schemas import Person, Suggestion, SuggestionPage
from app.purchases.models import Person as Picked
from app.purchases.models import PurchaseSettings
from app.purchases.schemas import Contact
from app.purchases.store import OrdersStore

GONE = N_("This pair was already decided. Reload the page to see what is left.")
PER_PAGE = 20


@dataclass(frozen=True)
class _Known:
    """What is known of the keys on a page."""

    people: dict[Key, Person]

    def suggestion(self, row: MergeSuggestion) -> Suggestion:
        one, other = (self.people[key] for key in sides(row))
        return Suggestion(
            public_id=row.public_id,
            one=one,
            other=other,
            reasons=tuple(MergeReason(reason) for reason in row.reasons),
            strength=row.strength,
            keep=stays(one, other),
        )


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
    session: Session, store: OrdersStore, *, after: int = 0, reason: MergeReason | None = None, limit: int = PER_PAGE
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
    known = _Known(people(session, store, keys=[key for row in shown for key in sides(row)]))
    return SuggestionPage(
        rows=tuple(known.suggestion(row) for row in shown),
        total=len(everything),
        found=state.found,
        shared=state.shared,
        by_reason={reason: by_reason[reason] for reason in MergeReason if by_reason[reason]},
        after=shown[-1].place if len(ids) > limit else None,
        fresh=is_fresh(session),
    )


def is_fresh(session: Session) -> bool:
    """Tell whether the suggestions were found for today's figures."""
    settings = session.get(PurchaseSettings, 1)
    return people_state(session).version == (settings.summary_version if settings else "")


def get_suggestion(session: Session, public_id: str) -> MergeSuggestion:
    """Return one suggestion.

    Raises:
        Conflict: somebody has decided it meanwhile, or the data has changed.
    """
    found = session.scalar(select(MergeSuggestion).where(col(MergeSuggestion.public_id) == public_id))
    if found is None:
        raise Conflict("suggestion_gone", GONE)
    return found


def people(session: Session, store: OrdersStore, *, keys: list[Key], contact: bool = True) -> dict[Key, Person]:
    """Return what is known of these keys."""
    refs = {key: store.customer_ref(*key) for key in dict.fromkeys(keys)}
    figures = queries.customers_by_ref(session, store, customer_refs=list(refs.values()))
    picked = set(session.scalars(select(col(Picked.public_id)).where(col(Picked.public_id).in_(refs.values()))))
    known = _contacts(session, store, list(refs)) if contact else {}
    return {key: Person(key, figures.get(ref), known.get(key), ref in picked) for key, ref in refs.items()}


def _contacts(session: Session, store: OrdersStore, keys: list[Key]) -> dict[Key, Contact | None]:
    groups = {key: standing_for(session, key) for key in keys}
    found = contacts.read(
        store, queries.manifest(session), keys=list(dict.fromkeys(key for group in groups.values() for key in group))
    )
    return {key: brought_together(found, group) for key, group in groups.items()}
