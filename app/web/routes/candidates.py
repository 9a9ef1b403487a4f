"""The candidates of a study: the page, a run of the picker, steps, and people chosen by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.schemas import Actor
from app.candidates import operations
from app.candidates.board import candidate_board
from app.candidates.planning import plan_pick
from app.candidates.queries import get_candidate
from app.candidates.schemas import Bought, CandidateBoard, NewCandidate, PickInput, PickPlan, StateChange
from app.core.database import write_session
from app.core.errors import AppError, NotFound
from app.core.i18n import N_
from app.interviews.queries import interviews_by_candidate
from app.studies.queries import get_study
from app.web.aside import read_aside
from app.web.deps import PostedForm, WriteSession, permit, services
from app.web.forms import Form, FormInvalid, Model
from app.web.render import redirect, render

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("candidates.read"))]
Writer = Annotated[Actor, Depends(permit("candidates.write"))]
UNREADABLE = N_("This entry could not be read. Go back and check it.")


@dataclass(frozen=True)
class CandidatesPage:
    """The page of a study's candidates; `interviews` leads from a candidate to the interview once it is opened."""

    board: CandidateBoard
    interviews: Mapping[str, str]


@router.get("/studies/{study_id}/candidates", name="candidates")
async def show_candidates(request: Request, study_id: str, actor: Reader) -> Response:
    """Show whom to listen to, and why."""
    parts, now = services(request), services(request).clock()

    def work(db: Session) -> CandidatesPage:
        board = candidate_board(db, parts.orders, actor=actor, study_id=study_id, now=now)
        return CandidatesPage(board, interviews_by_candidate(db, board.study_id))

    return render(request, "candidates/candidates.html", await read_aside(request, work))


@router.post("/studies/{study_id}/candidates/pick", name="candidates_pick")
async def pick(request: Request, study_id: str, form: PostedForm, actor: Writer) -> Response:
    """Run the picker: plan by reading, then write quickly."""
    parts, now = services(request), services(request).clock()
    asked = parsed(form, PickInput)

    def work(db: Session) -> PickPlan:
        study = get_study(db, actor=actor, study_id=study_id)
        return plan_pick(db, parts.orders, study=study, as_of=asked.as_of, now=now)

    plan = await read_aside(request, work)
    with write_session(parts.engine) as db:
        study = get_study(db, actor=actor, study_id=study_id)
        operations.keep_pick(db, actor=actor, study=study, plan=plan, now=now)
    return redirect(request, "candidates", study_id=study_id)


@router.post("/studies/{study_id}/candidates", name="candidate_add")
async def add(request: Request, study_id: str, form: PostedForm, actor: Writer) -> Response:
    """Make a customer a candidate by hand: look at the orders first, then write quickly."""
    parts = services(request)
    wanted = parsed(form, NewCandidate)

    def work(db: Session) -> Bought:
        get_study(db, actor=actor, study_id=study_id)
        return operations.read_bought(db, parts.orders, customer_ref=wanted.customer_ref)

    bought = await read_aside(request, work)
    with write_session(parts.engine) as db:
        study = get_study(db, actor=actor, study_id=study_id)
        operations.keep_nominated(db, actor=actor, study=study, bought=bought, now=parts.clock())
    return redirect(request, "candidates", study_id=study_id)


@router.post("/studies/{study_id}/candidates/{candidate_id}/state", name="candidate_state")
async def change_state(
    request: Request, study_id: str, candidate_id: str, *, form: PostedForm, db: WriteSession, actor: Writer
) -> Response:  # fmt: skip
    """Take a candidate one step further."""
    parts = services(request)
    study = get_study(db, actor=actor, study_id=study_id)
    candidate = get_candidate(db, actor=actor, candidate_id=candidate_id)
    if candidate.study_id != study.id:
        raise NotFound("no_candidate", N_("There is no such candidate, or you are not a member of the study."))
    change = parsed(form, StateChange)
    when = change.scheduled_for
    if when is not None and when.tzinfo is None:
        when = when.replace(tzinfo=ZoneInfo(parts.settings.timezone))
    operations.move(
        db, candidate=candidate, state=change.state, now=parts.clock(), actor=actor, scheduled_for=when
    )  # fmt: skip
    return redirect(request, "candidates", study_id=study_id)


def parsed(form: Form, model: type[Model]) -> Model:
    """Return the form as `model`.

    Raises:
        AppError: it does not parse; these forms are buttons, so there is no field to point at.
    """
    try:
        return form.parse(model)
    except FormInvalid as invalid:
        raise AppError("unreadable_form", UNREADABLE) from invalid
