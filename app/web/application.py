"""The web application from its parts: routes, static files, error pages, walls."""

import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from os import PathLike, stat_result
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from app.web.errors import CatchTrouble, add_error_handlers
from app.web.routes import ROUTERS
from app.web.security import SameSiteWrites, SecurityHeaders
from app.web.services import Services

FORM_LIMIT = 8 * 1024 * 1024  # every form but the upload page, which has a limit of its own
STATIC = Path(__file__).parent / "static"
# Young objects are swept often and in small heaps: at 20,000 one customer list in 150 waited 20 ms for it.
COLLECT = (2_000, 20, 1_000)


class ForeverFiles(StaticFiles):
    """Static files whose address holds their hash: browsers keep them for a year."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return the file with its lifetime."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def build_app(parts: Services, beside: Mapping[str, ASGIApp]) -> FastAPI:
    """Return the application that serves with these parts; `beside` are other applications by where they stand."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECT)
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
    app.mount("/static", ForeverFiles(directory=STATIC), name="static_files")
    for path, other in beside.items():
        app.mount(path, other, name=path)
    add_error_handlers(app)
    app.add_middleware(SameSiteWrites, but=tuple(beside))
    app.add_middleware(CatchTrouble)
    app.add_middleware(SecurityHeaders)
    return app
