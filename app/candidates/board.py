"""Puts the candidates page together: lanes, twins, who was left out, coverage."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app.accounts.schemas import Actor
from app.candidates import queries
from app.candidates.models import CandidateState, PickRun
from app.candidates.picking.cells import LANES, Entry
from app.candidates.picking.coverage import Asked, CoverageRow, ShopRow, coverage
from app.candidates.picking.picker import Barrier
from app.candidates.picking.wishes import progress
from app.candidates.planning import quota
from app.candidates.schemas import (
    CandidateBoard,
    CandidateCard,
    Lane,
    LaneProgress,
    StudyOverview,
    StudyProgress,
    TwinPair,
)
from app.candidates.states import AGREED_OR_LATER, FILLS_QUOTA
from app.purchases import queries as purchases
from app.purchases.classes import CustomerClass
from app.purchases.store import OrdersStore
from app.studies.models import Study
from app.studies.queries import attribute_quotas, get_study, list_studies
from app.studies.schemas import Quotas, StudyDetail


def candidate_board(
    session: Session, store: OrdersStore, *, actor: Actor, study_id: str, now: datetime
) -> CandidateBoard:  # fmt: skip
    """Return the whole page of a study.

    Raises:
        NotFound: there is no such study, or this person is no member of it.
    """
    study = get_study(session, actor=actor, study_id=study_id)
    cards = queries.list_candidates(session, store, study=study)
    run = queries.last_run(session, study)
    lanes = tuple(_lane(lane, study, cards, run) for lane in LANES)
    return CandidateBoard(
        study_id=study.public_id,
        title=study.title,
        product=study.product,
        as_of=run.as_of if run else purchases.as_of(session, store),
        picked_at=run.at if run else None,
        wanted=sum(lane.wanted for lane in lanes),
        agreed=sum(lane.agreed for lane in lanes),
        missing=sum(max(lane.wanted - lane.filled, 0) for lane in lanes),
        lanes=lanes,
        others=tuple(card for card in cards if card.lane not in LANES),
        twins=_twins(cards),
        left_out=_left_out(run),
        held_back=queries.held_back(session, study=study, now=now),
        coverage=_coverage(run, cards),
        quotas=progress(
            attribute_quotas(study), [card.snapshot.attributes for card in cards if card.state in FILLS_QUOTA]
        ),
    )


def _lane(lane: CustomerClass, study: Study, cards: Sequence[CandidateCard], run: PickRun | None) -> Lane:
    mine = tuple(card for card in cards if card.lane is lane)
    outcome = run.outcome["lanes"][lane.value] if run else None
    return Lane(
        customer_class=lane,
        wanted=quota(study, lane),
        agreed=sum(card.state in AGREED_OR_LATER for card in mine),
        filled=sum(card.state in FILLS_QUOTA for card in mine),
        available=outcome["available"] if outcome else None,
        reachable=outcome["available"] - sum(outcome["left_out"].values()) if outcome else None,
        cards=mine,
    )


def _twins(cards: Sequence[CandidateCard]) -> tuple[TwinPair, ...]:
    by_name = {card.code_name: card for card in cards}
    pairs = []
    for card in cards:
        other = by_name.get(card.twin)
        if card.lane is CustomerClass.LOYAL and other is not None:
            pairs.append(TwinPair(loyal=card, other=other, parted_after=other.snapshot.orders))
    return tuple(pairs)


def _left_out(run: PickRun | None) -> tuple[tuple[Barrier, int], ...]:
    if run is None:
        return ()
    counts = dict.fromkeys(Barrier, 0)
    for lane in run.outcome["lanes"].values():
        for name, people in lane["left_out"].items():
            counts[Barrier(name)] += people
    return tuple((barrier, people) for barrier, people in counts.items() if people)


def _coverage(run: PickRun | None, cards: Sequence[CandidateCard]) -> tuple[CoverageRow, ...]:
    if run is None:
        return ()
    rows = tuple(
        ShopRow(Entry(row["first_product"], row["sales_channel"]), row["entries"], tuple(row["people"]))
        for row in run.outcome["shop"]
    )
    asked = [
        Asked(
            entry=Entry(card.snapshot.first_product, card.snapshot.sales_channel),
            lane=card.lane,
            heard=card.state is CandidateState.HELD,
        )
        for card in cards
        if card.lane in LANES and card.state in FILLS_QUOTA
    ]
    return coverage(rows, asked)


def study_overview(session: Session, store: OrdersStore, *, actor: Actor) -> StudyOverview:
    """Return the studies this person may see, with how far each has come."""
    rows = list_studies(session, actor=actor)
    counts = queries.counts_by_study(session, [row.public_id for row in rows])
    return StudyOverview(
        studies=tuple(StudyProgress(row, lane_progress(row.quotas, counts[row.public_id])) for row in rows),
        has_purchases=purchases.as_of(session, store) is not None,
    )


def lane_progress(quotas: Quotas, counts: queries.StateCounts) -> tuple[LaneProgress, ...]:
    """Return wanted, agreed and held people per lane."""
    wanted = {
        CustomerClass.LOYAL: quotas.loyal,
        CustomerClass.LAPSED: quotas.lapsed,
        CustomerClass.CHURNED: quotas.churned,
    }
    return tuple(
        LaneProgress(
            customer_class=lane,
            wanted=wanted[lane],
            agreed=sum(counts[lane, state] for state in AGREED_OR_LATER),
            held=counts[lane, CandidateState.HELD],
        )
        for lane in LANES
    )


def study_progress(session: Session, *, detail: StudyDetail) -> tuple[LaneProgress, ...]:
    """Return how far one study has come."""
    return lane_progress(detail.quotas, queries.counts_by_study(session, [detail.public_id])[detail.public_id])
