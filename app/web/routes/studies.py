"""Studies: the list, a new one, and the page of one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.schemas import Actor
from app.candidates.board import study_overview, study_progress
from app.candidates.schemas import LaneProgress
from app.core.errors import AppError
from app.purchases.segments.rule import Rule, read_rule
from app.studies import operations, queries
from app.studies.guide_file import hypothesis_templates
from app.studies.schemas import HypothesisTemplate, MemberChange, NewStudy, StudyChange, StudyDetail
from app.web.deps import PostedForm, ReadSession, WriteSession, permit, services
from app.web.forms import FieldError, FormInvalid
from app.web.render import redirect, render

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("studies.read"))]
Writer = Annotated[Actor, Depends(permit("studies.write"))]
MEMBER_ACTIONS = frozenset({"add_member", "remove_member"})


@dataclass(frozen=True)
class NewStudyPage:
    """The form of a new study."""

    templates: Sequence[HypothesisTemplate]
    typed: dict[str, str] = field(default_factory=dict)
    chosen: Sequence[str] = ()
    people: Rule = field(default_factory=Rule)
    errors: dict[str, FieldError] = field(default_factory=dict)


@dataclass(frozen=True)
class StudyPage:
    """A study; `typed` holds what was posted when something is wrong with it."""

    study: StudyDetail
    lanes: tuple[LaneProgress, ...]
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, FieldError] = field(default_factory=dict)


def study_page(db: Session, actor: Actor, study_id: str) -> StudyPage:
    """Return the page of one study."""
    detail = queries.study_detail(db, actor=actor, study_id=study_id)
    return StudyPage(study=detail, lanes=study_progress(db, detail=detail))


@router.get("/studies", name="studies")
async def show_studies(request: Request, db: ReadSession, actor: Reader) -> Response:
    """List one's studies."""
    return render(request, "studies/studies.html", study_overview(db, services(request).orders, actor=actor))


@router.get("/studies/new", name="study_new")
async def new_study(request: Request, actor: Writer) -> Response:
    """Show the form of a new study; an address may bring a product, hypotheses to start from, and whom to propose."""
    del actor
    query = request.query_params
    typed = {"product": query.get("product", ""), "people": query.get("people", "")}
    page = NewStudyPage(hypothesis_templates(), typed, query.getlist("template"), read_rule(typed["people"]))
    return render(request, "studies/new.html", page)


@router.post("/studies", name="study_create")
async def create_study(request: Request, form: PostedForm, db: WriteSession, actor: Writer) -> Response:
    """Make a study and lead to it."""
    try:
        study = operations.create_study(db, actor=actor, data=form.parse(NewStudy), now=services(request).clock())
    except (FormInvalid, AppError) as fault:
        db.rollback()
        page = NewStudyPage(
            hypothesis_templates(), form.values, form.lists.get("templates", ()),
            read_rule(form.values.get("rule", "")), problems(fault),
        )  # fmt: skip
        return render(request, "studies/new.html", page, status=422)
    return redirect(request, "study", study_id=study.public_id)


@router.get("/studies/{study_id}", name="study")
async def show_study(request: Request, study_id: str, db: ReadSession, actor: Reader) -> Response:
    """Show one study."""
    return render(request, "studies/study.html", study_page(db, actor, study_id))


@router.post("/studies/{study_id}", name="study_update")
async def update_study(
    request: Request, study_id: str, form: PostedForm, db: WriteSession, actor: Writer
) -> Response:  # fmt: skip
    """Change what a study asks for, or who is a member."""
    study = queries.get_study(db, actor=actor, study_id=study_id)
    try:
        if form.values.get("action") in MEMBER_ACTIONS:
            operations.change_member(db, study=study, data=form.parse(MemberChange))
        else:
            operations.update_study(db, study=study, data=form.parse(StudyChange))
    except (FormInvalid, AppError) as fault:
        db.rollback()
        page = study_page(db, actor, study_id)
        wrong = StudyPage(study=page.study, lanes=page.lanes, typed=form.values, errors=problems(fault))
        return render(request, "studies/study.html", wrong, status=422)
    return redirect(request, "study", study_id=study_id)


def problems(fault: FormInvalid | AppError) -> dict[str, FieldError]:
    """Return what is wrong, by field; a fault of the whole form stands under its code."""
    if isinstance(fault, FormInvalid):
        return fault.errors
    where = {"no_quota": "loyal", "quotas_too_many": "quotas", "no_login": "login", "last_member": "login"}.get(
        fault.code, ""
    )
    return {where: FieldError(message=fault.message, params=fault.params)}
