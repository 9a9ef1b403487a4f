"""Reads of pages that take longer than a page may hold the event loop."""

from collections.abc import Callable
from typing import TypeVar

from sqlmodel import Session
from starlette.requests import Request

from app.serving.aside import AT_ONCE, read_beside
from app.web.services import services

__all__ = ["AT_ONCE", "read_aside"]
Result = TypeVar("Result")


async def read_aside(request: Request, work: Callable[[Session], Result]) -> Result:
    """Return what `work` reads, in a thread with a reading session of its own."""
    return await read_beside(services(request).engine, work)
