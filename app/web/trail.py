"""The audit trail of pages: written after the answer left, in a short transaction of its own."""

from collections.abc import Sequence

from starlette.background import BackgroundTasks
from starlette.requests import Request
from starlette.responses import Response

from app.accounts.operations import record
from app.accounts.schemas import Actor
from app.core.database import write_session
from app.core.types import JsonDict
from app.web.deps import note_presence
from app.web.services import services


def logged(
    request: Request, response: Response, actor: Actor, action: str, object_id: str, *, customers: Sequence[str] = ()
) -> Response:
    """Have the audit trail written after the answer left. `object_id` is an id or a route's name, never typed text.

    `customers` are the references of those whose data was shown.
    """
    tasks = BackgroundTasks()
    tasks.add_task(note_presence, request)
    detail: JsonDict = {"customers": list(customers)} if customers else {}
    tasks.add_task(_record, request, actor, action, object_id, detail)
    response.background = tasks
    return response


def _record(request: Request, actor: Actor, action: str, object_id: str, detail: JsonDict) -> None:
    parts = services(request)
    with write_session(parts.engine) as session:
        record(session, actor=actor, action=action, object_id=object_id, detail=detail, now=parts.clock())
