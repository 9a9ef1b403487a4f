"""The only place that puts the parts together: settings in, a running application out."""

from functools import partial
from typing import TYPE_CHECKING

from app.core.clock import Clock, utc_now
from app.core.database import make_engine
from app.core.settings import Settings
from app.jobs.queue import JobQueue, make_queue
from app.jobs.schemas import JobFunction, JobServices
from app.language.client import LanguageClient
from app.purchases.catalogue.tasks import run_products
from app.purchases.identity.tasks import run_merges, run_people
from app.purchases.returning.tasks import JOB as RETURNS
from app.purchases.returning.tasks import run_returns
from app.purchases.store import OrdersStore
from app.purchases.tasks import run_check, run_import, run_rebuild, run_undo
from app.serving.parts import Services
from app.tagging.tasks import tag_interview

if TYPE_CHECKING:
    from fastapi import FastAPI

JOBS: dict[str, JobFunction] = {
    "purchases.check": run_check,
    "purchases.import": run_import,
    "purchases.undo": run_undo,
    "purchases.rebuild": run_rebuild,
    "purchases.products": run_products,
    "purchases.people": run_people,
    "purchases.merges": run_merges,
    RETURNS: run_returns,
    "tagging.interview": tag_interview,
}
BUILDS = ("purchases.import", "purchases.undo", "purchases.rebuild", "purchases.products", "purchases.merges")


def make_job_services(settings: Settings, *, clock: Clock = utc_now) -> JobServices:
    """Return the parts that background work and the command line use."""
    return JobServices(
        settings=settings,
        engine=make_engine(settings),
        clock=clock,
        orders=OrdersStore(settings),
        language=LanguageClient(settings),
    )


def make_job_queue(parts: JobServices) -> JobQueue:
    """Return the queue with every job of the product bound to its function."""
    jobs = {name: partial(function, parts) for name, function in JOBS.items()}
    return make_queue(parts.settings, jobs, then=dict.fromkeys(BUILDS, RETURNS))


def make_services(settings: Settings, *, clock: Clock = utc_now) -> Services:
    """Return the parts that routes use."""
    parts = make_job_services(settings, clock=clock)
    return Services(
        settings=settings,
        engine=parts.engine,
        orders=parts.orders,
        language=parts.language,
        clock=clock,
        enqueue=make_job_queue(parts).enqueue,
    )


def create_app(settings: Settings | None = None, *, services: Services | None = None) -> "FastAPI":
    """Return the web application. Tests hand in `services` with parts of their own."""
    from app.api.application import PREFIX, build_api  # commands and the worker start without the web's weight
    from app.web.application import build_app

    parts = services or make_services(settings or Settings())
    return build_app(parts, {PREFIX: build_api(parts)})
