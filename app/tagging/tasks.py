"""Tags a finished interview in the background: the tagger is asked outside any transaction."""

import logging

from sqlmodel import select

from app.core.database import read_session, write_session
from app.core.logging import one_line
from app.interviews.models import Answer, Interview
from app.jobs.schemas import JobServices
from app.language.client import LanguageClient
from app.language.protocol import LanguageUnavailable
from app.tagging.operations import store_tags
from app.tagging.queries import AnswerContext, contexts

log = logging.getLogger(__name__)


def tag_interview(services: JobServices, interview_id: str) -> None:
    """Propose tags for every answer of an interview.

    An answer that changes meanwhile, and one that the language process fails over, is left for the next run.
    """
    with read_session(services.engine) as session:
        interview = session.exec(select(Interview).where(Interview.public_id == interview_id)).one_or_none()
        waiting = contexts(session, interview) if interview else []
    tagged = 0
    for context in waiting:
        try:
            tag_answer(services, context)
            tagged += 1
        except LanguageUnavailable:
            log.warning("no tags for answer %d of %s", context.answer_id, one_line(interview_id))
    log.info("tagged %d of %d answers of %s", tagged, len(waiting), one_line(interview_id))


def tag_answer(services: JobServices, context: AnswerContext) -> None:
    """Propose tags for one answer, in a short transaction of its own."""
    language: LanguageClient = services.language
    sentences = language.analyse_answer_now(
        context.text,
        question=context.question,
        question_text=context.question_text,
        customer=context.customer,
        product=context.product,
    )
    with write_session(services.engine) as session:
        answer = session.get(Answer, context.answer_id)
        if answer is not None and answer.version == context.version:
            store_tags(session, answer=answer, sentences=sentences, now=services.clock())
