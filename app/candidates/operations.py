"""Picking people, choosing them by hand, and their steps. They flush; entry points commit."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.operations import record
from app.accounts.schemas import Actor
from app.candidates.cards import snapshot as snapshots
from app.candidates.cards.attribute_reasons import attribute_reasons
from app.candidates.cards.reasons import Rarity, reasons
from app.candidates.facts import card_to_json, fact_cards
from app.candidates.models import Candidate, CandidateEvent, CandidateState, Origin, PickRun
from app.candidates.picking.code_names import next_code_name
from app.candidates.picking.coverage import ShopRow
from app.candidates.picking.twins import Half, make_key, pair_up
from app.candidates.picking.wishes import progress
from app.candidates.planning import attributes_of, missing_by_lane, plan_pick, quota, taken_attributes
from app.candidates.queries import of_study
from app.candidates.schemas import Bought, LaneOutcome, PickOutcome, PickPlan
from app.candidates.sentences import to_json
from app.candidates.states import may_move
from app.core.database import take_turns
from app.core.errors import Conflict
from app.core.i18n import N_
from app.purchases import queries as purchases
from app.purchases.models import Person
from app.purchases.operations import person_for
from app.purchases.other.attribute_words import Attribute
from app.purchases.returning.explanation import Explanation
from app.purchases.returning.queries import explanation_of
from app.purchases.schemas import CustomerSummary, Timeline
from app.purchases.store import OrdersStore
from app.studies.models import Study
from app.studies.queries import attribute_quotas

TURN = "candidates"  # code names and quotas are read, then written: one at a time


def pick(
    session: Session, store: OrdersStore, *, actor: Actor, study: Study, as_of: date | None, now: datetime
) -> PickOutcome:  # fmt: skip
    """Plan and keep in one go, for the command line and the demo. Pages plan outside the write transaction.

    Raises:
        AppError: there are no purchases.
    """
    plan = plan_pick(session, store, study=study, as_of=as_of, now=now)
    return keep_pick(session, actor=actor, study=study, plan=plan, now=now)


def keep_pick(session: Session, *, actor: Actor, study: Study, plan: PickPlan, now: datetime) -> PickOutcome:
    """Write the people of a plan as candidates, as far as the quotas still miss them, and pair twins."""
    take_turns(session, TURN)
    rows = of_study(session, study)
    missing = missing_by_lane(study, rows)
    here = {person.public_id for _, person in rows}
    outcomes = []
    for lane in plan.lanes:
        chosen = [one for one in lane.chosen if one.summary.customer_ref not in here][: missing[lane.lane]]
        for one in chosen:
            _add(
                session, actor=actor, study=study, summary=one.summary, as_of=plan.as_of, now=now,
                timeline=plan.timelines[one.summary.customer_ref], origin=Origin.PICKED,
                rarity=Rarity(people=one.cell_people, taken=one.cell_taken), fills=one.fills,
                attributes=plan.attributes.get(one.summary.customer_ref, {}),
                chance=plan.chances.get(one.summary.customer_ref),
            )  # fmt: skip
        outcomes.append(LaneOutcome(lane.lane, quota(study, lane.lane), lane.available, len(chosen), lane.left_out))
    pair_twins(session, study)
    quotas = progress(attribute_quotas(study), taken_attributes(of_study(session, study)))
    outcome = PickOutcome(as_of=plan.as_of, lanes=tuple(outcomes), quotas=quotas)
    session.add(PickRun(study_id=study.id or 0, as_of=plan.as_of, at=now, outcome=_outcome_json(outcome, plan.shop)))
    record(
        session, actor=actor, action="candidates.pick", object_id=study.public_id, now=now,
        detail={"added": outcome.added},
    )  # fmt: skip
    session.flush()
    return outcome


def _outcome_json(outcome: PickOutcome, shop: Sequence[ShopRow]) -> dict[str, Any]:
    return {
        "lanes": {
            lane.lane.value: {
                "wanted": lane.wanted,
                "available": lane.available,
                "added": lane.added,
                "left_out": {barrier.value: people for barrier, people in lane.left_out.items()},
            }
            for lane in outcome.lanes
        },
        "quotas": [
            {"name": one.attribute.name, "value": one.attribute.value, "wanted": one.wanted, "filled": one.filled}
            for one in outcome.quotas
        ],
        "shop": [
            {
                "first_product": row.entry.first_product,
                "sales_channel": row.entry.sales_channel,
                "entries": row.entries,
                "people": list(row.people),
            }
            for row in shop
        ],
    }


def nominate(
    session: Session, store: OrdersStore, *, actor: Actor, study: Study, customer_ref: str, now: datetime
) -> Candidate:  # fmt: skip
    """Read and keep in one go, for the command line and the demo. Pages read outside the write transaction.

    Raises:
        NotFound: no such customer.
        Conflict: this person is a candidate of the study already.
    """
    bought = read_bought(session, store, customer_ref=customer_ref)
    return keep_nominated(session, actor=actor, study=study, bought=bought, now=now)


def read_bought(session: Session, store: OrdersStore, *, customer_ref: str) -> Bought:
    """Return what a customer bought, for a choice by hand.

    Raises:
        NotFound: no such customer.
    """
    summary = purchases.customer(session, store, customer_ref=customer_ref)
    timeline = purchases.timeline(session, store, source=summary.source, customer_id=summary.customer_id)
    chance = explanation_of(session, store, summary=summary)
    return Bought(summary, timeline, attributes_of(session, store, customer_ref), chance)


def keep_nominated(session: Session, *, actor: Actor, study: Study, bought: Bought, now: datetime) -> Candidate:
    """Write a customer down as a candidate by hand; quotas do not hold here, rest periods are the chooser's own call.

    Raises:
        Conflict: this person is a candidate of the study already.
    """
    summary, timeline = bought.summary, bought.timeline
    take_turns(session, TURN)
    candidate = _add(
        session, actor=actor, study=study, summary=summary, timeline=timeline, origin=Origin.NOMINATED,
        as_of=timeline.as_of or summary.last_order_on, now=now, rarity=None, attributes=bought.attributes,
        chance=bought.chance,
    )  # fmt: skip
    pair_twins(session, study)
    return candidate


def _add(
    session: Session, *, actor: Actor, study: Study, summary: CustomerSummary, timeline: Timeline, origin: Origin,
    as_of: date, now: datetime, rarity: Rarity | None, attributes: Mapping[str, str],
    fills: Sequence[Attribute] = (), chance: Explanation | None = None,
) -> Candidate:  # fmt: skip
    person = _named_person(session, summary, now)
    known = select(col(Candidate.id)).where(col(Candidate.study_id) == study.id, col(Candidate.person_id) == person.id)
    if session.scalar(known) is not None:
        raise Conflict(
            "already_candidate",
            N_("{code_name} is a candidate of this study already."),
            code_name=person.code_name or "",
        )
    candidate = Candidate(
        study_id=study.id or 0, person_id=person.id or 0, lane=summary.customer_class,
        state=CandidateState.PROPOSED, origin=origin, as_of=as_of, picked_at=now,
        reasons=[
            to_json(one)
            for one in (
                *reasons(summary, rarity, by_hand=origin is Origin.NOMINATED, chance=chance),
                *attribute_reasons(fills, attributes),
            )
        ],
        facts=[card_to_json(card) for card in fact_cards(timeline, attributes)],
        snapshot=snapshots.take(summary, timeline, attributes),
    )  # fmt: skip
    session.add(candidate)
    session.flush()
    _log(session, candidate, actor, now)
    return candidate


def _named_person(session: Session, summary: CustomerSummary, now: datetime) -> Person:
    person = person_for(session, summary, now)
    if person.code_name is None:
        taken = session.scalars(select(col(Person.code_name)).where(col(Person.code_name).is_not(None))).all()
        person.code_name = next_code_name([name for name in taken if name])
        session.add(person)
        session.flush()
    return person


def _log(session: Session, candidate: Candidate, actor: Actor | None, now: datetime) -> None:
    session.add(
        CandidateEvent(
            candidate_id=candidate.id or 0, state=candidate.state, at=now, actor_id=actor.user_id if actor else None
        )
    )
    session.flush()


def pair_twins(session: Session, study: Study) -> None:
    """Mark the candidates without a twin who began alike, one loyal beside one lapsed or churned."""
    alone = {candidate.id or 0: candidate for candidate, _ in of_study(session, study) if candidate.twin_id is None}
    for loyal_id, other_id in pair_up([_half(candidate) for candidate in alone.values()]):
        alone[loyal_id].twin_id, alone[other_id].twin_id = other_id, loyal_id
        session.add_all((alone[loyal_id], alone[other_id]))
    session.flush()


def _half(candidate: Candidate) -> Half:
    kept = snapshots.read(candidate.snapshot)
    key = make_key(kept.source, kept.first_product, kept.first_order_on, kept.sales_channel)
    return Half(id=candidate.id or 0, lane=candidate.lane, key=key, orders=kept.orders)


def hold(session: Session, *, candidate: Candidate, now: datetime, actor: Actor | None = None) -> Candidate:
    """Note that the talk took place, whatever step somebody set by hand meanwhile; a second time changes nothing."""
    if candidate.state is not CandidateState.HELD:
        candidate.state = CandidateState.HELD
        session.add(candidate)
        _log(session, candidate, actor, now)
    return candidate


def move(
    session: Session, *, candidate: Candidate, state: CandidateState, now: datetime, actor: Actor | None = None,
    scheduled_for: datetime | None = None,
) -> Candidate:  # fmt: skip
    """Take a candidate one step further and note when.

    Raises:
        Conflict: this step does not follow the present one.
    """
    if not may_move(candidate.state, state):
        raise Conflict(
            "no_such_move",
            N_("This step does not follow the present state. Reload the page and look at where this person stands."),
        )  # fmt: skip
    candidate.state = state
    if state is CandidateState.SCHEDULED:
        candidate.scheduled_for = scheduled_for
    session.add(candidate)
    _log(session, candidate, actor, now)
    return candidate
