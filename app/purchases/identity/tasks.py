"""The long work: looking for keys of one person after the figures changed, and building the figures after a decision."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from app.core.database import read_session, write_session
from app.jobs.schemas import JobServices
from app.purchases import contacts, queries
from app.purchases.builds import version_in_use
from app.purchases.identity.merges import Key, root
from app.purchases.identity.models import MergeDecision, MergeSuggestion, PeopleState, Strength, Verdict
from app.purchases.identity.pairs import ORDER, Pair, Pairs
from app.purchases.identity.queries import merge_edges, merges_digest, people_state
from app.purchases.identity.suggestions import is_fresh
from app.purchases.schemas import CustomerSummary
from app.purchases.store import OrdersStore

KEPT = 5_000
AT_ONCE = 1_000
SURENESS = tuple(Strength)


def run_people(services: JobServices, public_id: str = "") -> None:
    """Look for keys that may be one person, unless that was done for today's figures."""
    del public_id
    store: OrdersStore = services.orders
    with store.lock():  # the files that are read here may not be swept away meanwhile
        with read_session(services.engine) as session:
            if is_fresh(session):
                return
            version = version_in_use(session)
            found = contacts.pairs(store, queries.manifest(session)) if version else None
            pairs = _worth_showing(session, store, found.pairs if found else ())
        _keep(services, version, pairs, found)


def run_merges(services: JobServices, public_id: str = "") -> None:
    """Build the figures for the merges that stand; many decisions in a row are built once."""
    from app.purchases.tasks import run_rebuild

    del public_id
    with read_session(services.engine) as session:
        wanted, built = merges_digest(session), people_state(session).merges_built
    if wanted != built:
        run_rebuild(services)
        with write_session(services.engine) as session:
            state = people_state(session)
            state.merges_built = wanted
            session.add(state)
    run_people(services)


def _worth_showing(session: Session, store: OrdersStore, pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs that nobody has decided, between the keys that stand for each side, in one currency."""
    edges = merge_edges(session)
    no = {frozenset(pair) for pair in _declined(session)}
    fresh: dict[frozenset[Key], Pair] = {}
    for pair in pairs:
        one, other = root(edges, pair.one), root(edges, pair.other)
        both = frozenset((one, other))
        if one != other and not {both, frozenset((pair.one, pair.other))} & no:
            fresh.setdefault(both, Pair(one, other, pair.reasons, pair.names_differ))
    keys = {key: store.customer_ref(*key) for pair in fresh.values() for key in (pair.one, pair.other)}
    figures = queries.customers_by_ref(session, store, customer_refs=list(keys.values()))
    known = {key: figures[ref] for key, ref in keys.items() if ref in figures}
    return sorted((pair for pair in fresh.values() if _fits(pair, known)), key=lambda pair: _rank(pair, known))


def _fits(pair: Pair, known: dict[Key, CustomerSummary]) -> bool:
    return len({known[key].currency for key in (pair.one, pair.other) if key in known}) == 1


def _rank(pair: Pair, known: dict[Key, CustomerSummary]) -> tuple[object, ...]:
    amount = sum(known[key].amount for key in (pair.one, pair.other) if key in known)
    return SURENESS.index(pair.strength), ORDER.index(pair.reasons[0]), -amount, pair.one, pair.other


def _declined(session: Session) -> list[tuple[Key, Key]]:
    rows = session.scalars(
        select(MergeDecision).where(
            col(MergeDecision.verdict) == Verdict.DECLINED, col(MergeDecision.undone_at).is_(None)
        )
    )
    return [(Key(row.source, row.customer_id), Key(row.to_source, row.to_customer_id)) for row in rows]


def _keep(services: JobServices, version: str, pairs: Sequence[Pair], found: Pairs | None) -> None:
    """Write what was found in short transactions; the last one makes it what pages show."""
    rows = [_row(services.orders.secret, version, place, pair) for place, pair in enumerate(pairs[:KEPT], start=1)]
    with write_session(services.engine) as session:
        session.execute(delete(MergeSuggestion).where(col(MergeSuggestion.version) == version))
    for start in range(0, len(rows), AT_ONCE):
        with write_session(services.engine) as session:
            session.execute(insert(MergeSuggestion), rows[start : start + AT_ONCE])
    with write_session(services.engine) as session:
        state = session.get(PeopleState, 1) or PeopleState(id=1)
        state.version, state.found = version, len(pairs)
        state.shared = found.shared_values if found else 0
        session.add(state)
        session.execute(delete(MergeSuggestion).where(col(MergeSuggestion.version) != version))


def pair_id(secret: bytes, pair: Pair) -> str:
    """Return the public id of a pair, whichever of its keys comes first: 60 bits nobody can guess without the home's key."""
    keys = sorted((key.source, key.customer_id) for key in (pair.one, pair.other))
    digest = hmac.digest(secret, "\0".join(part for key in keys for part in key).encode(), hashlib.sha256)
    return base64.b32encode(digest[:8]).decode("ascii").lower()[:12]


def _row(secret: bytes, version: str, place: int, pair: Pair) -> dict[str, object]:
    return {
        "public_id": pair_id(secret, pair),
        "version": version,
        "place": place,
        "source": pair.one.source,
        "customer_id": pair.one.customer_id,
        "other_source": pair.other.source,
        "other_customer_id": pair.other.customer_id,
        "strength": pair.strength,
        "reasons": [reason.value for reason in pair.reasons],
        "names_differ": pair.names_differ,
    }
