"""`n1 candidates`: pick people for a study, list them, take them a step further."""

from datetime import datetime
from typing import Annotated, Any

import typer
from sqlmodel import Session

from app.accounts.schemas import COMMAND_LINE
from app.candidates import operations
from app.candidates.models import CandidateState
from app.candidates.picking.wishes import QuotaProgress
from app.candidates.planning import plan_pick
from app.candidates.queries import get_candidate, list_candidates
from app.candidates.schemas import CandidateCard, PickOutcome
from app.candidates.sentences import say as spoken
from app.candidates.states import STATE_LABELS
from app.cli.common import faults_told, parts, reading, say, say_json, words, writing
from app.core.i18n import N_
from app.purchases.classes import CLASS_LABELS
from app.purchases.other.attribute_words import name_label, value_label
from app.studies.models import Study
from app.studies.queries import get_study

candidates = typer.Typer(help="Whom to listen to, and why.", no_args_is_help=True)
StudyOption = Annotated[str, typer.Option("--study", help="id of the study")]
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
QUOTA_LINE = N_("{quota}: {filled} of {wanted}")
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="compute everything for this day")]


@candidates.command("pick")
def pick(study: StudyOption, as_of: Day = None, json: JsonFlag = False) -> None:  # noqa: FBT002 - a flag
    """Add the people whom the quotas still miss, and say who was left out."""
    now = parts().clock()
    with faults_told():
        with reading() as session:
            found = get_study(session, actor=COMMAND_LINE, study_id=study)
            plan = plan_pick(session, parts().orders, study=found, as_of=as_of.date() if as_of else None, now=now)
        with writing() as session:
            found = get_study(session, actor=COMMAND_LINE, study_id=study)
            outcome = operations.keep_pick(session, actor=COMMAND_LINE, study=found, plan=plan, now=now)
            cards = list_candidates(session, parts().orders, study=found)
    if json:
        say_json(_picked_json(found, outcome, cards))
        return
    _say_cards(cards)
    for lane in outcome.lanes:
        label = words()(CLASS_LABELS[lane.lane])
        say(f"{label}: +{lane.added} / {lane.wanted} ({lane.available})")
    for quota in outcome.quotas:
        say(words()(QUOTA_LINE, quota=_quota_name(quota), filled=quota.filled, wanted=quota.wanted))


def _picked_json(study: Study, outcome: PickOutcome, cards: list[CandidateCard]) -> dict[str, Any]:
    lanes = {
        lane.lane.value: {
            "wanted": lane.wanted,
            "available": lane.available,
            "picked": [_card_json(card) for card in cards if card.lane is lane.lane],
            "left_out": {barrier.value: people for barrier, people in lane.left_out.items()},
        }
        for lane in outcome.lanes
    }
    quotas = [
        {"attribute": one.attribute.name, "value": one.attribute.value, "wanted": one.wanted, "filled": one.filled}
        for one in outcome.quotas
    ]
    return {"study": study.public_id, "as_of": outcome.as_of.isoformat(), "lanes": lanes, "quotas": quotas}


def _quota_name(quota: QuotaProgress) -> str:
    name, value = quota.attribute.name, quota.attribute.value
    return f"{name_label(name, words())}={value_label(name, value, words())}"


def _card_json(card: CandidateCard) -> dict[str, Any]:
    t = words()
    return {
        "candidate_id": card.public_id,
        "code_name": card.code_name,
        "state": card.state.value,
        "reasons": [spoken(reason, t) for reason in card.reasons],
    }


def _say_cards(cards: list[CandidateCard]) -> None:
    t = words()
    for card in cards:
        text = "".join(spoken(reason, t) for reason in card.reasons)
        say(f"{t(CLASS_LABELS[card.lane])}\t{card.code_name}\t{t(STATE_LABELS[card.state])}\t{text}\t{card.public_id}")


@candidates.command("list")
def show(study: StudyOption, json: JsonFlag = False) -> None:  # noqa: FBT002 - a flag
    """List the candidates of a study."""
    with faults_told(), reading() as session:
        found = get_study(session, actor=COMMAND_LINE, study_id=study)
        cards = list_candidates(session, parts().orders, study=found)
    if json:
        rows = [{"lane": card.lane.value, **_card_json(card)} for card in cards]
        say_json({"study": study, "candidates": rows})
    else:
        _say_cards(cards)


@candidates.command("state")
def change_state(
    candidate_id: str,
    state: CandidateState,
    at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M"], help="with scheduled: when, in the shop's time zone")
    ] = None,
    json: JsonFlag = False,  # noqa: FBT002 - a flag
) -> None:
    """Take a candidate one step further."""
    when = at.replace(tzinfo=words().zone) if at else None
    with faults_told(), writing() as session:
        shown = _move(session, candidate_id, state, when)
    if json:
        say_json(shown)
    else:
        say(f"{shown['candidate_id']}\t{shown['state']}")


def _move(session: Session, candidate_id: str, state: CandidateState, when: datetime | None) -> dict[str, Any]:
    candidate = get_candidate(session, actor=COMMAND_LINE, candidate_id=candidate_id)
    operations.move(
        session, candidate=candidate, state=state, now=parts().clock(), actor=COMMAND_LINE, scheduled_for=when
    )  # fmt: skip
    return {"candidate_id": candidate.public_id, "state": candidate.state.value}
