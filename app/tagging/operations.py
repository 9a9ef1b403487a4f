"""What people decide about tags, and corrections of answers. Flush, never commit."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app.accounts.schemas import Actor
from app.core.errors import AppError, Conflict
from app.core.i18n import N_
from app.interviews import operations as interviews
from app.interviews.models import Answer, Interview
from app.language.codebook import Stage
from app.language.details import details_of
from app.language.schemas import SentenceInput, SentenceTags, StageTag
from app.language.script import language_of
from app.tagging.models import Sentence, Tag, TagOrigin, TagState
from app.tagging.queries import proposed_tags
from app.tagging.schemas import Decision, NewTag
from app.tagging.storing import number, set_details, store_tags, tags_of

__all__ = ["accept_all", "add_tag", "decide", "revise_answer", "store_tags"]
CERTAIN = 1.0


def decide(session: Session, *, actor: Actor, tag: Tag, data: Decision, now: datetime) -> Tag:
    """Accept, reject or change a tag; the last decision stands.

    Raises:
        AppError: a change without a stage.
    """
    if data.action == "change":
        return change_stage(session, actor=actor, tag=tag, stage=data.stage, now=now)
    tag.state = TagState.ACCEPTED if data.action == "accept" else TagState.REJECTED
    return decided(session, tag, actor, now)


def change_stage(session: Session, *, actor: Actor, tag: Tag, stage: Stage | None, now: datetime) -> Tag:
    """Give a tag another stage; what the machine said is remembered.

    A sentence holds a stage once: another tag of that stage on it gives way.
    """
    if stage is None:
        raise AppError("no_stage", N_("Choose the stage to change to."))
    sentence = session.get_one(Sentence, tag.sentence_id)
    for other in tags_of(session, sentence):
        if other.stage is stage and other.id != tag.id:
            session.delete(other)
    if tag.origin is TagOrigin.MACHINE and not tag.proposed_stage and stage is not tag.stage:
        tag.proposed_stage = tag.stage.value
    tag.stage = stage
    tag.state = TagState.ACCEPTED if tag.proposed_stage in {"", stage.value} else TagState.CHANGED
    describe(tag, sentence.text)
    return decided(session, tag, actor, now)


def add_tag(session: Session, *, actor: Actor, sentence: Sentence, data: NewTag, now: datetime) -> Tag:
    """Add a stage to a sentence, or take up one that was proposed or rejected there."""
    start, end = evidence_span(sentence.text, data.evidence)
    tag = next((one for one in tags_of(session, sentence) if one.stage is data.stage), None)
    if tag is None:
        tag = Tag(
            sentence_id=number(sentence.id), stage=data.stage, start=start, end=end,
            confidence=CERTAIN, origin=TagOrigin.PERSON, state=TagState.ACCEPTED,
        )  # fmt: skip
        describe(tag, sentence.text)
    elif data.evidence.strip():
        tag.start, tag.end = start, end
    tag.state = TagState.CHANGED if tag.proposed_stage else TagState.ACCEPTED
    return decided(session, tag, actor, now)


def evidence_span(text: str, evidence: str) -> tuple[int, int]:
    """Return where the chosen words stand; the whole sentence when none were chosen.

    Raises:
        AppError: the words are not in the sentence.
    """
    words = evidence.strip()
    if not words:
        return 0, len(text)
    at = text.find(words)
    if at < 0:
        raise AppError("no_such_words", N_("These words are not in the sentence. Copy them exactly as they stand."))
    return at, at + len(words)


def describe(tag: Tag, text: str) -> None:
    """Give a tag the facets and details that its sentence says for its stage."""
    span = StageTag(stage=tag.stage, confidence=CERTAIN, start=tag.start, end=tag.end)
    found = details_of(SentenceInput(text=text, lang=language_of(text)), (span,))
    set_details(tag, found)


def decided(session: Session, tag: Tag, actor: Actor, now: datetime) -> Tag:
    """Write down who decided and when."""
    tag.decided_by, tag.decided_at = actor.user_id, now
    session.add(tag)
    session.flush()
    return tag


def accept_all(session: Session, *, actor: Actor, interview: Interview, now: datetime) -> int:
    """Accept every tag of an interview that nobody has decided on; return how many."""
    waiting = proposed_tags(session, interview)
    for tag in waiting:
        tag.state = TagState.ACCEPTED
        tag.decided_by, tag.decided_at = actor.user_id, now
        session.add(tag)
    session.flush()
    return len(waiting)


def revise_answer(
    session: Session,
    *,
    actor: Actor,
    answer: Answer,
    text: str,
    version: int,
    sentences: Sequence[SentenceTags],
    now: datetime,
) -> Answer:
    """Correct the text of an answer and move its tags along; `sentences` are of the new text.

    Raises:
        Conflict: the answer is no longer at `version`, or the customer no longer takes part.
    """
    if answer.version != version:
        raise Conflict("answer_changed", N_("Somebody else has changed this answer. Look at it again first."))
    revised = interviews.revise_answer(session, actor=actor, answer=answer, text=text, now=now)
    store_tags(session, answer=revised, sentences=sentences, now=now)
    return revised
