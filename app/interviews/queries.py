"""Reads of the interview stage. An interview of a study that is not yours is not there."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.schemas import Actor
from app.candidates.models import Candidate, CandidateState
from app.core.errors import NotFound
from app.core.i18n import N_
from app.interviews.answers import answer_text
from app.interviews.consents import consent_items, current_consents, granted_items
from app.interviews.models import Answer, AnswerState, ConsentItem, Interview, InterviewState
from app.interviews.schemas import InterviewList, InterviewRow, WaitingCandidate
from app.purchases.models import Person
from app.studies import queries as studies
from app.studies.models import Study
from app.studies.schemas import GuideQuestion

__all__ = [
    "answer_text",
    "answers",
    "answers_by_interview",
    "consent_items",
    "consents_by_interview",
    "finished_interviews",
    "get_answer",
    "get_interview",
    "interviews_by_candidate",
    "list_interviews",
    "questions_of",
]
LIST_LIMIT = 200


@dataclass(frozen=True)
class InterviewQuestions:
    """The questions of one interview, in order."""

    questions: tuple[GuideQuestion, ...]

    def find(self, question_id: str) -> GuideQuestion:
        """Return one question.

        Raises:
            NotFound: it is not asked in this interview.
        """
        for question in self.questions:
            if question.id == question_id:
                return question
        raise NotFound("no_question", N_("This question is not asked in this interview."))


def get_interview(session: Session, *, actor: Actor, interview_id: str) -> Interview:
    """Return an interview of a study this person belongs to.

    Raises:
        NotFound: there is none, or it belongs to somebody else's study.
    """
    query = (
        select(Interview)
        .join(Study, col(Study.id) == col(Interview.study_id))
        .where(Interview.public_id == interview_id, studies.visible_to(actor))
    )
    interview = session.exec(query).one_or_none()
    if interview is None:
        raise NotFound("no_interview", N_("There is no such interview, or you are not a member of its study."))
    return interview


def questions_of(session: Session, interview: Interview) -> InterviewQuestions:
    """Return the questions asked of this candidate, the product's name filled in."""
    study = session.get_one(Study, interview.study_id)
    candidate = session.get_one(Candidate, interview.candidate_id)
    content = studies.guide(session, study)
    return InterviewQuestions(tuple(studies.questions_for(content, candidate.lane, study.product)))


def answers(session: Session, interview_id: int) -> list[Answer]:
    """Return the stored answers of an interview, by question."""
    query = select(Answer).where(Answer.interview_id == interview_id).order_by(col(Answer.question_id))
    return list(session.exec(query))


def answers_by_interview(session: Session, interview_ids: Collection[int]) -> dict[int, list[Answer]]:
    """Return the stored answers of several interviews, by question."""
    found: dict[int, list[Answer]] = {number: [] for number in interview_ids}
    query = select(Answer).where(col(Answer.interview_id).in_(found)).order_by(col(Answer.question_id))
    for answer in session.exec(query):
        found[answer.interview_id].append(answer)
    return found


def consents_by_interview(session: Session, interview_ids: Collection[int]) -> dict[int, frozenset[ConsentItem]]:
    """Return what the customers of several interviews agree to now."""
    return {number: granted_items(marks) for number, marks in current_consents(session, interview_ids).items()}


def get_answer(session: Session, interview: Interview, question_id: str) -> Answer | None:
    """Return the stored answer to one question, if there is one."""
    query = select(Answer).where(Answer.interview_id == interview.id, Answer.question_id == question_id)
    return session.exec(query).one_or_none()


def finished_interviews(session: Session, study_id: int) -> list[Interview]:
    """Return the finished interviews of a study whose customers still agree to take part, oldest first."""
    query = (
        select(Interview)
        .where(Interview.study_id == study_id, Interview.state == InterviewState.FINISHED)
        .order_by(col(Interview.finished_at), col(Interview.id))
    )
    found = list(session.exec(query))
    consents = current_consents(session, [row.id for row in found if row.id is not None])
    return [row for row in found if row.id is not None and ConsentItem.PARTICIPATION in granted_items(consents[row.id])]


def interviews_by_candidate(session: Session, study_id: str) -> dict[str, str]:
    """Return candidate → interview (public ids) for everybody of a study whose interview was opened."""
    query = (
        select(Candidate.public_id, Interview.public_id)
        .join(Interview, col(Interview.candidate_id) == col(Candidate.id))
        .join(Study, col(Study.id) == col(Interview.study_id))
        .where(Study.public_id == study_id)
    )
    return dict(session.exec(query).all())


def list_interviews(session: Session, *, actor: Actor) -> InterviewList:
    """Return who can be interviewed now, what is under way and what is finished, in this person's studies."""
    rows = _rows(session, actor)
    return InterviewList(
        waiting=_waiting(session, actor),
        running=tuple(row for row in rows if row.state is not InterviewState.FINISHED),
        finished=tuple(row for row in rows if row.state is InterviewState.FINISHED),
    )


def _rows(session: Session, actor: Actor) -> list[InterviewRow]:
    query = (
        select(Interview, Study, Candidate, Person)
        .join(Study, col(Study.id) == col(Interview.study_id))
        .join(Candidate, col(Candidate.id) == col(Interview.candidate_id))
        .join(Person, col(Person.id) == col(Interview.person_id))
        .where(studies.visible_to(actor))
        .order_by(col(Interview.created_at).desc(), col(Interview.id).desc())
        .limit(LIST_LIMIT)
    )
    found = list(session.exec(query))
    numbers = [interview.id for interview, *_ in found if interview.id is not None]
    consents = current_consents(session, numbers)
    asked = _asked(session, numbers)
    return [
        InterviewRow(
            interview_id=interview.public_id,
            study_id=study.public_id,
            study_title=study.title,
            product=study.product,
            code_name=person.code_name or "",
            customer_class=candidate.lane,
            mode=interview.mode,
            state=interview.state,
            created_at=interview.created_at,
            finished_at=interview.finished_at,
            asked=asked.get(interview.id or 0, 0),
            participating=ConsentItem.PARTICIPATION in granted_items(consents[interview.id or 0]),
        )
        for interview, study, candidate, person in found
    ]


def _asked(session: Session, numbers: list[int]) -> dict[int, int]:
    query = (
        select(Answer.interview_id, func.count())
        .where(col(Answer.interview_id).in_(numbers), Answer.state == AnswerState.ASKED)
        .group_by(col(Answer.interview_id))
    )
    return dict(session.exec(query).all())


def _waiting(session: Session, actor: Actor) -> tuple[WaitingCandidate, ...]:
    begun = select(Interview.candidate_id)
    query = (
        select(Candidate, Study, Person)
        .join(Study, col(Study.id) == col(Candidate.study_id))
        .join(Person, col(Person.id) == col(Candidate.person_id))
        .where(
            studies.visible_to(actor),
            col(Candidate.state).in_([CandidateState.AGREED, CandidateState.SCHEDULED]),
            col(Candidate.id).not_in(begun),
        )
        .order_by(col(Candidate.scheduled_for).is_(None), col(Candidate.scheduled_for), col(Candidate.id))
        .limit(LIST_LIMIT)
    )
    return tuple(
        WaitingCandidate(
            candidate_id=candidate.public_id,
            study_id=study.public_id,
            study_title=study.title,
            product=study.product,
            code_name=person.code_name or "",
            customer_class=candidate.lane,
            state=candidate.state,
            scheduled_for=candidate.scheduled_for,
        )
        for candidate, study, person in session.exec(query)
    )
