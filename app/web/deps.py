"""Dependencies of routes: sessions that read or write, who is signed in, what they may do."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends
from sqlmodel import Session
from starlette.requests import Request

from app.accounts import operations, queries
from app.accounts.permissions import require
from app.accounts.schemas import Actor
from app.core.database import read_session, write_session
from app.web.forms import PostedForm, posted_form
from app.web.security import COOKIE, SAFE_METHODS
from app.web.services import services

__all__ = ["CurrentActor", "PostedForm", "ReadSession", "SignedOut", "WriteSession", "permit", "services"]
TOUCH_EVERY = timedelta(minutes=1)


class SignedOut(Exception):
    """Nobody is signed in; the page leads to sign-in and back."""

    def __init__(self, next_path: str) -> None:
        """Remember where to return to."""
        super().__init__(next_path)
        self.next_path = next_path


async def read_db(request: Request) -> AsyncIterator[Session]:
    """Yield a session for reading."""
    with read_session(services(request).engine) as session:
        yield session


async def write_db(request: Request) -> AsyncIterator[Session]:
    """Yield a writing session: the body is here before the lock is taken, the commit before the answer leaves."""
    await posted_form(request)
    with write_session(services(request).engine) as session:
        yield session


ReadSession = Annotated[Session, Depends(read_db, scope="function")]
WriteSession = Annotated[Session, Depends(write_db, scope="function")]


async def current_actor(request: Request) -> Actor:
    """Return who is signed in, and note at most once a minute that they were here.

    Raises:
        SignedOut: nobody is.
    """
    parts = services(request)
    token = request.cookies.get(COOKIE)
    now = parts.clock()
    if token:
        with read_session(parts.engine) as session:
            found = queries.actor_for(session, token=token, settings=parts.settings, now=now)
        if found is not None:
            actor, seen_at = found
            if now - seen_at > TOUCH_EVERY:
                request.state.touch_token = token
            request.state.actor = actor
            return actor
    back = request.url.path if request.method in SAFE_METHODS else "/"
    raise SignedOut(quote(back, safe="/"))


CurrentActor = Annotated[Actor, Depends(current_actor)]


def permit(permission: str) -> Callable[[Request], Awaitable[Actor]]:
    """Return a dependency that gives the actor when their role carries the permission.

    Raises:
        Forbidden: it does not.
    """

    async def permitted(request: Request) -> Actor:
        actor = await current_actor(request)
        require(actor, permission)
        return actor

    permitted.__name__ = f"permit_{permission.replace('.', '_')}"
    return permitted


def note_presence(request: Request) -> None:
    """Write down that the session is in use, in its own short transaction after the answer left."""
    token = getattr(request.state, "touch_token", None)
    if token:
        parts = services(request)
        with write_session(parts.engine) as session:
            operations.touch(session, token=token, now=parts.clock())
