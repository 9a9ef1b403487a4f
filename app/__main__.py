"""`python -m app` is the command line `n1`; here its processes meet the composition root."""

import os
import socket
from typing import Annotated

import typer

from app.cli import common
from app.cli.app import app
from app.cli.edge import run
from app.cli.serve import end_with_parent
from app.core.database import read_session, write_session
from app.core.logging import set_up_logging
from app.core.settings import Settings
from app.language import process
from app.main import create_app, make_job_queue, make_job_services
from app.purchases import operations as imports
from app.purchases import queries as purchases
from app.purchases.returning import tasks as returns
from app.purchases.tasks import tidy
from app.tagging import queries as tagging

BEHIND_PAGES = 15  # an import may take every processor, but never from somebody who waits for a page

common.wire(make_job_services)


@app.command(hidden=True)
def web(fd: Annotated[int, typer.Option(help="file descriptor of the shared socket")]) -> None:
    """Serve pages: one process of those that `n1 serve` starts."""
    import uvicorn

    set_up_logging()
    end_with_parent()
    settings = Settings()
    config = uvicorn.Config(
        create_app(settings),
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=settings.behind_proxy,
        forwarded_allow_ips=settings.trusted_proxies or None,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=fd)])


@app.command()
def worker() -> None:
    """Do background work: imports, tagging. Unfinished work is picked up first."""
    from huey.consumer import Consumer

    set_up_logging()
    end_with_parent()
    os.nice(BEHIND_PAGES)
    parts = make_job_services(Settings())
    queue = make_job_queue(parts)
    with write_session(parts.engine) as session:
        imports.forget_old_uploads(session, parts.orders, now=parts.clock())
    outdated = tidy(parts)
    with read_session(parts.engine) as session:
        unfinished = [*purchases.unfinished_jobs(session), *tagging.unfinished_jobs(session)]
        unfinished += [("purchases.rebuild", "")] if outdated else []
        unfinished += returns.unfinished_jobs(session, parts.orders)
    for name, public_id in unfinished:
        queue.enqueue(name, public_id)
    Consumer(queue.huey, workers=1, periodic=False, backoff=1.0, initial_delay=0.1, max_delay=0.5).run()


@app.command(hidden=True)
def language() -> None:
    """Run the language process."""
    set_up_logging()
    end_with_parent()
    process.run(Settings())


def main() -> None:
    """Run the command line."""
    run(app)


if __name__ == "__main__":
    main()
