"""What routes of the API ask for: who calls and may, parameters that are known, figures read beside the event loop."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, cast

from anyio import CapacityLimiter
from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session
from starlette.requests import Request

from app.accounts.permissions import may
from app.accounts.schemas import Actor
from app.api.answers import Document
from app.core.errors import Forbidden
from app.core.i18n import N_, Translator, translator
from app.purchases.store import OrdersStore
from app.serving.aside import read_beside
from app.serving.parts import Services

Work = Callable[[Session, OrdersStore], object]
ONE = CapacityLimiter(1)
"""Of the threads that read beside the event loop programs take one: the others are for people at their pages."""


class Strict(BaseModel):
    """Parameters or a body of which every name has to be known: one passed over would mean other figures."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Nothing(Strict):
    """No parameters."""


async def no_parameters(given: Annotated[Nothing, Query()]) -> None:
    """Refuse every parameter."""
    del given


PLAIN = Depends(no_parameters)


def services(request: Request) -> Services:
    """Return the parts of the running application."""
    return cast("Services", request.app.state.services)


def permit(permission: str) -> Callable[[Request], Awaitable[Actor]]:
    """Return a dependency that gives the owner of the token when their role carries the permission.

    Raises:
        Forbidden: it does not.
    """

    async def permitted(request: Request) -> Actor:
        actor = cast("Actor", request.state.actor)
        if not may(actor, permission):
            raise Forbidden("forbidden", N_("The role of the token's owner may not do this."))
        return actor

    return permitted


Reader = Annotated[Actor, Depends(permit("purchases.read"))]
Setter = Annotated[Actor, Depends(permit("purchases.import"))]
Anybody = Annotated[Actor, Depends(permit("segments.read"))]


def words(request: Request) -> Translator:
    """Return the language of the token's owner."""
    settings = services(request).settings
    actor = getattr(request.state, "actor", None)
    return translator(actor.locale if actor else settings.locale, settings.timezone)


async def beside(request: Request, work: Work) -> Any:  # noqa: ANN401 - what the work returns
    """Return what `work` reads, in the one thread that programs have."""
    parts = services(request)
    async with ONE:
        return await read_beside(parts.engine, lambda session: work(session, parts.orders))


async def answered(request: Request, work: Work) -> Document:
    """Return the document that `work` reads; its text is made in the thread, too."""
    return cast("Document", await beside(request, lambda session, store: Document(work(session, store))))
