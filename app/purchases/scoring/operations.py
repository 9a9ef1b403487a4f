"""What people set for classes and ranks, and the surveys they type in. They flush; entry points commit and enqueue."""

from datetime import datetime

from sqlmodel import Session, col, select

from app.accounts.operations import record
from app.accounts.schemas import Actor
from app.core.database import take_turns
from app.core.errors import NotFound
from app.core.i18n import N_
from app.purchases.operations import purchase_settings
from app.purchases.scoring import thresholds
from app.purchases.scoring.inputs import SurveyInput
from app.purchases.scoring.models import LayerSurvey
from app.purchases.segments_file import Numbers, in_force, to_stored

NO_SURVEY = N_("This survey does not exist.")


def hold_numbers(session: Session) -> Numbers:
    """Return the numbers in force; nobody else sets some until this transaction ends."""
    take_turns(session, "thresholds")
    return in_force(session)


def set_numbers(session: Session, *, numbers: Numbers, actor: Actor, now: datetime) -> bool:
    """Keep the numbers; return whether the figures have to be built anew: enqueue `purchases.rebuild` after the commit."""
    before = in_force(session)
    currencies = sorted({code for one in (before, numbers) for code, _ in one.cutoffs.amount})
    was, now_set = (thresholds.typed(one, currencies) for one in (before, numbers))
    purchase_settings(session).segments = to_stored(numbers)
    changed = {name: f"{was[name]} → {value}" for name, value in now_set.items() if was[name] != value}
    record(session, actor=actor, action="thresholds.set", now=now, detail=changed)
    session.flush()
    return before.segments != numbers.segments


def add_survey(session: Session, *, data: SurveyInput, actor: Actor, now: datetime) -> LayerSurvey:
    """Note what a survey said of people whom purchase data does not know."""
    survey = LayerSurvey(
        name=data.name, surveyed_on=data.surveyed_on, asked=data.asked, aware=data.aware, unaware=data.unaware,
        aware_wanting=data.aware_wanting, created_by=actor.user_id, created_at=now,
    )  # fmt: skip
    session.add(survey)
    session.flush()
    record(session, actor=actor, action="survey.added", now=now, object_id=survey.public_id)
    return survey


def delete_survey(session: Session, *, survey_id: str, actor: Actor, now: datetime) -> None:
    """Take a survey off the page.

    Raises:
        NotFound: there is none by that id.
    """
    survey = _get(session, survey_id)
    survey.deleted_at = survey.deleted_at or now
    session.add(survey)
    record(session, actor=actor, action="survey.deleted", now=now, object_id=survey.public_id)


def restore_survey(session: Session, *, survey_id: str, actor: Actor, now: datetime) -> None:
    """Bring a survey back that was taken off.

    Raises:
        NotFound: there is none by that id.
    """
    survey = _get(session, survey_id)
    survey.deleted_at = None
    session.add(survey)
    record(session, actor=actor, action="survey.restored", now=now, object_id=survey.public_id)


def _get(session: Session, survey_id: str) -> LayerSurvey:
    found = session.scalar(select(LayerSurvey).where(col(LayerSurvey.public_id) == survey_id))
    if found is None:
        raise NotFound("no_survey", NO_SURVEY)
    return found
