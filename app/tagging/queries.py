"""Reads of tagging. Tags of a study that is not yours, or without consent to take part, are not there."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from app.accounts.schemas import Actor
from app.candidates.models import Candidate
from app.core.errors import NotFound
from app.core.i18n import N_
from app.interviews import queries as interviews
from app.interviews.models import Answer, ConsentItem, Interview, InterviewState
from app.language.codebook import STAGES, Stage
from app.studies import queries as studies
from app.studies.models import Study
from app.tagging.models import Sentence, Tag, TagState
from app.tagging.schemas import AnswerTags, Quote
from app.tagging.views import answer_view

GONE = N_("There is no such tag, or you are not a member of its study.")


@dataclass(frozen=True)
class AnswerContext:
    """An answer's text with what the tagger reads beside it."""

    answer_id: int
    version: int
    text: str
    question: str
    question_text: str
    customer: str
    product: str


def readable_interview(session: Session, *, actor: Actor, interview_id: str) -> Interview:
    """Return an interview whose tags this person may see.

    Raises:
        NotFound: none such, not a member, or no consent to take part.
    """
    interview = interviews.get_interview(session, actor=actor, interview_id=interview_id)
    require_consent(session, interview)
    return interview


def require_consent(session: Session, interview: Interview) -> None:
    """Pass silently where the customer takes part now.

    Raises:
        NotFound: they don't.
    """
    if ConsentItem.PARTICIPATION not in interviews.consent_items(session, interview.id or 0):
        raise NotFound("no_consent", N_("There is nothing to show: the customer has not agreed to take part."))


def get_sentence(session: Session, *, actor: Actor, sentence_id: str) -> tuple[Sentence, Interview]:
    """Return a sentence with its interview.

    Raises:
        NotFound: none such, not a member, or no consent to take part.
    """
    query = (
        select(Sentence, Interview)
        .join(Answer, col(Answer.id) == col(Sentence.answer_id))
        .join(Interview, col(Interview.id) == col(Answer.interview_id))
        .join(Study, col(Study.id) == col(Interview.study_id))
        .where(Sentence.public_id == sentence_id, studies.visible_to(actor))
    )
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound("no_sentence", GONE)
    require_consent(session, found[1])
    return found[0], found[1]


def get_answer(session: Session, *, actor: Actor, interview_id: str, question_id: str) -> Answer:
    """Return a written answer.

    Raises:
        NotFound: none such, not a member, or no consent to take part.
    """
    interview = readable_interview(session, actor=actor, interview_id=interview_id)
    answer = interviews.get_answer(session, interview, question_id)
    if answer is None:
        raise NotFound("no_answer", N_("There is no answer to this question yet."))
    return answer


def get_tag(session: Session, *, actor: Actor, tag_id: str) -> tuple[Tag, Sentence, Interview]:
    """Return a tag with its sentence and interview.

    Raises:
        NotFound: none such, not a member, or no consent to take part.
    """
    tag = session.exec(select(Tag).where(Tag.public_id == tag_id)).one_or_none()
    if tag is None:
        raise NotFound("no_tag", GONE)
    sentence = session.get_one(Sentence, tag.sentence_id)
    return tag, *get_sentence(session, actor=actor, sentence_id=sentence.public_id)


def contexts(session: Session, interview: Interview) -> list[AnswerContext]:
    """Return the answers of an interview that have words in them, each with its context."""
    study = session.get_one(Study, interview.study_id)
    candidate = session.get_one(Candidate, interview.candidate_id)
    asked = {question.id: question.text for question in interviews.questions_of(session, interview).questions}
    return [
        AnswerContext(
            answer_id=answer.id or 0,
            version=answer.version,
            text=answer.text,
            question=answer.question_id,
            question_text=asked.get(answer.question_id, ""),
            customer=candidate.lane.value,
            product=study.product,
        )
        for answer in interviews.answers(session, interview.id or 0)
        if answer.text.strip()
    ]


def tags_by_answer(session: Session, answers: Sequence[Answer]) -> list[AnswerTags]:
    """Return the sentences and tags of several answers, in the same order, by two queries."""
    numbers = [answer.id for answer in answers]
    by_answer: dict[int, list[Sentence]] = defaultdict(list)
    query = select(Sentence).where(col(Sentence.answer_id).in_(numbers)).order_by(col(Sentence.position))
    for sentence in session.exec(query):
        by_answer[sentence.answer_id].append(sentence)
    by_sentence: dict[int, list[Tag]] = defaultdict(list)
    tags = (
        select(Tag)
        .join(Sentence, col(Sentence.id) == col(Tag.sentence_id))
        .where(col(Sentence.answer_id).in_(numbers))
        .order_by(col(Tag.id))
    )
    for tag in session.exec(tags):
        by_sentence[tag.sentence_id].append(tag)
    return [
        answer_view(answer, [(one, by_sentence[one.id or 0]) for one in by_answer[answer.id or 0]])
        for answer in answers
    ]


def proposed_tags(session: Session, interview: Interview) -> list[Tag]:
    """Return the tags of an interview that nobody has decided on."""
    query = (
        select(Tag)
        .join(Sentence, col(Sentence.id) == col(Tag.sentence_id))
        .join(Answer, col(Answer.id) == col(Sentence.answer_id))
        .where(Answer.interview_id == interview.id, Tag.state == TagState.PROPOSED)
        .order_by(col(Tag.id))
    )
    return list(session.exec(query))


def row_numbers(session: Session, public_ids: Sequence[str]) -> dict[str, int]:
    """Return the row numbers of interviews by their public ids."""
    query = select(Interview.public_id, Interview.id).where(col(Interview.public_id).in_(public_ids))
    return {public_id: number or 0 for public_id, number in session.exec(query)}


def unfinished_jobs(session: Session) -> list[tuple[str, str]]:
    """Return a tagging job for every finished interview that has an answer without sentences."""
    tagged = select(col(Sentence.answer_id))
    query = (
        select(Interview.public_id)
        .join(Answer, col(Answer.interview_id) == col(Interview.id))
        .where(
            Interview.state == InterviewState.FINISHED,
            func.trim(col(Answer.text)) != "",
            col(Answer.id).not_in(tagged),
        )
        .group_by(col(Interview.id), col(Interview.public_id))
        .order_by(col(Interview.id))
    )
    return [("tagging.interview", public_id) for public_id in session.exec(query)]


def waiting_counts(session: Session, interview_ids: Sequence[int], stage: Stage | None) -> dict[int, tuple[int, int]]:
    """Return per interview how many tags wait and how many there are, of one stage or of all."""
    waits = func.sum(case((col(Tag.state) == TagState.PROPOSED, 1), else_=0))
    query = (
        select(Answer.interview_id, waits, func.count())
        .select_from(Tag)
        .join(Sentence, col(Sentence.id) == col(Tag.sentence_id))
        .join(Answer, col(Answer.id) == col(Sentence.answer_id))
        .where(col(Answer.interview_id).in_(interview_ids))
        .group_by(col(Answer.interview_id))
    )
    if stage is not None:
        query = query.where(Tag.stage == stage)
    return {number: (int(waiting or 0), int(total)) for number, waiting, total in session.exec(query)}


def quotes(session: Session, *, study_id: int | None = None, interview_id: int | None = None) -> list[Quote]:
    """Return what was said under each stage, proposed or confirmed but never rejected, in order of speaking.

    Only finished interviews whose customers take part; who may read which is for the reader of these to decide.
    """
    chosen = finished(session, study_id, interview_id)
    query = (
        select(Tag, Sentence, Answer)
        .join(Sentence, col(Sentence.id) == col(Tag.sentence_id))
        .join(Answer, col(Answer.id) == col(Sentence.answer_id))
        .where(col(Answer.interview_id).in_(list(chosen)), Tag.state != TagState.REJECTED)
        .order_by(col(Answer.interview_id), col(Answer.question_id), col(Sentence.position), col(Tag.id))
    )
    found = [quote(tag, sentence, answer, chosen[answer.interview_id]) for tag, sentence, answer in session.exec(query)]
    order = {stage: place for place, stage in enumerate(STAGES)}
    return sorted(found, key=lambda one: (one.interview_id, one.question_id, one.position, order[one.stage]))


def finished(session: Session, study_id: int | None, interview_id: int | None) -> dict[int, Interview]:
    """Return the finished, agreed interviews of a study, or the one asked for if it is among them."""
    if interview_id is not None:
        study_id = session.get_one(Interview, interview_id).study_id
    rows = interviews.finished_interviews(session, study_id or 0)
    return {row.id or 0: row for row in rows if interview_id in {None, row.id}}


def quote(tag: Tag, sentence: Sentence, answer: Answer, interview: Interview) -> Quote:
    """Return one tag as a quote."""
    return Quote(
        tag_id=tag.public_id,
        sentence_id=sentence.public_id,
        text=sentence.text,
        start=tag.start,
        end=tag.end,
        stage=tag.stage,
        state=tag.state,
        confidence=tag.confidence,
        facets=tuple(tag.facets),
        channel=tuple(tag.channel),
        cancel_reason=tuple(tag.cancel_reason),
        anxiety_kind=tuple(tag.anxiety_kind),
        question_id=answer.question_id,
        position=sentence.position,
        answer_id=answer.id or 0,
        interview_id=interview.id or 0,
        interview_public_id=interview.public_id,
        person_id=interview.person_id,
    )
