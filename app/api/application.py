"""The API as an application of its own, which the web application mounts: its faults are documents, never pages."""

import logging
import secrets
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from pydantic_core import ErrorDetails
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.accounts.operations import record
from app.api.answers import Document, ErrorDocument, Fault, error
from app.api.bearer import MAP, TOO_LARGE, BearerWall
from app.api.deps import services, words
from app.api.routes import ROUTERS
from app.core.database import write_session
from app.core.errors import AppError, Forbidden
from app.core.i18n import N_, Translator
from app.serving.faults import OF_DOCUMENTS, sentence
from app.serving.parts import Services

log = logging.getLogger(__name__)
PREFIX = "/api/v1"
HTTP_FAULTS = {
    404: ("not_found", N_("There is nothing at this address.")),
    405: ("method_not_allowed", N_("This address does not take that method.")),
    413: ("too_large", TOO_LARGE),
}
UNREADABLE = ("bad_request", N_("The request could not be read."))
INVALID = N_("Some parts of the request cannot be used.")
TROUBLE = N_("Something went wrong on our side. Tell an administrator this number: {number}")
DESCRIPTION = """Figures, segments and imports for other programs. Send a personal access token: `Authorization: Bearer n1_…`.
What the keys of the documents mean stands in docs/cli.md: they are those of the command line's `--json`.
"""


def build_api(parts: Services) -> FastAPI:
    """Return the application that serves `PREFIX` with these parts."""
    api = FastAPI(
        title="Interview Desk",
        description=DESCRIPTION,
        version="1",
        servers=[{"url": PREFIX}],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        default_response_class=Document,
        dependencies=[Depends(HTTPBearer(auto_error=False))],
        responses={status: {"model": ErrorDocument} for status in (401, 403, 404, 409, 422, 429)},
        redirect_slashes=False,
    )
    api.state.services = parts
    for router in ROUTERS:
        api.include_router(router)

    @api.get(MAP, name="openapi", include_in_schema=False)
    async def openapi(request: Request) -> Response:
        return Document(request.app.openapi())

    _add_error_handlers(api)
    api.add_middleware(BearerWall, parts=parts)
    api.add_middleware(CatchTrouble)
    return api


def _add_error_handlers(api: FastAPI) -> None:
    @api.exception_handler(AppError)
    async def app_error(request: Request, fault: AppError) -> Response:
        field = getattr(fault, "field", None)
        told = words(request)(fault.message, **fault.params)
        answer = error(fault.status, fault.code, told, fields=[Fault(name=field, message=told)] if field else ())
        if isinstance(fault, Forbidden):
            answer.background = BackgroundTask(_note_denied, request)
        return answer

    @api.exception_handler(HTTPException)
    async def http_error(request: Request, fault: HTTPException) -> Response:
        code, message = HTTP_FAULTS.get(fault.status_code, UNREADABLE)
        return error(fault.status_code, code, words(request)(message), headers=fault.headers)

    @api.exception_handler(RequestValidationError)
    async def invalid(request: Request, fault: RequestValidationError) -> Response:
        if any(one["type"] == "json_invalid" for one in fault.errors()):
            return error(400, UNREADABLE[0], words(request)(UNREADABLE[1]))
        t = words(request)
        wrong = [Fault(name=_place(one["loc"]), message=_told(t, one)) for one in fault.errors()]
        return error(422, "invalid_input", t(INVALID), fields=wrong)


def _place(loc: Any) -> str:  # noqa: ANN401 - names and numbers of pydantic
    return ".".join(str(part) for part in loc[1:]) or str(loc[0])


def _told(t: Translator, wrong: ErrorDetails) -> str:
    message, params = sentence(wrong, OF_DOCUMENTS)
    if "expected" in params:
        params["expected"] = str(params["expected"]).replace(" or ", ", ")
    return t(message, **params)


def _note_denied(request: Request) -> None:
    parts = services(request)
    with write_session(parts.engine) as session:
        name = request.scope["route"].name
        record(session, actor=request.state.actor, action="denied", object_id=name, now=parts.clock())


class CatchTrouble:
    """Answers an unforeseen fault with a document and a number; the log holds the rest."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or answer 500 when nothing was sent yet."""
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as fault:  # the last wall: whatever it is, the program gets a document
            if started or scope["type"] != "http":
                raise
            number = secrets.token_hex(6)
            log.exception("request %s failed: %s", number, type(fault).__name__)
            told = words(Request(scope))(TROUBLE, number=number)
            await error(500, "trouble", told)(scope, receive, send)
