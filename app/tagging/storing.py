"""Writes an answer's sentences and machine tags, keeping what people have decided."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.interviews.models import Answer
from app.language.codebook import Stage
from app.language.schemas import SentenceTags, StageTag
from app.tagging.anchoring import match_sentences, move_span
from app.tagging.models import Sentence, Tag, TagOrigin, TagState


def store_tags(session: Session, *, answer: Answer, sentences: Sequence[SentenceTags], now: datetime) -> list[Sentence]:
    """Replace the machine's proposals of an answer by these; decided tags stay with their sentence.

    A decided tag whose sentence was rewritten moves with its evidence; without its evidence it is dropped.
    """
    del now
    old = stored_sentences(session, answer)
    matched = match_sentences([row.text for row in old], [one.text for one in sentences])
    for index in set(range(len(old))) - {found for found in matched if found is not None}:
        session.delete(old[index])
    rows = []
    for position, (one, found) in enumerate(zip(sentences, matched, strict=True)):
        row = old[found] if found is not None else empty_sentence(number(answer.id))
        decided = keep_decided(session, row, one.text) if found is not None else set()
        row.position, row.start, row.end, row.text = position, one.start, one.end, one.text
        row.answer_version = answer.version
        session.add(row)
        session.flush()
        session.add_all(machine_tag(number(row.id), one, tag) for tag in one.tags if tag.stage not in decided)
        rows.append(row)
    session.flush()
    return rows


def empty_sentence(answer_id: int) -> Sentence:
    """Return a new row that has yet to be filled."""
    return Sentence(answer_id=answer_id, answer_version=0, position=0, start=0, end=0, text="")


def stored_sentences(session: Session, answer: Answer) -> list[Sentence]:
    """Return the sentences of an answer as they stand, in order."""
    query = select(Sentence).where(Sentence.answer_id == answer.id).order_by(col(Sentence.position), col(Sentence.id))
    return list(session.exec(query))


def tags_of(session: Session, sentence: Sentence) -> list[Tag]:
    """Return every tag of a sentence, rejected ones too."""
    return list(session.exec(select(Tag).where(Tag.sentence_id == sentence.id).order_by(col(Tag.id))))


def keep_decided(session: Session, sentence: Sentence, text: str) -> set[Stage]:
    """Delete proposals and return the stages people have spoken on, their tags moved to the new text."""
    spoken: set[Stage] = set()
    for tag in tags_of(session, sentence):
        moved = move_span(sentence.text, text, tag.start, tag.end)
        if tag.state is TagState.PROPOSED or moved is None:
            session.delete(tag)
            continue
        tag.start, tag.end = moved
        session.add(tag)
        spoken.add(tag.stage)
        if tag.proposed_stage:
            spoken.add(Stage(tag.proposed_stage))
    session.flush()
    return spoken


def machine_tag(sentence_id: int, sentence: SentenceTags, tag: StageTag) -> Tag:
    """Return the row of one proposal."""
    row = Tag(
        sentence_id=sentence_id,
        stage=tag.stage,
        start=tag.start,
        end=tag.end,
        confidence=tag.confidence,
        rule=tag.rule[:64],
        origin=TagOrigin.MACHINE,
        state=TagState.PROPOSED,
    )
    set_details(row, sentence)
    return row


def set_details(row: Tag, sentence: SentenceTags) -> None:
    """Give a tag the facets of its sentence and those details that belong to its stage."""
    row.facets = list(sentence.facets)
    row.channel = list(sentence.channel) if row.stage is Stage.AWARENESS else []
    row.cancel_reason = list(sentence.cancel_reason) if row.stage is Stage.CHURN_REASON else []
    row.anxiety_kind = list(sentence.anxiety_kind) if row.stage is Stage.ANXIETY else []


def number(row_id: int | None) -> int:
    """Return the number of a stored row.

    Raises:
        ValueError: it was never flushed.
    """
    if row_id is None:
        msg = "row is not stored"
        raise ValueError(msg)
    return row_id
