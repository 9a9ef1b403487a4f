"""Reads that take longer than a request may hold the event loop: order files, boards, whole studies."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Engine
from sqlmodel import Session

from app.core.database import read_session

Result = TypeVar("Result")
AT_ONCE = CapacityLimiter(2)
"""More threads than this fight for the interpreter and slow every other page."""


async def read_beside(engine: Engine, work: Callable[[Session], Result]) -> Result:
    """Return what `work` reads, in a thread with a reading session of its own."""

    def run() -> Result:
        with read_session(engine) as session:
            return work(session)

    return await to_thread.run_sync(run, limiter=AT_ONCE)
