"""Writes of exports: the log of what left the house. Flush, never commit."""

from datetime import datetime
from typing import cast

from sqlmodel import Session

from app.accounts import operations as accounts
from app.accounts.schemas import Actor
from app.exports.models import ExportLog
from app.exports.schemas import Content
from app.studies import queries as studies


def log_export(session: Session, *, actor: Actor, content: Content, now: datetime) -> ExportLog:
    """Write down who takes what out: the people a file holds and how many quotes its scope kept back.

    Raises:
        NotFound: the study is no longer this person's.
    """
    study = studies.get_study(session, actor=actor, study_id=content.board.study_id)
    entry = ExportLog(
        study_id=cast("int", study.id),
        user_id=actor.user_id,
        kind=content.kind,
        planner_view=content.planner_view,
        people=list(content.people),
        quotes=content.sentences,
        quotes_left_out=content.board.left_out.quotes,
        made_at=now,
    )
    session.add(entry)
    session.flush()
    detail = {"kind": content.kind.value, "people": len(entry.people), "left_out": entry.quotes_left_out}
    accounts.record(
        session, actor=actor, action="export.made", object_id=content.board.study_id, detail=detail, now=now
    )
    return entry
