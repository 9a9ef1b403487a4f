"""Boards: the list, many people side by side, one customer."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.schemas import Actor
from app.boards import queries
from app.boards.schemas import BoardLine, PersonBoard, StudyBoard
from app.web.deps import ReadSession, permit, services
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
async def show_boards(request: Request, db: ReadSession, actor: Reader) -> Response:
    """Show the studies with the people who were heard."""
    return render(request, "boards/boards.html", BoardsPage(queries.list_boards(db, actor=actor)))


@router.get("/studies/{study_id}/board", name="study_board")
async def show_study_board(request: Request, study_id: str, db: ReadSession, actor: Reader) -> Response:
    """Show a study's people side by side."""
    board = queries.study_board(db, services(request).orders, actor=actor, study_id=study_id)
    return render(request, "boards/study.html", StudyBoardPage(board))


@router.get("/studies/{study_id}/people/{person_id}", name="person_board")
async def show_person_board(
    request: Request, study_id: str, person_id: str, db: ReadSession, actor: Reader
) -> Response:  # fmt: skip
    """Show one customer."""
    board = queries.person_board(db, services(request).orders, actor=actor, study_id=study_id, person_id=person_id)
    return render(request, "boards/person.html", PersonBoardPage(board))
