"""Tags of the demo: read by the tagger, then partly decided by what the researcher found in the interviews."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.schemas import Actor
from app.candidates.models import Candidate
from app.cli.demo_files import Talk
from app.core.database import read_session, write_session
from app.interviews.models import Answer, Interview
from app.jobs.schemas import JobServices
from app.language.codebook import Stage
from app.purchases.models import Person
from app.tagging import operations as tagging
from app.tagging.models import Sentence, Tag, TagState
from app.tagging.queries import unfinished_jobs
from app.tagging.schemas import Decision, NewTag
from app.tagging.tasks import tag_interview

REVIEWED_AFTER = timedelta(days=1)


def tag_all(parts: JobServices) -> None:
    """Tag every finished interview that holds an answer without sentences: one cut short is tagged again."""
    with read_session(parts.engine) as session:
        waiting = [public_id for _, public_id in unfinished_jobs(session)]
    for public_id in waiting:
        tag_interview(parts, public_id)


def decide_tags(parts: JobServices, actor: Actor, talks: Sequence[Talk]) -> None:
    """Accept, reject and add tags where the demo's files say what is right; what is decided already stays."""
    for talk in talks:
        if not (talk.reviewed or talk.begun):
            continue
        with write_session(parts.engine) as session:
            sentences = _sentences(session, talk)
            when = talk.held_at + REVIEWED_AFTER
            for stage, quotes in (talk.reviewed or talk.begun).items():
                for quote in quotes:
                    _confirm(session, actor, sentences, stage=stage, quote=quote, now=when)
            if talk.reviewed:
                _reject_rest(session, actor, sentences, talk, now=when)


def _sentences(session: Session, talk: Talk) -> list[Sentence]:
    """Return the sentences of one interview in the order they were said."""
    query = (
        select(Sentence)
        .join(Answer, col(Answer.id) == col(Sentence.answer_id))
        .join(Interview, col(Interview.id) == col(Answer.interview_id))
        .join(Person, col(Person.id) == col(Interview.person_id))
        .join(Candidate, col(Candidate.id) == col(Interview.candidate_id))
        .where(col(Person.source) == talk.source, col(Person.customer_id) == talk.customer_id)
        .order_by(col(Answer.id), col(Sentence.position))
    )
    return list(session.scalars(query))


def _tags(session: Session, sentence: Sentence) -> list[Tag]:
    return list(session.scalars(select(Tag).where(col(Tag.sentence_id) == sentence.id).order_by(col(Tag.id))))


def _confirm(
    session: Session, actor: Actor, sentences: Sequence[Sentence], *, stage: Stage, quote: str, now: datetime
) -> None:  # fmt: skip
    """Accept the tag of this stage on the sentence that holds the quote, mark the words better, or add the tag."""
    sentence = next((one for one in sentences if quote in one.text), None)
    if sentence is None:
        return
    known = next((tag for tag in _tags(session, sentence) if tag.stage is stage), None)
    if known is not None and known.state is not TagState.PROPOSED:
        return
    if known is not None and sentence.text[known.start : known.end] == quote:
        tagging.decide(session, actor=actor, tag=known, data=Decision(action="accept"), now=now)
    else:
        data = NewTag(stage=stage, evidence=quote)
        tagging.add_tag(session, actor=actor, sentence=sentence, data=data, now=now)


def _reject_rest(session: Session, actor: Actor, sentences: Sequence[Sentence], talk: Talk, *, now: datetime) -> None:
    for sentence in sentences:
        for tag in _tags(session, sentence):
            said = any(quote in sentence.text for quote in talk.reviewed.get(tag.stage, ()))
            if tag.state is TagState.PROPOSED and not said:
                tagging.decide(session, actor=actor, tag=tag, data=Decision(action="reject"), now=now)
