"""The audit trail of pages: written after the answer left, in a short transaction of its own."""

from starlette.background import BackgroundTasks
from starlette.requests import Request
from starlette.responses import Response

from app.accounts.operations import record
from app.accounts.schemas import Actor
from app.core.database import write_session
from app.web.deps import note_presence
from app.web.services import services


def logged(request: Request, response: Response, actor: Actor, action: str, object_id: str) -> Response:
    """Have the audit trail written after the answer left. `object_id` is an id or a route's name, never typed text."""
    tasks = BackgroundTasks()
    tasks.add_task(note_presence, request)
    tasks.add_task(_record, request, actor, action, object_id)
    response.background = tasks
    return response


def _record(request: Request, actor: Actor, action: str, object_id: str) -> None:
    parts = services(request)
    with write_session(parts.engine) as session:
        record(session, actor=actor, action=action, object_id=object_id, now=parts.clock())
