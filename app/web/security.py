"""Walls around every page: response headers, same-site writes only, the session cookie."""

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.accounts.schemas import COOKIE

__all__ = [
    "COOKIE", "SAFE_METHODS", "SameSiteWrites", "SecurityHeaders", "clear_session_cookie", "client_address",
    "content_security_policy", "is_same_site", "set_session_cookie",
]  # fmt: skip
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
YEAR = 31_536_000


def content_security_policy(nonce: str) -> str:
    """Return the policy of one response; htmx's own extension reads its nonce from here."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )


class SecurityHeaders:
    """Adds the protecting headers to every response and a nonce to every request."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve with headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["csp_nonce"] = nonce
        static = scope["path"].startswith("/static/")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(
                    MutableHeaders(scope=message), nonce=nonce, static=static, https=scope["scheme"] == "https"
                )
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _add_headers(headers: MutableHeaders, *, nonce: str, static: bool, https: bool) -> None:
    headers["Content-Security-Policy"] = content_security_policy(nonce)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if not static:
        headers["Cache-Control"] = "no-store"
    if https:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}"


class SameSiteWrites:
    """Refuses unsafe requests that another site sent through somebody's browser.

    `but` are the paths of applications where cookies count for nothing, so that there is nothing to send through.
    """

    def __init__(self, app: ASGIApp, but: tuple[str, ...] = ()) -> None:
        """Wrap the application."""
        self.app = app
        self.but = tuple(f"{path}/" for path in but)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or answer 403."""
        asked = scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        if asked and not scope["path"].startswith(self.but) and not is_same_site(Headers(scope=scope)):
            await PlainTextResponse("cross-site request refused", status_code=403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_same_site(headers: Headers) -> bool:
    """Tell whether an unsafe request comes from our own pages, by Sec-Fetch-Site or Origin.

    Old browsers send neither on some requests; a request with neither header is refused.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host")


def set_session_cookie(response: Response, token: str, *, hours: int) -> None:
    """Put the session token into its cookie."""
    response.set_cookie(COOKIE, token, max_age=hours * 3600, path="/", secure=True, httponly=True, samesite="lax")


def clear_session_cookie(response: Response) -> None:
    """Take the session out of the browser, with everything it stored for us."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"storage"'


def client_address(request: Request) -> str:
    """Return where a request comes from; forwarded headers count only through a trusted proxy (uvicorn's setting)."""
    return request.client.host if request.client else ""
