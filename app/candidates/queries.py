"""Reads of candidates. Whoever may not see the study sees no candidate of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.schemas import Actor
from app.candidates.cards import snapshot as snapshots
from app.candidates.facts import FactCard, card_from_json
from app.candidates.models import Candidate, CandidateEvent, CandidateState, PickRun
from app.candidates.picking.picker import Barrier
from app.candidates.schemas import CandidateCard, HeldBack, Step
from app.candidates.sentences import Sentence, from_json
from app.candidates.states import MOVES, READY_FOR_INTERVIEW, RUNNING
from app.core.errors import NotFound
from app.core.i18n import N_
from app.purchases import queries as purchases
from app.purchases.classes import CustomerClass
from app.purchases.models import Person
from app.purchases.store import OrdersStore
from app.studies.models import Study
from app.studies.queries import visible_to

StateCounts = Counter[tuple[CustomerClass, CandidateState]]
REST = timedelta(days=90)
RESTING = {
    CandidateState.HELD: Barrier.INTERVIEWED,
    CandidateState.DECLINED: Barrier.DECLINED,
    CandidateState.NO_SHOW: Barrier.NO_SHOW,
}


def get_candidate(session: Session, *, actor: Actor, candidate_id: str) -> Candidate:
    """Return a candidate by public id.

    Raises:
        NotFound: there is none, or its study is not this person's.
    """
    query = (
        select(Candidate)
        .join(Study, col(Study.id) == col(Candidate.study_id))
        .where(col(Candidate.public_id) == candidate_id, visible_to(actor))
    )
    found = session.scalar(query)
    if found is None:
        code = "no_candidate"
        raise NotFound(code, N_("There is no such candidate, or you are not a member of the study."))
    return found


def reasons(candidate: Candidate) -> tuple[Sentence, ...]:
    """Return the sentences as they were shown when the candidate was picked."""
    return tuple(from_json(stored) for stored in candidate.reasons)


def fact_cards(candidate: Candidate) -> tuple[FactCard, ...]:
    """Return the fact cards as they were shown when the candidate was picked."""
    return tuple(card_from_json(stored) for stored in candidate.facts)


def of_study(session: Session, study: Study) -> list[tuple[Candidate, Person]]:
    """Return the candidates of a study with their persons, in the order they were picked."""
    query = (
        select(Candidate, Person)
        .join(Person, col(Person.id) == col(Candidate.person_id))
        .where(col(Candidate.study_id) == study.id)
        .order_by(col(Candidate.id))
    )
    return [(candidate, person) for candidate, person in session.execute(query)]


def histories(session: Session, study: Study) -> Mapping[int, tuple[Step, ...]]:
    """Return every candidate's steps, oldest first."""
    query = (
        select(CandidateEvent)
        .join(Candidate, col(Candidate.id) == col(CandidateEvent.candidate_id))
        .where(col(Candidate.study_id) == study.id)
        .order_by(col(CandidateEvent.at), col(CandidateEvent.id))
    )
    steps: defaultdict[int, list[Step]] = defaultdict(list)
    for event in session.scalars(query):
        steps[event.candidate_id].append(Step(state=event.state, at=event.at))
    return {candidate_id: tuple(entries) for candidate_id, entries in steps.items()}


def list_candidates(session: Session, store: OrdersStore, *, study: Study) -> list[CandidateCard]:
    """Return the candidates of a study as cards, in the order they were picked."""
    rows = of_study(session, study)
    steps = histories(session, study)
    names = {candidate.id: person.code_name or "" for candidate, person in rows}
    present = purchases.present(session, store, customer_refs=[person.public_id for _, person in rows])
    return [
        CandidateCard(
            public_id=candidate.public_id,
            person_id=person.public_id,
            code_name=names[candidate.id],
            lane=candidate.lane,
            state=candidate.state,
            origin=candidate.origin,
            reasons=reasons(candidate),
            facts=fact_cards(candidate),
            snapshot=snapshots.read(candidate.snapshot),
            as_of=candidate.as_of,
            twin=names.get(candidate.twin_id, ""),
            scheduled_for=candidate.scheduled_for,
            history=steps[candidate.id or 0],
            moves=MOVES[candidate.state],
            ready=candidate.state in READY_FOR_INTERVIEW,
            present=person.public_id in present,
        )
        for candidate, person in rows
    ]


def last_run(session: Session, study: Study) -> PickRun | None:
    """Return the latest run of the picker for a study."""
    query = select(PickRun).where(col(PickRun.study_id) == study.id).order_by(col(PickRun.id).desc()).limit(1)
    return session.scalar(query)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands in one study."""

    customer_ref: str
    code_name: str
    study_id: int
    lane: CustomerClass
    state: CandidateState
    since: datetime


def standings(session: Session, *, study: Study, now: datetime) -> list[Standing]:
    """Return who must not be picked for this study now, from all studies, with the step that says so."""
    query = (
        select(
            col(Candidate.id), col(Person.public_id), col(Person.code_name), col(Candidate.study_id),
            col(Candidate.lane), col(Candidate.state), func.max(col(CandidateEvent.at)),
        )
        .join(Person, col(Person.id) == col(Candidate.person_id))
        .join(CandidateEvent, col(CandidateEvent.candidate_id) == col(Candidate.id))
        .where(col(CandidateEvent.state) == col(Candidate.state))
        .group_by(
            col(Candidate.id), col(Person.public_id), col(Person.code_name), col(Candidate.study_id),
            col(Candidate.lane), col(Candidate.state),
        )
        .order_by(col(Candidate.id))
    )  # fmt: skip
    found = [Standing(ref, name or "", *rest) for _, ref, name, *rest in session.execute(query)]
    return [one for one in found if barrier_of(one, study=study, now=now) is not None]


def barrier_of(standing: Standing, *, study: Study, now: datetime) -> Barrier | None:
    """Return why this standing keeps somebody out of the study, or None."""
    if standing.study_id == study.id:
        return Barrier.IN_STUDY
    if standing.state in RUNNING:
        return Barrier.OTHER_STUDY
    return RESTING[standing.state] if now - standing.since < REST else None


def barred(session: Session, *, study: Study, now: datetime) -> dict[str, Barrier]:
    """Return customer reference → why this person is left out of the study's picks."""
    found: dict[str, Barrier] = {}
    for standing in standings(session, study=study, now=now):
        why = barrier_of(standing, study=study, now=now)
        if why is not None and found.get(standing.customer_ref) is not Barrier.IN_STUDY:
            found[standing.customer_ref] = why
    return found


def held_back(session: Session, *, study: Study, now: datetime) -> tuple[HeldBack, ...]:
    """Return the people with a code name whom this study should not invite, with until when."""
    rows = []
    for standing in standings(session, study=study, now=now):
        why = barrier_of(standing, study=study, now=now)
        if why is None or why is Barrier.IN_STUDY:
            continue
        until = _until(standing) if why in RESTING.values() else None
        rows.append(HeldBack(standing.code_name, standing.lane, why, standing.since, until))
    return tuple(sorted(rows, key=lambda row: (row.until or date.max, row.code_name)))


def _until(standing: Standing) -> date:
    return (standing.since + REST).date()


def filled_by_lane(
    rows: Sequence[tuple[Candidate, Person]], states: Iterable[CandidateState]
) -> dict[CustomerClass, int]:
    """Return how many candidates of each lane are in one of the states."""
    wanted = frozenset(states)
    counts: defaultdict[CustomerClass, int] = defaultdict(int)
    for candidate, _ in rows:
        counts[candidate.lane] += candidate.state in wanted
    return counts


def counts_by_study(session: Session, study_ids: Sequence[str]) -> Mapping[str, StateCounts]:
    """Return candidates per lane and state for each study of the list."""
    query = (
        select(col(Study.public_id), col(Candidate.lane), col(Candidate.state), func.count())
        .join(Candidate, col(Candidate.study_id) == col(Study.id))
        .where(col(Study.public_id).in_(study_ids))
        .group_by(col(Study.public_id), col(Candidate.lane), col(Candidate.state))
    )
    counts: defaultdict[str, StateCounts] = defaultdict(Counter)
    for study_id, lane, state, people in session.execute(query):
        counts[study_id][lane, state] = people
    return counts
