"""What each page of one interview is given; reads only."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from app.accounts.schemas import Actor
from app.candidates import queries as candidates
from app.candidates.models import Candidate
from app.candidates.turning_point import turning_order
from app.core.types import new_public_id
from app.interviews.answers import answer_text, elapsed
from app.interviews.consents import current_consents, current_wording, granted_items, row_number
from app.interviews.drafts import draft_key
from app.interviews.lit import Lit, lit_orders
from app.interviews.models import AnswerState, ConsentItem, Interview
from app.interviews.queries import answers, get_interview, questions_of
from app.interviews.schemas import (
    NO_ERRORS,
    NOTHING_SAID,
    ClosingPage,
    ConsentMark,
    ConsentPage,
    InterviewHead,
    InterviewPage,
    LivePage,
    ProbeLine,
    QuestionPanel,
    QuestionStep,
)
from app.purchases.models import Person
from app.purchases.queries import person_timeline
from app.purchases.schemas import Timeline
from app.purchases.store import OrdersStore
from app.studies.models import Study
from app.studies.schemas import PointsAt

PLANNED_MINUTES = 60
CLOCK_HOURS = 3


def head_of(session: Session, interview: Interview, marks: Mapping[ConsentItem, ConsentMark]) -> InterviewHead:
    """Return who the interview is with and what it is about."""
    study = session.get_one(Study, interview.study_id)
    candidate = session.get_one(Candidate, interview.candidate_id)
    person = session.get_one(Person, interview.person_id)
    return InterviewHead(
        interview_id=interview.public_id,
        study_id=study.public_id,
        study_title=study.title,
        product=study.product,
        person_id=person.public_id,
        code_name=person.code_name or "",
        customer_class=candidate.lane,
        mode=interview.mode,
        state=interview.state,
        started_at=interview.started_at,
        finished_at=interview.finished_at,
        as_of=candidate.as_of,
        granted=granted_items(dict(marks)),
    )


def steps_of(session: Session, interview: Interview) -> tuple[QuestionStep, ...]:
    """Return every question of the interview with its answer, in order."""
    given = {answer.question_id: answer_text(answer) for answer in answers(session, row_number(interview))}
    return tuple(
        QuestionStep(number=number, question=question, answer=given.get(question.id, NOTHING_SAID))
        for number, question in enumerate(questions_of(session, interview).questions, start=1)
    )


def live_page(
    session: Session,
    *,
    store: OrdersStore,
    actor: Actor,
    interview_id: str,
    question_id: str,
    now: datetime,
) -> LivePage:
    """Return the live screen of one question; without a question id, of the first one not yet heard.

    Raises:
        NotFound: no such interview for this person, or no such question in it.
    """
    interview = get_interview(session, actor=actor, interview_id=interview_id)
    timeline = person_timeline(session, store, person_id=interview.person_id)
    panels = panels_of(steps_of(session, interview), timeline)
    if question_id:
        questions_of(session, interview).find(question_id)
    return LivePage(
        head=head_of(session, interview, marks_of(session, interview)),
        panels=panels,
        current=next((panel for panel in panels if panel.question_id == question_id), first_open(panels)),
        timeline=timeline,
        facts=candidates.fact_cards(session.get_one(Candidate, interview.candidate_id)),
        elapsed_seconds=elapsed(interview, now),
        planned_minutes=PLANNED_MINUTES,
        clock_hours=CLOCK_HOURS,
        draft_key=draft_key(store.secret, user_id=actor.public_id, interview_id=interview.public_id),
    )


def panels_of(steps: tuple[QuestionStep, ...], timeline: Timeline) -> tuple[QuestionPanel, ...]:
    """Return every question with its follow-ups, what it lights, and its neighbours."""
    ids = ["", *(step.question.id for step in steps), ""]
    lines = [probe_lines(step, timeline) for step in steps]
    return tuple(
        QuestionPanel(
            step=step,
            fixed=fixed,
            open_probes=open_probes,
            lit=point_at(step.question.points_at, timeline),
            previous_id=ids[place],
            next_id=ids[place + 2],
            form_key=new_public_id(),
        )
        for place, (step, (fixed, open_probes)) in enumerate(zip(steps, lines, strict=True))
    )


def first_open(panels: tuple[QuestionPanel, ...]) -> QuestionPanel:
    """Return the first question neither asked nor skipped, or the last one."""
    return next((panel for panel in panels if panel.step.answer.state is AnswerState.OPEN), panels[-1])


def probe_lines(step: QuestionStep, timeline: Timeline) -> tuple[tuple[ProbeLine, ...], tuple[ProbeLine, ...]]:
    """Return the fixed follow-ups (first) and the 4W1H ones that this customer's orders allow."""
    allowed = [
        (index, probe) for index, probe in enumerate(step.question.probes) if probe.min_orders <= len(timeline.orders)
    ]
    waiting = [index for index, probe in allowed if probe.is_fixed and index not in step.answer.probes]
    lines = [
        ProbeLine(
            index=index,
            probe=probe,
            lit=point_at(probe.points_at, timeline),
            asked=index in step.answer.probes,
            now=bool(waiting) and index == waiting[0],
        )
        for index, probe in allowed
    ]
    return (
        tuple(line for line in lines if line.probe.is_fixed),
        tuple(line for line in lines if not line.probe.is_fixed),
    )


def point_at(points_at: PointsAt, timeline: Timeline) -> Lit | None:
    """Return the orders that a place of the guide means on this timeline."""
    return lit_orders(points_at, count=len(timeline.orders), turn=turning_order(timeline.orders))


def talk_minutes(steps: tuple[QuestionStep, ...], elapsed_seconds: int) -> int:
    """Return how long the talk took: the time on the questions, else from start to end; 0 when neither tells."""
    spoken = sum(step.answer.seconds for step in steps)
    if spoken:
        return max(1, round(spoken / 60))
    return elapsed_seconds // 60 if elapsed_seconds < CLOCK_HOURS * 3600 else 0


def marks_of(session: Session, interview: Interview) -> dict[ConsentItem, ConsentMark]:
    """Return the standing decision per consent item."""
    number = row_number(interview)
    return current_consents(session, [number])[number]


def consent_page(
    session: Session, *, actor: Actor, interview_id: str, locale: str, errors: Mapping[str, object] = NO_ERRORS
) -> ConsentPage:
    """Return the wording to read out and the decisions so far.

    Raises:
        NotFound: no such interview for this person.
    """
    interview = get_interview(session, actor=actor, interview_id=interview_id)
    marks = marks_of(session, interview)
    latest = max(marks.values(), key=lambda mark: mark.given_at, default=None)
    return ConsentPage(
        head=head_of(session, interview, marks),
        wording=current_wording(locale),
        marks=marks,
        checked=granted_items(marks),
        way=latest.way if latest else None,
        errors=errors,
    )


def closing_page(
    session: Session,
    *,
    store: OrdersStore,
    actor: Actor,
    interview_id: str,
    now: datetime,
) -> ClosingPage:
    """Return what is still missing: questions unheard or skipped, fixed follow-ups not asked.

    Raises:
        NotFound: no such interview for this person.
    """
    interview = get_interview(session, actor=actor, interview_id=interview_id)
    steps = steps_of(session, interview)
    timeline = person_timeline(session, store, person_id=interview.person_id)
    return ClosingPage(
        head=head_of(session, interview, marks_of(session, interview)),
        steps=steps,
        unheard=tuple(step for step in steps if step.answer.state is AnswerState.OPEN),
        skipped=tuple(step for step in steps if step.answer.state is AnswerState.SKIPPED),
        probes_left=tuple(line.probe for step in steps for line in probe_lines(step, timeline)[0] if not line.asked),
        minutes=talk_minutes(steps, elapsed(interview, now)),
        memo=interview.memo,
        intention=interview.next_intention,
    )


def interview_page(session: Session, *, actor: Actor, interview_id: str, now: datetime) -> InterviewPage:
    """Return one interview, read only; answers are left out where the customer no longer takes part.

    Raises:
        NotFound: no such interview for this person.
    """
    interview = get_interview(session, actor=actor, interview_id=interview_id)
    marks = marks_of(session, interview)
    head = head_of(session, interview, marks)
    steps = steps_of(session, interview) if head.participating else ()
    return InterviewPage(
        head=head,
        steps=steps,
        marks=marks,
        next_intention=interview.next_intention if head.participating else None,
        memo=interview.memo if head.participating else "",
        minutes=talk_minutes(steps, elapsed(interview, now)),
    )
