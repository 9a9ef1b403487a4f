"""Does one piece of background work in a process of its own, and dies by SIGKILL at a moment it was told.

A moment is the nth time that the work opens, renames or removes a file or sends the database a statement, and some
milliseconds after. Without a moment the work is done in peace and the number of its moments is told.
"""

import functools
import multiprocessing
import os
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import ibis
import ibis.backends.duckdb.converter
from sqlalchemy import event

import app.purchases.figures.build
import app.purchases.figures.list_file
import app.purchases.figures.tables
import app.purchases.files.prepare  # noqa: F401 - loaded here, so that no child has to
from app.core.settings import Settings
from app.jobs.schemas import JobServices
from app.main import JOBS, make_job_services

TOUCHES = frozenset(
    (
        "open",
        "os.rename",
        "os.remove",
        "os.mkdir",
        "os.rmdir",
        "os.link",
        "shutil.rmtree",
        "fcntl.flock",
        "sqlite3.connect",
    )
)


class Moments:
    """Counts moments and ends the process at one of them."""

    def __init__(self, home: str, last: int, milliseconds: float) -> None:
        self.home = home
        self.seen = 0
        self.last = last
        self.seconds = milliseconds / 1000
        self.counting = False

    def look(self, name: str, about: tuple[object, ...]) -> None:
        if self.counting and name in TOUCHES and self.home in str(about[0]):
            self.tick()

    def tick(self, *_: object) -> None:
        self.seen += 1
        if self.seen == self.last:
            threading.Thread(target=self.die, daemon=True).start() if self.seconds else self.die()

    def die(self) -> None:
        time.sleep(self.seconds)  # the moment lies between two that can be counted
        os.kill(os.getpid(), signal.SIGKILL)


def run(
    home: str, job: str, public_id: str, moment: tuple[int, float] = (0, 0), tell: Connection | None = None
) -> None:
    """Do the work (the child's side)."""
    services: JobServices = make_job_services(Settings(home=Path(home)))
    ibis.duckdb.connect().disconnect()
    moments = Moments(home, *moment)
    sys.addaudithook(moments.look)
    event.listen(services.engine, "before_cursor_execute", moments.tick)
    event.listen(services.engine, "commit", moments.tick)
    moments.counting = True
    JOBS[job](services, public_id)
    moments.counting = False
    if tell is not None:
        tell.send(moments.seen)


@functools.cache
def children() -> ForkServerContext:
    """Return where children come from: they are forked from a process that has loaded this module and nothing else runs in."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def work(home: Path, job: str, public_id: str, *, last: int = 0, milliseconds: float = 0) -> tuple[int, int]:
    """Do the work in a process of its own; return its exit code and, if it lived, the moments it had."""
    mine, theirs = multiprocessing.Pipe(duplex=False)
    child = children().Process(target=run, args=(str(home), job, public_id, (last, milliseconds), theirs))
    child.start()
    theirs.close()
    child.join(timeout=120)
    code = -1 if child.exitcode is None else child.exitcode
    seen = mine.recv() if code == 0 and mine.poll() else 0
    mine.close()
    return code, seen
