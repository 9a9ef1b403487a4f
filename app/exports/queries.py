"""Reads of exports: what a file would hold, and what has left the house so far."""

from sqlmodel import Session, col, select

from app.accounts.models import User
from app.accounts.permissions import require
from app.accounts.schemas import Actor
from app.boards import queries as boards
from app.exports.models import ExportLog
from app.exports.schemas import Content, ExportList, LogLine, NewExport, StudyChoice
from app.purchases import queries as purchases
from app.purchases.store import OrdersStore
from app.studies import queries as studies
from app.studies.models import Study

LOG_LINES = 100


def content(session: Session, store: OrdersStore, *, actor: Actor, study_id: str, data: NewExport) -> Content:
    """Return what the file will hold, cut to this reader's scope at this moment.

    Raises:
        Forbidden: the role may not export.
        NotFound: not a member of the study, or the person is not in it.
    """
    require(actor, "exports.create")
    if data.person_id:
        person = boards.person_board(session, store, actor=actor, study_id=study_id, person_id=data.person_id)
        return Content(kind=data.kind, board=person)
    board = boards.study_board(session, store, actor=actor, study_id=study_id, by=data.by)
    return Content(kind=data.kind, board=board)


def export_list(session: Session, store: OrdersStore, *, actor: Actor) -> ExportList:
    """Return the studies one may export and the newest lines of their log."""
    rows = studies.list_studies(session, actor=actor)
    return ExportList(
        studies=tuple(StudyChoice(row.public_id, row.title, row.product) for row in rows),
        log=log_lines(session, actor=actor),
        as_of=purchases.as_of(session, store),
    )


def log_lines(session: Session, *, actor: Actor) -> tuple[LogLine, ...]:
    """Return what left the house from this reader's studies, newest first."""
    query = (
        select(ExportLog, Study, col(User.display_name))
        .join(Study, col(Study.id) == col(ExportLog.study_id))
        .outerjoin(User, col(User.id) == col(ExportLog.user_id))
        .where(studies.visible_to(actor))
        .order_by(col(ExportLog.made_at).desc(), col(ExportLog.id).desc())
        .limit(LOG_LINES)
    )
    return tuple(
        LogLine(
            study_title=study.title,
            kind=entry.kind,
            made_by=name or "",
            made_at=entry.made_at,
            planner_view=entry.planner_view,
            people=len(entry.people),
            quotes=entry.quotes,
            quotes_left_out=entry.quotes_left_out,
        )
        for entry, study, name in session.exec(query)
    )
