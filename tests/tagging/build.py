"""An interview with answers and machine tags, ready to be reviewed."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from app.accounts.schemas import Actor
from app.interviews import operations as interviews
from app.interviews.models import Answer, ConsentItem, Interview
from app.interviews.queries import get_answer
from app.interviews.schemas import FinishInput
from app.language.codebook import Facet, Stage
from app.language.schemas import SentenceTags, StageTag
from app.tagging.models import Sentence, Tag
from app.tagging.operations import store_tags
from tests.interviews.build import an_interview, typed

SAID = "友達に聞いて知りました。かわいいから買いました。"


@dataclass(frozen=True)
class Reviewed:
    """Who reviews, what was said, and the rows it became."""

    actor: Actor
    interview: Interview
    answer: Answer


def split_at_stops(text: str, *stages: Stage) -> tuple[SentenceTags, ...]:
    """Return the sentences of a text that ends each with 。, tagged with these stages in order."""
    found, at = [], 0
    for place, part in enumerate(text.split("。")[:-1]):
        tag = StageTag(stage=stages[place % len(stages)], confidence=0.7, start=0, end=2, rule="test")
        found.append(
            SentenceTags(start=at, end=at + len(part) + 1, text=f"{part}。", tags=(tag,), facets=(Facet.ACTION,))
        )
        at += len(part) + 1
    return tuple(found)


def a_tagged_answer(
    session: Session,
    *,
    now: datetime,
    text: str = SAID,
    granted: frozenset[ConsentItem] = frozenset({ConsentItem.PARTICIPATION}),
    finished: bool = True,
) -> Reviewed:
    actor, interview = an_interview(session, now=now, granted=granted)
    interviews.save_answer(session, actor=actor, interview=interview, question_id="q2", data=typed(text), now=now)
    if finished:
        interviews.finish(session, actor=actor, interview=interview, data=FinishInput(), now=now)
    answer = get_answer(session, interview, "q2")
    assert answer is not None
    store_tags(session, answer=answer, sentences=split_at_stops(text, Stage.AWARENESS, Stage.PURCHASE_REASON), now=now)
    return Reviewed(actor=actor, interview=interview, answer=answer)


def sentences(session: Session, answer: Answer) -> list[Sentence]:
    query = select(Sentence).where(Sentence.answer_id == answer.id).order_by(Sentence.position)  # type: ignore[arg-type]  # a column
    return list(session.exec(query))


def tags(session: Session, sentence: Sentence) -> list[Tag]:
    return list(session.exec(select(Tag).where(Tag.sentence_id == sentence.id)))
