"""Tags: the queue, the review of one interview, decisions, corrections, and the spans under a live answer."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.responses import RedirectResponse, Response

from app.accounts.schemas import Actor
from app.core.database import read_session, write_session
from app.core.errors import AppError, NotFound
from app.core.i18n import N_, translator
from app.core.types import CleanText
from app.interviews import queries as interviews
from app.language.codebook import STAGE_SHORT, Stage
from app.language.protocol import LanguageUnavailable
from app.language.schemas import SentenceTags
from app.tagging import operations, pages, queries
from app.tagging.queries import AnswerContext
from app.tagging.schemas import Decision, NewTag, SentenceView
from app.tagging.views import live_spans
from app.web.deps import PostedForm, ReadSession, WriteSession, permit, services
from app.web.forms import FormInvalid
from app.web.render import locale_of, redirect, render

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("tags.read"))]
Writer = Annotated[Actor, Depends(permit("tags.write"))]
ASK_AGAIN_SECONDS = "3"
AWAY = N_("Journey stages cannot be proposed just now. The answers themselves are saved.")


class Revision(BaseModel):
    """The corrected text of an answer."""

    model_config = ConfigDict(extra="ignore")

    text: Annotated[CleanText, StringConstraints(strip_whitespace=True, min_length=1, max_length=100_000)]
    version: int


@dataclass(frozen=True)
class LiveTags:
    """Spans that together hold the whole answer."""

    spans: tuple[SentenceView, ...]


@router.get("/tags", name="tag_queue")
async def tag_queue(request: Request, db: ReadSession, actor: Reader, stage: str = "") -> Response:
    """List the interviews whose tags wait for a person."""
    chosen = Stage(stage) if stage in set(Stage) else None
    return render(request, "tagging/queue.html", pages.queue_page(db, actor=actor, stage=chosen))


@router.get("/interviews/{interview_id}/tags", name="tag_review")
async def tag_review(request: Request, interview_id: str, db: ReadSession, actor: Reader, scores: str = "") -> Response:
    """Show the answers of an interview sentence by sentence with their stages."""
    page = pages.review_page(db, actor=actor, interview_id=interview_id, show_scores=scores == "1")
    return render(request, "tagging/review.html", page)


@router.post("/tags/{tag_id}", name="tag_decide")
async def tag_decide(request: Request, tag_id: str, form: PostedForm, db: WriteSession, actor: Writer) -> Response:
    """Accept, reject or change a tag."""
    tag, sentence, interview = queries.get_tag(db, actor=actor, tag_id=tag_id)
    try:
        operations.decide(db, actor=actor, tag=tag, data=form.parse(Decision), now=services(request).clock())
    except (FormInvalid, AppError) as fault:
        return again(request, actor, interview.public_id, fault)
    return changed(request, db, actor, interview.public_id, sentence.public_id)


@router.post("/sentences/{sentence_id}/tags", name="tag_add")
async def tag_add(request: Request, sentence_id: str, form: PostedForm, db: WriteSession, actor: Writer) -> Response:
    """Add a stage to a sentence."""
    sentence, interview = queries.get_sentence(db, actor=actor, sentence_id=sentence_id)
    try:
        data = form.parse(NewTag)
        operations.add_tag(db, actor=actor, sentence=sentence, data=data, now=services(request).clock())
    except (FormInvalid, AppError) as fault:
        return again(request, actor, interview.public_id, fault)
    return changed(request, db, actor, interview.public_id, sentence.public_id)


@router.post("/interviews/{interview_id}/tags/accept", name="tags_accept_all")
async def accept_all(request: Request, interview_id: str, db: WriteSession, actor: Writer) -> Response:
    """Accept every tag of an interview that waits."""
    interview = queries.readable_interview(db, actor=actor, interview_id=interview_id)
    operations.accept_all(db, actor=actor, interview=interview, now=services(request).clock())
    return redirect(request, "tag_review", interview_id=interview_id)


@router.post("/interviews/{interview_id}/tags/refresh", name="tags_refresh")
async def refresh(request: Request, interview_id: str, form: PostedForm, actor: Writer) -> Response:
    """Ask for the tags of an interview once more; decisions stay."""
    del form
    parts = services(request)
    with read_session(parts.engine) as db:
        queries.readable_interview(db, actor=actor, interview_id=interview_id)
    parts.enqueue("tagging.interview", interview_id)
    return redirect(request, "tag_review", interview_id=interview_id)


@router.post("/interviews/{interview_id}/answers/{question_id}/text", name="answer_revise")
async def answer_revise(
    request: Request, interview_id: str, question_id: str, form: PostedForm, actor: Writer
) -> Response:
    """Correct the text of an answer; tags move along with their sentences."""
    parts = services(request)
    try:
        data = form.parse(Revision)
        with read_session(parts.engine) as db:
            context = context_of(db, actor, interview_id, question_id)
        sentences = await analysed(request, context, data.text)
        with write_session(parts.engine) as db:
            answer = queries.get_answer(db, actor=actor, interview_id=interview_id, question_id=question_id)
            operations.revise_answer(
                db,
                actor=actor,
                answer=answer,
                text=data.text,
                version=data.version,
                sentences=sentences,
                now=parts.clock(),
            )
    except (FormInvalid, AppError) as fault:
        return again(request, actor, interview_id, fault)
    return back(request, interview_id, question_id)


@router.get("/interviews/{interview_id}/answers/{question_id}/tags", name="live_tags")
async def live_tags(request: Request, interview_id: str, question_id: str, actor: Reader) -> Response:
    """Return the saved answer as spans with seals, for the mirror of the live screen; nothing is stored."""
    with read_session(services(request).engine) as db:
        context = context_of(db, actor, interview_id, question_id)
    words = translator(locale_of(request))
    away = {}
    try:
        sentences = await analysed(request, context, context.text)
        summary = summary_of(request, sentences)
    except LanguageUnavailable:
        sentences, summary, away = (), words(AWAY), {"Retry-After": ASK_AGAIN_SECONDS}
    response = render(request, "tagging/_live.html", LiveTags(spans=live_spans(context.text, sentences)))
    response.headers.update(away)
    response.headers["X-Answer-Version"] = str(context.version)
    response.headers["X-Tags-Summary"] = quote(summary)
    return response


def context_of(db: ReadSession, actor: Actor, interview_id: str, question_id: str) -> AnswerContext:
    """Return an answer with its context; one that was never written is empty.

    Raises:
        NotFound: the interview is not this person's to see, or does not ask the question.
    """
    interview = queries.readable_interview(db, actor=actor, interview_id=interview_id)
    interviews.questions_of(db, interview).find(question_id)
    found = [context for context in queries.contexts(db, interview) if context.question == question_id]
    return found[0] if found else AnswerContext(0, 0, "", question_id, "", "", "")


async def analysed(request: Request, context: AnswerContext, text: str) -> tuple[SentenceTags, ...]:
    """Return the sentences of a text in an answer's place."""
    if not text.strip():
        return ()
    return await services(request).language.analyse_answer(
        text,
        question=context.question,
        question_text=context.question_text,
        customer=context.customer,
        product=context.product,
    )


def summary_of(request: Request, sentences: tuple[SentenceTags, ...]) -> str:
    """Return one short line for readers of the screen: how many sentences, and the stage of the last."""
    words = translator(locale_of(request))
    count = words.plural("{n} sentence", "{n} sentences", n=len(sentences))
    last = next((one.tags for one in reversed(sentences) if one.tags), ())
    names = [words(STAGE_SHORT[tag.stage]) for tag in last]
    return words.join([count, *names])


def again(request: Request, actor: Actor, interview_id: str, fault: FormInvalid | AppError) -> Response:
    """Show the review again with what was wrong."""
    if isinstance(fault, NotFound):
        raise fault
    error = fault if isinstance(fault, AppError) else AppError("entry", N_("Please check this entry."))
    with read_session(services(request).engine) as db:
        page = pages.review_page(db, actor=actor, interview_id=interview_id, error=error)
    return render(request, "tagging/review.html", page, status=error.status)


def changed(request: Request, db: WriteSession, actor: Actor, interview_id: str, sentence_id: str) -> Response:
    """Return the sentence anew to the script, or lead a plain form back to it."""
    if request.headers.get("hx-request") != "true":
        return back(request, interview_id, sentence_id)
    scores = request.query_params.get("scores") == "1"
    page = pages.changed_sentence(
        db, actor=actor, interview_id=interview_id, sentence_id=sentence_id, show_scores=scores
    )
    return render(request, "tagging/_changed.html", page)


def back(request: Request, interview_id: str, place: str) -> RedirectResponse:
    """Lead back to the place on the review that was worked on."""
    response = redirect(request, "tag_review", interview_id=interview_id)
    scores = "?scores=1" if request.query_params.get("scores") == "1" else ""
    response.headers["location"] += f"{scores}#{place}"
    return response
