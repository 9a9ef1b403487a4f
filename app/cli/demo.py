"""`n1 demo`: a made-up mail-order shop, imported, picked, interviewed and tagged, then served."""

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import select
from sqlmodel import col

from app.accounts.models import AuditEntry
from app.accounts.operations import record
from app.accounts.schemas import ROLE_LABELS
from app.cli.common import faults_told, parts, say, words
from app.cli.serve import serve_all
from app.core.database import read_session, write_session
from app.core.i18n import N_
from app.core.logging import set_up_logging
from app.core.settings import Settings
from app.jobs.schemas import JobServices

if TYPE_CHECKING:
    from app.cli.demo_files import DemoUser

COMPLETE = "demo.complete"
PAUSE_SECONDS = 0.2
TRIES = 300


def demo(
    *,
    prepare_only: Annotated[bool, typer.Option("--prepare-only", help="build the demo and stop")] = False,
) -> None:
    """Build the demo shop where it is missing, then serve it."""
    with faults_told():
        made = parts()
        if prepare_only:
            build_demo(made)
            return
        if is_complete(made):
            say(words()(N_("The demo is complete.")))
        else:
            # in a process of its own: what the language pipeline takes is given back before serving
            subprocess.run([sys.executable, "-m", "app", "demo", "--prepare-only"], check=True)
    set_up_logging()
    _ = words()
    settings = made.settings
    made.engine.dispose()
    address = f"http://{settings.host}:{settings.port}"
    text = _(N_("The demo runs at {address}. Stop it with Ctrl+C."), address=address)
    serve_all(settings, ready=lambda: announce(settings, text))


def announce(settings: Settings, text: str) -> None:
    """Say that the server answers, once it does; say nothing when it never comes."""
    for _ in range(TRIES):
        link = http.client.HTTPConnection(settings.host, settings.port, timeout=2)
        try:
            link.request("GET", "/health")
            link.getresponse()
        except (OSError, http.client.HTTPException):
            time.sleep(PAUSE_SECONDS)  # the server is another process: it can only be asked again
        else:
            say(text)
            return
        finally:
            link.close()


def is_complete(made: JobServices) -> bool:
    """Return whether the demo was built to its end."""
    query = select(col(AuditEntry.id)).where(col(AuditEntry.action) == COMPLETE).limit(1)
    with read_session(made.engine) as session:
        return session.scalar(query) is not None


def build_demo(made: JobServices) -> None:
    """Build what is missing of the demo, a line a step. Once it is complete this only looks at one row."""
    _ = words()
    if is_complete(made):
        say(_(N_("The demo is complete.")))
        return
    from app.cli import demo_steps as steps  # the second start does without what only building needs
    from app.cli.demo_files import read_company, read_talks
    from app.cli.demo_tags import decide_tags, tag_all

    company, talks = read_company(), read_talks()
    _make_users(made, company.users)
    with read_session(made.engine) as session:
        actor = steps.researcher(session, company.users)
    for file in company.files:
        with told(_(N_("Importing {name}"), name=file.name)):
            steps.import_file(made, actor, file)
    for plan in company.studies:
        mine = talks if plan.interviews else ()
        with told(_(N_("Picking people for “{title}”"), title=plan.title)):
            steps.fill_study(made, actor, plan, mine)
        if mine:
            with told(_(N_("Writing down {n} interviews"), n=len(mine))):
                for talk in mine:
                    steps.hold_talk(made, actor, plan, talk)
    with told(_(N_("Reading journey stages out of the answers"))):
        tag_all(made)
    with told(_(N_("Checking a part of them as the researcher does"))):
        decide_tags(made, actor, talks)
    with write_session(made.engine) as session:
        record(session, actor=actor, action=COMPLETE, now=made.clock())


def _make_users(made: JobServices, users: "tuple[DemoUser, ...]") -> None:
    """Make the users and print each password once; a stop before the print leaves no user behind."""
    from app.cli import demo_steps as steps

    _ = words()
    with write_session(made.engine) as session:
        fresh = steps.make_users(session, users, now=made.clock())
        if fresh:
            say(_(N_("Sign in with one of these; the passwords are shown only this once.")))
        for user, password in fresh:
            say(f"  {_(ROLE_LABELS[user.role])}  {user.login}  {password}")


@contextmanager
def told(text: str) -> Iterator[None]:
    """Say what is being done, then how long it took."""
    began = time.monotonic()
    typer.echo(f"{text} … ", nl=False)
    yield
    typer.echo(f"{time.monotonic() - began:.1f} s")
