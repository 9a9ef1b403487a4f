"""Writes of the interview stage: start, consent, save, skip, finish. Flush, never commit."""

from datetime import datetime

from sqlmodel import Session, select

from app.accounts import operations as accounts
from app.accounts.schemas import Actor
from app.candidates import operations as candidates
from app.candidates.models import Candidate, CandidateState
from app.core.errors import Conflict
from app.core.i18n import N_
from app.interviews.answers import store_answer, store_skip
from app.interviews.consents import (
    begin_if_agreed,
    consent_items,
    current_wording,
    require_participation,
    row_number,
    store_consents,
)
from app.interviews.models import Answer, ConsentItem, Interview, InterviewState
from app.interviews.queries import questions_of
from app.interviews.schemas import AnswerInput, ConsentInput, FinishInput, SavedAnswer, StartInput

READY = frozenset({CandidateState.AGREED, CandidateState.SCHEDULED})
EARLY = frozenset({CandidateState.PROPOSED, CandidateState.INVITED})


def start(session: Session, *, actor: Actor, candidate: Candidate, data: StartInput, now: datetime) -> Interview:
    """Open the interview of a candidate, or return the one already open.

    A candidate who was only proposed or invited is moved to `agreed` by the same step.

    Raises:
        Conflict: the candidate declined, did not come, or was interviewed already.
    """
    candidate_number = row_number(candidate)
    found = session.exec(select(Interview).where(Interview.candidate_id == candidate_number)).one_or_none()
    if found is not None and found.state is not InterviewState.FINISHED:
        return found
    if found is not None or candidate.state not in READY | EARLY:
        raise Conflict("candidate_not_ready", N_("This candidate cannot be interviewed in the present state."))
    if candidate.state in EARLY:
        candidates.move(session, actor=actor, candidate=candidate, state=CandidateState.AGREED, now=now)
    interview = Interview(
        study_id=candidate.study_id,
        candidate_id=candidate_number,
        person_id=candidate.person_id,
        interviewer_id=actor.user_id,
        mode=data.mode,
        state=InterviewState.CONSENTING,
        created_at=now,
    )
    session.add(interview)
    session.flush()
    return interview


def record_consent(
    session: Session, *, actor: Actor, interview: Interview, data: ConsentInput, now: datetime
) -> Interview:
    """Store the customer's decisions with the text version read out; participation starts the interview.

    Items that are not named are refused, so the same step takes a consent back.
    """
    lock(session, interview)
    changed = store_consents(
        session,
        actor=actor,
        interview=interview,
        data=data,
        text_version=current_wording(data.language).version,
        now=now,
    )
    if data.mode is not None and interview.state is InterviewState.CONSENTING:
        interview.mode = data.mode
        session.add(interview)
    begin_if_agreed(session, interview, now)
    if changed:
        detail = {item.value: item in data.granted for item in changed}
        accounts.record(
            session, actor=actor, action="consent.recorded", object_id=interview.public_id, detail=detail, now=now
        )
    return interview


def save_answer(
    session: Session, *, actor: Actor, interview: Interview, question_id: str, data: AnswerInput, now: datetime
) -> SavedAnswer:
    """Store what was typed, as a new version when text or memo changed.

    The same `client_key` sent again changes nothing.

    Raises:
        AnswerConflict: another writer stored a different text since `data.version`; it holds both.
        Conflict: no consent to take part, or the interview is finished.
        NotFound: the question is not asked in this interview.
    """
    require_open(session, interview, question_id)
    return store_answer(session, actor=actor, interview=interview, question_id=question_id, data=data, now=now)


def skip(
    session: Session, *, actor: Actor, interview: Interview, question_id: str, data: AnswerInput, now: datetime
) -> SavedAnswer:
    """Mark a question as skipped; anything already typed is kept and counts as asked.

    Raises:
        AnswerConflict, Conflict, NotFound: as `save_answer`.
    """
    require_open(session, interview, question_id)
    return store_skip(session, actor=actor, interview=interview, question_id=question_id, data=data, now=now)


def finish(session: Session, *, actor: Actor, interview: Interview, data: FinishInput, now: datetime) -> Interview:
    """Close a live interview and mark its candidate as held; a second time changes nothing.

    What was noted is kept only where the customer still takes part.

    Raises:
        Conflict: the interview never began.
    """
    lock(session, interview)
    if interview.state is InterviewState.FINISHED:
        return interview
    if interview.state is not InterviewState.LIVE:
        raise Conflict("interview_not_begun", N_("The interview has not begun: the customer's consent comes first."))
    interview.state = InterviewState.FINISHED
    interview.finished_at = now
    if ConsentItem.PARTICIPATION in consent_items(session, row_number(interview)):
        interview.next_intention, interview.memo = data.next_intention, data.memo
    session.add(interview)
    candidate = session.get_one(Candidate, interview.candidate_id)
    candidates.hold(session, actor=actor, candidate=candidate, now=now)
    session.flush()
    return interview


def revise_answer(session: Session, *, actor: Actor, answer: Answer, text: str, now: datetime) -> Answer:
    """Correct a stored answer as a new version. Only tagging calls this: it moves the tags along.

    Raises:
        Conflict: the customer no longer takes part.
    """
    interview = session.get_one(Interview, answer.interview_id)
    lock(session, interview)
    require_participation(session, interview)
    data = AnswerInput(answer=text, memo=answer.memo, version=answer.version, probes=frozenset(answer.probes_asked))
    store_answer(session, actor=actor, interview=interview, question_id=answer.question_id, data=data, now=now)
    session.refresh(answer)
    return answer


def require_open(session: Session, interview: Interview, question_id: str) -> None:
    """Take the interview's lock and check that this question may be written to."""
    lock(session, interview)
    require_participation(session, interview)
    if interview.state is not InterviewState.LIVE:
        raise Conflict("interview_finished", N_("This interview is finished. Corrections are made in the tag review."))
    questions_of(session, interview).find(question_id)


def lock(session: Session, interview: Interview) -> None:
    """Make writers of one interview take turns on PostgreSQL; SQLite has one writer anyway."""
    session.exec(select(Interview.id).where(Interview.id == row_number(interview)).with_for_update()).one()
    session.refresh(interview)
