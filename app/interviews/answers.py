"""Answers and their versions: nothing typed is overwritten unseen, and no request counts twice."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, select

from app.accounts.schemas import Actor
from app.core.errors import Conflict
from app.core.i18n import N_
from app.interviews.consents import row_number
from app.interviews.models import Answer, AnswerState, AnswerVersion, Interview
from app.interviews.schemas import AnswerInput, AnswerText, SavedAnswer


class AnswerConflict(Conflict):
    """Two writers on one answer: both texts are here, the stored one stays until a person chooses."""

    def __init__(self, *, stored: AnswerText, typed: AnswerInput) -> None:
        super().__init__("answer_conflict", N_("Another screen has saved a different text. Nothing was overwritten."))
        self.stored = stored
        self.typed = typed


def store_answer(
    session: Session, *, actor: Actor, interview: Interview, question_id: str, data: AnswerInput, now: datetime
) -> SavedAnswer:
    """Write one save; see `operations.save_answer`."""
    answer = open_answer(session, interview, question_id, now)
    earlier = _by_key(session, answer, data.client_key)
    if earlier is not None and _same(earlier, data):
        return replace(_saved(answer), version=earlier.version, repeated=True)
    changed = not _same(answer, data)
    if changed and data.version != answer.version:
        raise AnswerConflict(stored=answer_text(answer), typed=data)
    here = {elapsed(interview, now)} if data.mark_now else set()
    _note_course(answer, data, here)
    if changed:
        answer.text, answer.memo = data.answer, data.memo
        answer.version += 1
        answer.updated_at = now
        session.add(
            AnswerVersion(
                answer_id=row_number(answer),
                version=answer.version,
                text=data.answer,
                memo=data.memo,
                client_key=None if earlier is not None else data.client_key or None,
                written_by=actor.user_id,
                written_at=now,
            )
        )
    if answer.text.strip():
        answer.state = AnswerState.ASKED
    session.add(answer)
    session.flush()
    return _saved(answer)


def store_skip(
    session: Session, *, actor: Actor, interview: Interview, question_id: str, data: AnswerInput, now: datetime
) -> SavedAnswer:
    """Write one skip; see `operations.skip`."""
    store_answer(session, actor=actor, interview=interview, question_id=question_id, data=data, now=now)
    answer = open_answer(session, interview, question_id, now)
    if not answer.text.strip():
        answer.state = AnswerState.SKIPPED
        session.add(answer)
        session.flush()
    return _saved(answer)


def open_answer(session: Session, interview: Interview, question_id: str, now: datetime) -> Answer:
    """Return the stored answer of a question, or a new empty one."""
    number = row_number(interview)
    query = select(Answer).where(Answer.interview_id == number, Answer.question_id == question_id)
    answer = session.exec(query).one_or_none()
    if answer is None:
        answer = Answer(interview_id=number, question_id=question_id, state=AnswerState.OPEN, updated_at=now)
        session.add(answer)
        session.flush()
    return answer


def elapsed(interview: Interview, now: datetime) -> int:
    """Return the seconds since the customer agreed to begin, until the end where there is one."""
    if interview.started_at is None:
        return 0
    return max(0, int(((interview.finished_at or now) - interview.started_at).total_seconds()))


def answer_text(answer: Answer) -> AnswerText:
    """Return an answer as the pages read it."""
    return AnswerText(
        public_id=answer.public_id,
        text=answer.text,
        memo=answer.memo,
        version=answer.version,
        state=answer.state,
        seconds=answer.seconds,
        probes=frozenset(answer.probes_asked),
        marks=tuple(answer.time_marks),
        updated_at=answer.updated_at,
    )


def _note_course(answer: Answer, data: AnswerInput, here: set[int]) -> None:
    """Keep the longer clock and all time marks; the probes asked are as this writer left them."""
    answer.seconds = max(answer.seconds, data.seconds)
    answer.probes_asked = sorted(data.probes)
    answer.time_marks = sorted({*answer.time_marks, *data.marks, *here})


def _by_key(session: Session, answer: Answer, client_key: str) -> AnswerVersion | None:
    if not client_key:
        return None
    query = select(AnswerVersion).where(
        AnswerVersion.answer_id == row_number(answer), AnswerVersion.client_key == client_key
    )
    return session.exec(query).first()


def _same(kept: Answer | AnswerVersion, data: AnswerInput) -> bool:
    return (kept.text, kept.memo) == (data.answer, data.memo)


def _saved(answer: Answer) -> SavedAnswer:
    return SavedAnswer(
        answer_id=row_number(answer),
        public_id=answer.public_id,
        question_id=answer.question_id,
        version=answer.version,
        state=answer.state,
        updated_at=answer.updated_at,
    )
