"""Quotes as boards use them: joined with the person, cut to the reader's scope at the moment of reading."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from app.boards.people import Speaker, Voices
from app.boards.schemas import BoardQuote, View
from app.boards.scope import left_out, readable, scope_of
from app.interviews import queries as interviews
from app.interviews.models import ConsentItem, Interview
from app.language.codebook import STAGES, AnxietyKind, CancelReason, Channel, Facet, Stage
from app.tagging import queries as tagging
from app.tagging.models import TagState
from app.tagging.schemas import Quote


def voices(session: Session, held: Sequence[Interview], *, speakers: Mapping[int, Speaker], view: View) -> Voices:
    """Return the quotes of these interviews in journey order; `speakers` by the person's row id."""
    shown: list[BoardQuote] = []
    hidden: list[Quote] = []
    for interview in held:
        if interview.id is None or interview.person_id not in speakers:
            continue
        granted = interviews.consent_items(session, interview.id)
        said = tagging.quotes(session, interview_id=interview.id)
        if readable(granted, view):
            shown += [board_quote(quote, speakers[interview.person_id], granted) for quote in said]
        else:
            hidden += said
    order = {stage: place for place, stage in enumerate(STAGES)}
    shown.sort(key=lambda quote: (order[quote.stage], quote.person_id, quote.question_id, quote.position))
    return Voices(quotes=tuple(shown), left_out=left_out(hidden), hidden=tuple(hidden))


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
