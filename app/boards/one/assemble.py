"""Puts the board of one customer together from values already read."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.boards.one.journey import mixed, of_stage
from app.boards.one.turning_point import TurnOrder, turning_point
from app.boards.people import Member, Voices
from app.boards.relative import ago, amount, as_of_day, board_events, board_orders, turning_for
from app.boards.schemas import InterviewRecord, PersonBoard, StageColumn, View
from app.language.codebook import Stage
from app.purchases.classes import PurchaseType
from app.purchases.schemas import Timeline
from app.purchases.timelines import order_kind
from app.studies.models import Study


@dataclass(frozen=True, slots=True)
class BoardSource:
    """Who the board is about, and for whom it is drawn."""

    study: Study
    member: Member
    timeline: Timeline
    view: View


def assemble(
    source: BoardSource,
    *,
    heard: Voices,
    journey: tuple[StageColumn, ...],
    interview: InterviewRecord | None,
) -> PersonBoard:
    """Return the board; the turning point is pinned on exact figures, then rounded for planners."""
    study, candidate, timeline, view = source.study, source.member.candidate, source.timeline, source.view
    orders = board_orders(timeline, view)
    days = [order.ordered_on for order in timeline.orders]
    as_of = timeline.as_of or candidate.as_of
    events = board_events(timeline.events, first=days[0] if days else None, view=view)
    since = ago((as_of - days[-1]).days, view) if days else None
    triggers = of_stage(heard.quotes, Stage.LOYALTY_TRIGGER)
    return PersonBoard(
        view=view,
        study_id=study.public_id,
        study_title=study.title,
        product=study.product,
        as_of=as_of,
        person_id=source.member.person.public_id,
        code_name=source.member.speaker.code_name,
        customer_class=candidate.lane,
        purchase_type=stored_type(candidate.snapshot),
        in_store=bool(days),
        orders=orders,
        events=events,
        total=amount(sum((order.amount for order in timeline.orders), Decimal(0)), timeline.currency, view),
        span_days=(days[-1] - days[0]).days if days else 0,
        subscription_orders=sum(order.kind == "subscription" for order in orders),
        last_order=since,
        mean_gap_days=round((days[-1] - days[0]).days / (len(days) - 1)) if len(days) > 1 else None,
        as_of_day=as_of_day(timeline, since, events),
        journey=journey,
        first_reasons=of_stage(heard.quotes, Stage.PURCHASE_REASON),
        triggers=triggers,
        mixed=mixed(heard.quotes),
        turning=turning_for(turning_point(triggers, turn_orders(timeline)), view),
        interview=interview,
        quotes=heard.quotes,
        left_out=heard.left_out,
    )


def turn_orders(timeline: Timeline) -> tuple[TurnOrder, ...]:
    """Return exact figures of each order; pieces count as items, so that two of one product are two."""
    if not timeline.orders:
        return ()
    first = timeline.orders[0].ordered_on
    return tuple(
        TurnOrder(
            number=order.number,
            day=(order.ordered_on - first).days,
            amount=order.amount,
            items=sum(max(line.quantity, 0) for line in order.lines),
            kind=order_kind(order),
        )
        for order in timeline.orders
    )


def stored_type(snapshot: dict[str, Any]) -> PurchaseType | None:
    """Return the purchase type as it was when the person was picked."""
    stored = snapshot.get("purchase_type")
    return PurchaseType(stored) if stored in set(PurchaseType) else None
