"""Boards: the list, many people side by side, one customer."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.schemas import Actor
from app.boards import queries
from app.boards.schemas import PersonBoard
from app.boards.study_schemas import BoardLine, StudyBoard
from app.web.aside import read_aside
from app.web.deps import permit, services
from app.web.render import render

router = APIRouter()
Reader = Annotated[Actor, Depends(permit("boards.read"))]


@dataclass(frozen=True)
class BoardsPage:
    """The list of boards."""

    studies: tuple[BoardLine, ...]


@dataclass(frozen=True)
class StudyBoardPage:
    """Many people side by side."""

    board: StudyBoard


@dataclass(frozen=True)
class PersonBoardPage:
    """One customer."""

    board: PersonBoard


@router.get("/boards", name="boards")
async def show_boards(request: Request, actor: Reader) -> Response:
    """Show the studies with the people who were heard."""
    lines = await read_aside(request, partial(queries.list_boards, actor=actor))
    return render(request, "boards/boards.html", BoardsPage(lines))


@router.get("/studies/{study_id}/board", name="study_board")
async def show_study_board(request: Request, study_id: str, actor: Reader) -> Response:
    """Show a study's people side by side."""
    store, by = services(request).orders, request.query_params.get("by", "")
    work = partial(queries.study_board, store=store, actor=actor, study_id=study_id, by=by)
    board = await read_aside(request, work)
    return render(request, "boards/study.html", StudyBoardPage(board))


@router.get("/studies/{study_id}/people/{person_id}", name="person_board")
async def show_person_board(request: Request, study_id: str, person_id: str, actor: Reader) -> Response:
    """Show one customer."""
    store = services(request).orders
    work = partial(queries.person_board, store=store, actor=actor, study_id=study_id, person_id=person_id)
    return render(request, "boards/person.html", PersonBoardPage(await read_aside(request, work)))
