"""The wall in front of the API: nothing is read of a request before its token is known."""

from datetime import datetime

from anyio import to_thread
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.accounts import queries, tokens
from app.accounts.operations import WINDOW
from app.accounts.schemas import COOKIE, Actor
from app.api.answers import Document, error
from app.core.database import read_session, write_session
from app.core.i18n import N_, Translator, translator
from app.serving.parts import Services

MAP = "/openapi.json"
"""The description of the API: also for somebody who is signed in, since it says nothing of the data."""
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="interview-desk"'}
WAIT = {"Retry-After": str(int(WINDOW.total_seconds()))}
MISSING = N_("Send a token in the header Authorization: Bearer …")
WRONG = N_("This token is not valid: unknown, revoked or too old, or its owner may not sign in.")
BODY_LIMIT = 256 * 1024
TOO_LARGE = N_("This request is larger than the API takes.")
TOO_MANY = N_("Too many wrong tokens. Try again in {minutes} minutes.")


class BearerWall:
    """Lets requests with a valid token through, as `request.state.actor`; cookies count for nothing but the description."""

    def __init__(self, app: ASGIApp, parts: Services) -> None:
        """Wrap the application."""
        self.app = app
        self.parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or answer 401 or 429."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, now = Request(scope), self.parts.clock()
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given = token.strip() if scheme.lower() == "bearer" else ""
        found = self._bearer(given, now) if given else None
        actor = found.actor if found else self._reader_of_the_map(request, now)
        if actor is None:
            refused = await to_thread.run_sync(self._refuse, request, given, now)
            await refused(scope, receive, send)
            return
        request.state.actor = actor
        if _size(request) > BODY_LIMIT:
            await error(413, "too_large", self._words()(TOO_LARGE))(scope, receive, send)
            return
        await self.app(scope, receive, send)
        if found and found.stale:
            await to_thread.run_sync(self._note_use, found.token_id, now)

    def _bearer(self, token: str, now: datetime) -> tokens.Bearer | None:
        with read_session(self.parts.engine) as session:
            return tokens.bearer_of(session, token=token, now=now)

    def _reader_of_the_map(self, request: Request, now: datetime) -> Actor | None:
        cookie = request.cookies.get(COOKIE)
        asked = (request.method, request.scope["path"]) == ("GET", request.scope.get("root_path", "") + MAP)
        if not cookie or not asked:
            return None
        with read_session(self.parts.engine) as session:
            found = queries.actor_for(session, token=cookie, settings=self.parts.settings, now=now)
        return found[0] if found else None

    def _refuse(self, request: Request, token: str, now: datetime) -> Document:
        t = self._words()
        if not token:
            return error(401, "token_missing", t(MISSING), headers=CHALLENGE)
        address = request.client.host if request.client else ""
        with read_session(self.parts.engine) as session:  # those who go on and on take no lock from anybody
            too_many = tokens.too_many_refused(session, address=address, now=now)
        if too_many:
            minutes = int(WINDOW.total_seconds()) // 60
            return error(429, "too_many_attempts", t(TOO_MANY, minutes=minutes), headers=WAIT)
        with write_session(self.parts.engine) as session:
            tokens.note_refused(session, address=address, now=now)
        return error(401, "token_wrong", t(WRONG), headers=CHALLENGE)

    def _words(self) -> Translator:
        return translator(self.parts.settings.locale, self.parts.settings.timezone)

    def _note_use(self, token_id: str, now: datetime) -> None:
        with write_session(self.parts.engine) as session:
            tokens.note_use(session, token_id=token_id, now=now)


def _size(request: Request) -> int:
    """Return how large the body says it is; one that says nothing meets the limit of all forms."""
    said = request.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else 0
