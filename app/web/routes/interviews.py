"""Interviews: list, consent, the live screen and its saves, closing, and the finished talk read only."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from app.accounts.schemas import Actor
from app.candidates import queries as candidates
from app.core.database import write_session
from app.core.errors import NotFound
from app.core.i18n import N_
from app.interviews import operations, pages, queries
from app.interviews.answers import AnswerConflict
from app.interviews.models import ConsentItem, ConsentWay, Interview, InterviewState, NextIntention
from app.interviews.schemas import (
    AnswerInput,
    ClosingPage,
    ConflictView,
    ConsentInput,
    FinishInput,
    LivePage,
    SavedAnswer,
    StartInput,
    TagCount,
)
from app.studies import queries as studies
from app.tagging import queries as tags
from app.web.aside import read_aside
from app.web.deps import PostedForm, ReadSession, WriteSession, permit, services
from app.web.forms import Form, FormInvalid
from app.web.render import locale_of, redirect, render

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("interviews.read"))]
Writer = Annotated[Actor, Depends(permit("interviews.write"))]
Write = Callable[[Session, Interview, AnswerInput], SavedAnswer]
AUTOSAVE = "x-autosave"


@router.get("/interviews", name="interviews")
async def interview_list(request: Request, db: ReadSession, actor: Reader) -> Response:
    """Show who can be interviewed now, what is under way and what is finished."""
    return render(request, "interviews/interviews.html", queries.list_interviews(db, actor=actor))


@router.post("/studies/{study_id}/candidates/{candidate_id}/interview", name="interview_start")
async def start(
    request: Request, study_id: str, candidate_id: str, *, form: PostedForm, db: WriteSession, actor: Writer
) -> Response:
    """Open the interview of a candidate and lead to the consent page."""
    study = studies.get_study(db, actor=actor, study_id=study_id)
    candidate = candidates.get_candidate(db, actor=actor, candidate_id=candidate_id)
    if candidate.study_id != study.id:
        raise NotFound("no_candidate", N_("There is no such candidate in this study."))
    try:
        data = form.parse(StartInput)
    except FormInvalid:
        data = StartInput()
    interview = operations.start(db, actor=actor, candidate=candidate, data=data, now=services(request).clock())
    return redirect(request, "interview_consent", interview_id=interview.public_id)


@router.get("/interviews/{interview_id}", name="interview")
async def show(request: Request, interview_id: str, db: ReadSession, actor: Reader) -> Response:
    """Show one interview, read only."""
    page = pages.interview_page(db, actor=actor, interview_id=interview_id, now=services(request).clock())
    if page.head.finished_at is not None and page.head.participating:
        page = replace(page, tags=_tag_count(db, interview_id))
    return render(request, "interviews/interview.html", page)


@router.get("/interviews/{interview_id}/consent", name="interview_consent")
async def consent(request: Request, interview_id: str, db: ReadSession, actor: Reader) -> Response:
    """Show the sentences to read out and what the customer said to each."""
    page = pages.consent_page(db, actor=actor, interview_id=interview_id, locale=locale_of(request))
    return render(request, "interviews/consent.html", page)


@router.post("/interviews/{interview_id}/consent", name="interview_consent")
async def consent_save(
    request: Request, interview_id: str, form: PostedForm, db: WriteSession, actor: Writer
) -> Response:
    """Store the customer's decisions; taking part leads to the live screen."""
    try:
        data = form.parse(ConsentInput)
    except FormInvalid as invalid:
        page = pages.consent_page(
            db, actor=actor, interview_id=interview_id, locale=locale_of(request), errors=invalid.errors
        )
        typed = replace(page, checked=_checked(form), way=_way(form))
        return render(request, "interviews/consent.html", typed, status=422)
    interview = queries.get_interview(db, actor=actor, interview_id=interview_id)
    operations.record_consent(db, actor=actor, interview=interview, data=data, now=services(request).clock())
    live = interview.state is InterviewState.LIVE and ConsentItem.PARTICIPATION in data.granted
    return redirect(request, "interview_live" if live else "interview_consent", interview_id=interview_id)


@router.get("/interviews/{interview_id}/live", name="interview_live")
async def live(request: Request, interview_id: str, actor: Writer, q: str = "") -> Response:
    """Show the live screen; without consent to take part, the consent page comes first."""
    page = await _live_page(request, actor, interview_id, q)
    if page.head.state is InterviewState.FINISHED:
        return redirect(request, "interview", interview_id=interview_id)
    if not page.head.participating:
        return redirect(request, "interview_consent", interview_id=interview_id)
    return render(request, "interviews/live.html", page)


@router.post("/interviews/{interview_id}/answers/{question_id}", name="answer_save")
async def answer_save(
    request: Request, interview_id: str, question_id: str, form: PostedForm, actor: Writer
) -> Response:
    """Save what was typed, from the script (a partial comes back) or from the plain form."""

    def write(db: Session, interview: Interview, data: AnswerInput) -> SavedAnswer:
        now = services(request).clock()
        return operations.save_answer(db, actor=actor, interview=interview, question_id=question_id, data=data, now=now)

    return await _keep(request, form, actor, (interview_id, question_id), write)


@router.post("/interviews/{interview_id}/questions/{question_id}/skip", name="question_skip")
async def question_skip(
    request: Request, interview_id: str, question_id: str, form: PostedForm, actor: Writer
) -> Response:
    """Skip a question; anything already typed is kept."""

    def write(db: Session, interview: Interview, data: AnswerInput) -> SavedAnswer:
        now = services(request).clock()
        return operations.skip(db, actor=actor, interview=interview, question_id=question_id, data=data, now=now)

    return await _keep(request, form, actor, (interview_id, question_id), write)


@router.get("/interviews/{interview_id}/finish", name="interview_closing")
async def closing(request: Request, interview_id: str, actor: Writer) -> Response:
    """Show what is still missing before the interview is finished."""
    page = await _closing_page(request, actor, interview_id)
    if page.head.state is not InterviewState.LIVE:
        return redirect(request, "interview", interview_id=interview_id)
    return render(request, "interviews/closing.html", page)


@router.post("/interviews/{interview_id}/finish", name="interview_finish")
async def finish(request: Request, interview_id: str, form: PostedForm, actor: Writer) -> Response:
    """Close the interview and ask for its tags."""
    parts = services(request)
    try:
        data = form.parse(FinishInput)
    except FormInvalid as invalid:
        page = await _closing_page(request, actor, interview_id)
        typed = replace(page, errors=invalid.errors, memo=form.values.get("memo", ""), intention=_intention(form))
        return render(request, "interviews/closing.html", typed, status=422)
    with write_session(parts.engine) as db:
        interview = queries.get_interview(db, actor=actor, interview_id=interview_id)
        operations.finish(db, actor=actor, interview=interview, data=data, now=parts.clock())
    parts.enqueue("tagging.interview", interview_id)
    return redirect(request, "interview", interview_id=interview_id)


async def _keep(request: Request, form: Form, actor: Actor, ids: tuple[str, str], write: Write) -> Response:
    """Write one save and answer in the way it was asked: a partial to the script, a page to the form."""
    interview_id, question_id = ids
    parts = services(request)
    try:
        data = form.parse(AnswerInput)
        with write_session(parts.engine) as db:
            saved = write(db, queries.get_interview(db, actor=actor, interview_id=interview_id), data)
    except FormInvalid as invalid:
        return await _refused(request, actor, ids, invalid, form)
    except AnswerConflict as clash:
        return await _clash(request, actor, ids, clash)
    if AUTOSAVE in request.headers:
        response = render(request, "interviews/_saved.html", saved)
        response.headers.update({"X-Answer-Version": str(saved.version), "X-Answer-State": saved.state.value})
        return response
    return _onward(request, interview_id, form.values.get("then", "") or question_id)


def _onward(request: Request, interview_id: str, then: str) -> Response:
    if then == "closing":
        return redirect(request, "interview_closing", interview_id=interview_id)
    path = request.app.url_path_for("interview_live", interview_id=interview_id)
    return RedirectResponse(f"{path}?{urlencode({'q': then})}", status_code=303)


async def _clash(request: Request, actor: Actor, ids: tuple[str, str], clash: AnswerConflict) -> Response:
    view = ConflictView(stored=clash.stored, typed=clash.typed)
    if AUTOSAVE in request.headers:
        response = render(request, "interviews/_conflict.html", view, status=409)
        response.headers["X-Answer-Conflict"] = str(view.stored.version)
        return response
    page = await _live_page(request, actor, *ids)
    return render(request, "interviews/live.html", replace(page, conflict=view), status=409)


async def _refused(request: Request, actor: Actor, ids: tuple[str, str], invalid: FormInvalid, form: Form) -> Response:
    page = await _live_page(request, actor, *ids)
    typed = replace(page, errors=invalid.errors, typed=form.values)
    return render(request, "interviews/live.html", typed, status=422)


async def _live_page(request: Request, actor: Actor, interview_id: str, question_id: str) -> LivePage:
    """Read the screen beside the event loop: the timeline comes out of the order files."""
    parts = services(request)
    work = partial(
        pages.live_page,
        store=parts.orders,
        actor=actor,
        interview_id=interview_id,
        question_id=question_id,
        now=parts.clock(),
    )
    return await read_aside(request, work)


async def _closing_page(request: Request, actor: Actor, interview_id: str) -> ClosingPage:
    parts = services(request)
    work = partial(pages.closing_page, store=parts.orders, actor=actor, interview_id=interview_id, now=parts.clock())
    return await read_aside(request, work)


def _tag_count(db: Session, interview_id: str) -> TagCount:
    number = tags.row_numbers(db, [interview_id])[interview_id]
    waiting, every = tags.waiting_counts(db, [number], None).get(number, (0, 0))
    return TagCount(waiting=waiting, checked=every - waiting)


def _checked(form: Form) -> frozenset[ConsentItem]:
    return frozenset(item for item in ConsentItem if item.value in form.lists.get("granted", []))


def _intention(form: Form) -> NextIntention | None:
    given = form.values.get("next_intention", "")
    return next((one for one in NextIntention if one.value == given), None)


def _way(form: Form) -> ConsentWay | None:
    given = form.values.get("way", "")
    return next((way for way in ConsentWay if way.value == given), None)
