"""What was put to a person and under which consents: read from the interview, its guide and its answers."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.boards.one.journey import TRIGGER_QUESTION, Asked
from app.boards.people import Member
from app.boards.schemas import BoardQuote, InterviewRecord, View
from app.boards.scope import readable
from app.interviews import queries as interviews
from app.interviews.models import Answer, ConsentItem, Interview
from app.studies import queries as studies
from app.studies.models import Study
from app.studies.schemas import GuideQuestion


def asked_of(session: Session, study: Study, people: Sequence[Member]) -> tuple[Asked, ...]:
    """Return for each of these people which questions the guide has for them and how each was left."""
    guide = studies.guide(session, study)
    numbers = [found.interview.id for found in people if found.interview is not None and found.interview.id is not None]
    answers = interviews.answers_by_interview(session, numbers)
    return tuple(
        asked(
            found,
            studies.questions_for(guide, found.candidate.lane, study.product),
            answers.get(found.interview.id or 0, ()) if found.interview is not None else (),
        )
        for found in people
    )


def asked(found: Member, questions: Sequence[GuideQuestion], answers: Sequence[Answer]) -> Asked:
    """Return which questions there are for one person and how each was left."""
    return Asked(
        interviewed=found.interview is not None,
        question_stage={question.id: question.stage for question in questions},
        states={answer.question_id: answer.state for answer in answers},
        probed_for_trigger=probed(questions, answers),
    )


def probed(questions: Sequence[GuideQuestion], answers: Sequence[Answer]) -> bool:
    """Whether a fixed probe under q6, the only place that asks what made them stay, was ticked as asked."""
    fixed = {
        place
        for question in questions
        if question.id == TRIGGER_QUESTION
        for place, probe in enumerate(question.probes)
        if probe.is_fixed
    }
    return any(
        answer.question_id == TRIGGER_QUESTION and not fixed.isdisjoint(answer.probes_asked) for answer in answers
    )


def record(
    session: Session, found: Member, quotes: Sequence[BoardQuote], view: View, zone: ZoneInfo
) -> InterviewRecord | None:
    """Return the interview of a person as this reader may see it, None before it is finished."""
    interview = found.interview
    if interview is None or interview.id is None:
        return None
    held = held_on(interview, zone)
    granted = interviews.consent_items(session, interview.id)
    own = {quote.sentence_id: quote.confirmed for quote in quotes if quote.interview_id == interview.public_id}
    return InterviewRecord(
        public_id=interview.public_id,
        held_on=held if view is View.RESEARCHER else None,
        held_month=held.replace(day=1),
        mode=interview.mode,
        minutes=minutes(interview.started_at, interview.finished_at),
        granted=tuple(item for item in ConsentItem if item in granted),
        next_intention=interview.next_intention if readable(granted, view) else None,
        quotes=len(own),
        confirmed=sum(own.values()),
    )


def held_on(interview: Interview, zone: ZoneInfo) -> date:
    """Return the day the interview was held, in the shop's time zone."""
    moment = interview.started_at or interview.finished_at or interview.created_at
    return moment.astimezone(zone).date()


def minutes(started: datetime | None, finished: datetime | None) -> int | None:
    """Return how long it took, None when either end was not noted."""
    if started is None or finished is None:
        return None
    return max(1, round((finished - started).total_seconds() / 60))
