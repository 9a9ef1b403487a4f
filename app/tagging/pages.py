"""What the review page and the queue of tags are given; reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.accounts.schemas import Actor
from app.candidates.models import Candidate
from app.core.errors import AppError
from app.interviews import queries as interviews
from app.interviews.models import Answer, InterviewState
from app.language.codebook import STAGES, Stage
from app.purchases.classes import CustomerClass
from app.purchases.models import Person
from app.studies.models import Study
from app.studies.schemas import GuideQuestion
from app.tagging.queries import readable_interview, row_numbers, tags_by_answer, waiting_counts
from app.tagging.schemas import AnswerTags, SentenceView


@dataclass(frozen=True)
class ReviewAnswer:
    """One question with its answer, sentence by sentence."""

    question: GuideQuestion
    number: int
    text: str
    version: int
    tags: AnswerTags


@dataclass(frozen=True)
class ReviewPage:
    """The tags of one interview."""

    interview_id: str
    study_id: str
    study_title: str
    person_id: str
    code_name: str
    customer_class: CustomerClass
    product: str
    as_of: date
    finished_at: datetime | None
    is_finished: bool
    answers: tuple[ReviewAnswer, ...]
    confirmed: int
    total: int
    stages: tuple[Stage, ...] = STAGES
    show_scores: bool = False
    error: AppError | None = None

    @property
    def untagged(self) -> bool:
        """Whether some answer has no sentences of its newest text yet."""
        return any(answer.tags.stale for answer in self.answers)


@dataclass(frozen=True)
class ChangedSentence:
    """One sentence after a decision, with the interview's progress."""

    interview_id: str
    question_id: str
    sentence: SentenceView
    answer_confirmed: int
    answer_total: int
    confirmed: int
    total: int
    show_scores: bool
    stages: tuple[Stage, ...] = STAGES


@dataclass(frozen=True)
class QueueRow:
    """One interview with how many of its tags wait."""

    interview_id: str
    code_name: str
    customer_class: CustomerClass
    study_title: str
    finished_at: datetime | None
    waiting: int
    total: int


@dataclass(frozen=True)
class QueuePage:
    """Interviews whose tags nobody has confirmed yet, and those that are done."""

    rows: tuple[QueueRow, ...]
    done: tuple[QueueRow, ...]
    stage: Stage | None
    waiting: int
    stages: tuple[Stage, ...] = STAGES


def review_page(
    session: Session, *, actor: Actor, interview_id: str, show_scores: bool = False, error: AppError | None = None
) -> ReviewPage:
    """Return the tags of one interview, answer by answer in the order of the guide."""
    interview = readable_interview(session, actor=actor, interview_id=interview_id)
    study = session.get_one(Study, interview.study_id)
    candidate = session.get_one(Candidate, interview.candidate_id)
    person = session.get_one(Person, interview.person_id)
    stored = {answer.question_id: answer for answer in interviews.answers(session, interview.id or 0)}
    asked = interviews.questions_of(session, interview).questions
    answers = review_answers(session, asked, stored)
    return ReviewPage(
        interview_id=interview.public_id,
        study_id=study.public_id,
        study_title=study.title,
        person_id=person.public_id,
        code_name=person.code_name or "",
        customer_class=candidate.lane,
        product=study.product,
        as_of=candidate.as_of,
        finished_at=interview.finished_at,
        is_finished=interview.state is InterviewState.FINISHED,
        answers=answers,
        confirmed=sum(answer.tags.confirmed for answer in answers),
        total=sum(answer.tags.total for answer in answers),
        show_scores=show_scores,
        error=error,
    )


def review_answers(
    session: Session, asked: Sequence[GuideQuestion], stored: dict[str, Answer]
) -> tuple[ReviewAnswer, ...]:
    """Return the questions that have words in their answer."""
    chosen = [(number, question, stored[question.id]) for number, question in enumerate(asked, 1)
              if question.id in stored and stored[question.id].text.strip()]  # fmt: skip
    tagged = tags_by_answer(session, [answer for *_, answer in chosen])
    return tuple(
        ReviewAnswer(question=question, number=number, text=answer.text, version=answer.version, tags=tags)
        for (number, question, answer), tags in zip(chosen, tagged, strict=True)
    )


def changed_sentence(
    session: Session, *, actor: Actor, interview_id: str, sentence_id: str, show_scores: bool
) -> ChangedSentence:
    """Return one sentence of a review as it stands now."""
    page = review_page(session, actor=actor, interview_id=interview_id)
    answer, view = next(
        (answer, view) for answer in page.answers for view in answer.tags.sentences if view.public_id == sentence_id
    )
    return ChangedSentence(
        interview_id=interview_id,
        question_id=answer.question.id,
        sentence=view,
        answer_confirmed=answer.tags.confirmed,
        answer_total=answer.tags.total,
        confirmed=page.confirmed,
        total=page.total,
        show_scores=show_scores,
    )


def queue_page(session: Session, *, actor: Actor, stage: Stage | None = None) -> QueuePage:
    """Return the finished interviews of this person's studies: those with waiting tags first, most first."""
    finished = [row for row in interviews.list_interviews(session, actor=actor).finished if row.participating]
    numbers = row_numbers(session, [row.interview_id for row in finished])
    counts = waiting_counts(session, list(numbers.values()), stage)
    rows = []
    for row in finished:
        waiting, total = counts.get(numbers[row.interview_id], (0, 0))
        rows.append(
            QueueRow(
                interview_id=row.interview_id,
                code_name=row.code_name,
                customer_class=row.customer_class,
                study_title=row.study_title,
                finished_at=row.finished_at,
                waiting=waiting,
                total=total,
            )
        )
    waiting_rows = sorted((row for row in rows if row.waiting), key=lambda row: -row.waiting)
    done = tuple(row for row in rows if not row.waiting and (row.total or stage is None))
    return QueuePage(rows=tuple(waiting_rows), done=done, stage=stage, waiting=sum(row.waiting for row in waiting_rows))
