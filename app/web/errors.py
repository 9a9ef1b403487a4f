"""One fault, one sentence: what people see when something is wrong."""

import logging
import secrets
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import AppError, Forbidden
from app.core.i18n import N_
from app.web.deps import SignedOut
from app.web.render import render
from app.web.trail import logged

log = logging.getLogger(__name__)
STATUS_MESSAGES = {
    404: N_("This page does not exist. It may have been moved or deleted."),
    405: N_("This address can't be used that way. Go back and try again."),
    413: N_("The file is larger than this page takes. Use the command line, which has no limit."),
    422: N_("The request could not be read. Go back and try again."),
}
TROUBLE = N_(
    "Something went wrong on our side. Please try again in a moment; if it goes on, tell an administrator the number below."
)


@dataclass(frozen=True)
class ErrorPage:
    """What the error page shows."""

    status: int
    message: str
    params: dict[str, object]
    request_id: str | None = None


def add_error_handlers(app: FastAPI) -> None:
    """Give every fault its page."""

    @app.exception_handler(SignedOut)
    async def signed_out(request: Request, fault: SignedOut) -> Response:
        target = f"{request.app.url_path_for('sign_in')}?next={fault.next_path}"
        if "hx-request" in request.headers:
            return Response(status_code=401, headers={"HX-Redirect": target})
        return RedirectResponse(target, status_code=303)

    @app.exception_handler(AppError)
    async def app_error(request: Request, fault: AppError) -> Response:
        page = ErrorPage(status=fault.status, message=fault.message, params=fault.params)
        response = render(request, "layouts/error.html", page, status=fault.status)
        if isinstance(fault, Forbidden):
            return logged(request, response, request.state.actor, "denied", request.scope["route"].name)
        return response

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, fault: HTTPException) -> Response:
        message = STATUS_MESSAGES.get(fault.status_code, STATUS_MESSAGES[422])
        page = ErrorPage(status=fault.status_code, message=message, params={})
        response = render(request, "layouts/error.html", page, status=fault.status_code)
        response.headers.update(fault.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, fault: RequestValidationError) -> Response:
        del fault
        page = ErrorPage(status=422, message=STATUS_MESSAGES[422], params={})
        return render(request, "layouts/error.html", page, status=422)


class CatchTrouble:
    """Answers an unforeseen fault with a page and a number; the log holds the rest.

    Starlette's own handler sits outside the middlewares, so its page would lack the protecting headers.
    """

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
        except Exception as fault:  # the last wall: whatever it is, the reader gets a page
            if started or scope["type"] != "http":
                raise
            request_id = secrets.token_hex(6)
            log.exception("request %s failed: %s", request_id, type(fault).__name__)
            page = ErrorPage(status=500, message=TROUBLE, params={}, request_id=request_id)
            await render(Request(scope), "layouts/error.html", page, status=500)(scope, receive, send)
