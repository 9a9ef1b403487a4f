"""The only place that puts the parts together: settings in, a running application out."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.core.clock import Clock, utc_now
from app.core.database import make_engine
from app.core.settings import Settings
from app.jobs.queue import JobQueue, make_queue
from app.jobs.schemas import JobFunction, JobServices
from app.language.client import LanguageClient
from app.purchases.store import OrdersStore
from app.purchases.tasks import run_check, run_import, run_rebuild, run_undo
from app.tagging.tasks import tag_interview
from app.web.errors import CatchTrouble, add_error_handlers
from app.web.routes import ROUTERS
from app.web.security import SameSiteWrites, SecurityHeaders
from app.web.services import Services

JOBS: dict[str, JobFunction] = {
    "purchases.check": run_check,
    "purchases.import": run_import,
    "purchases.undo": run_undo,
    "purchases.rebuild": run_rebuild,
    "tagging.interview": tag_interview,
}
MEGABYTE = 1024 * 1024
FORM_LIMIT = 8 * MEGABYTE  # every form but the upload page, which has a limit of its own


class ForeverFiles(StaticFiles):
    """Static files whose address holds their hash: browsers keep them for a year."""

    def file_response(self, full_path, stat_result, scope: Scope, status_code: int = 200):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - starlette's own signature
        """Return the file with its lifetime."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


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
    return make_queue(parts.settings, {name: partial(function, parts) for name, function in JOBS.items()})


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


def create_app(settings: Settings | None = None, *, services: Services | None = None) -> FastAPI:
    """Return the web application. Tests hand in `services` with parts of their own."""
    parts = services or make_services(settings or Settings())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        yield
        parts.engine.dispose()

    app = FastAPI(
        title="Interview Desk",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        max_body_size=FORM_LIMIT,
    )
    app.state.services = parts
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", ForeverFiles(directory=Path(__file__).parent / "web" / "static"), name="static_files")
    add_error_handlers(app)
    app.add_middleware(SameSiteWrites)
    app.add_middleware(CatchTrouble)
    app.add_middleware(SecurityHeaders)
    return app
