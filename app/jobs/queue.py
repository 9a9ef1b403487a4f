"""The background queue: SQLite by default, PostgreSQL for a team installation."""

import logging
from collections.abc import Callable, Mapping

from huey import Huey, PostgresHuey, SqliteHuey

from app.core.logging import one_line
from app.core.settings import Settings

QUEUE_NAME = "n1"
log = logging.getLogger(__name__)
Job = Callable[[str], object]


class JobQueue:
    """Names and ids in; the work is done by whoever runs `n1 worker`."""

    def __init__(self, huey: Huey, jobs: Mapping[str, Job], then: Mapping[str, str] | None = None) -> None:
        """Bind each job name to what it does; a job gets the public id of its row. `then` names jobs that follow others."""
        self.huey = huey
        self._jobs = dict(jobs)
        self._then = dict(then or {})
        self._task = huey.task(name="n1_job")(self._run)

    def enqueue(self, name: str, public_id: str) -> None:
        """Ask for a job. Call it after the row it works on is committed."""
        self._task(name, public_id)

    def _run(self, name: str, public_id: str) -> None:
        log.info("job %s %s starts", name, one_line(public_id))
        self._jobs[name](public_id)
        log.info("job %s %s ends", name, one_line(public_id))
        if name in self._then:
            self.enqueue(self._then[name], "")


def make_queue(settings: Settings, jobs: Mapping[str, Job], then: Mapping[str, str] | None = None) -> JobQueue:
    """Return the queue of this installation."""
    if settings.database_url.startswith("postgresql"):
        dsn = settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
        return JobQueue(PostgresHuey(QUEUE_NAME, dsn=dsn, results=False), jobs, then)
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return JobQueue(SqliteHuey(QUEUE_NAME, filename=str(settings.queue_path), fsync=True, results=False), jobs, then)
