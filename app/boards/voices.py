"""Quotes as boards use them: joined with the person, cut to the reader's scope at the moment of reading."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from app.boards.people import Speaker, Voices
from app.boards.schemas import BoardQuote, View
from app.boards.scope import left_out, readable, scope_of
from app.interviews import queries as interviews
from app.interviews.models import ConsentItem, Interview
from app.language.codebook import STAGES, AnxietyKind, CancelReason, Channel, Facet, Stage
from app.tagging.models import TagState
from app.tagging.schemas import Quote


def voices(
    session: Session,
    held: Sequence[Interview],
    *,
    said: Sequence[Quote],
    speakers: Mapping[int, Speaker],
    view: View,
) -> Voices:
    """Return what was said in these interviews in journey order; `speakers` by the person's row id."""
    granted = interviews.consents_by_interview(session, [row.id for row in held if row.id is not None])
    shown: list[BoardQuote] = []
    hidden: list[Quote] = []
    for quote in said:
        if quote.interview_id not in granted or quote.person_id not in speakers:
            continue
        items = granted[quote.interview_id]
        if readable(items, view):
            shown.append(board_quote(quote, speakers[quote.person_id], items))
        else:
            hidden.append(quote)
    order = {stage: place for place, stage in enumerate(STAGES)}
    seat = {speaker.person_id: place for place, speaker in enumerate(speakers.values())}
    shown.sort(key=lambda quote: (order[quote.stage], seat[quote.person_id], asked(quote.question_id), quote.position))
    return Voices(quotes=tuple(shown), left_out=left_out(hidden), hidden=tuple(hidden))


def asked(question_id: str) -> tuple[bool, str]:
    """Return the place of a question in a talk: the two for those who stopped come after the seven."""
    return question_id.startswith("c"), question_id


def board_quote(quote: Quote, speaker: Speaker, granted: frozenset[ConsentItem]) -> BoardQuote:
    """Return one quote with its speaker and scope."""
    return BoardQuote(
        sentence_id=quote.sentence_id,
        text=quote.text,
        start=quote.start,
        end=quote.end,
        stage=Stage(quote.stage),
        facets=tuple(Facet(facet) for facet in quote.facets),
        channels=tuple(Channel(channel) for channel in quote.channel),
        cancel_reasons=tuple(CancelReason(reason) for reason in quote.cancel_reason),
        anxiety_kinds=tuple(AnxietyKind(kind) for kind in quote.anxiety_kind),
        question_id=quote.question_id,
        position=quote.position,
        confirmed=quote.state in {TagState.ACCEPTED, TagState.CHANGED},
        scope=scope_of(granted),
        interview_id=quote.interview_public_id,
        person_id=speaker.person_id,
        code_name=speaker.code_name,
        customer_class=speaker.customer_class,
    )
