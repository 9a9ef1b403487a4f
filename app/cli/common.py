"""What the commands share: parts, sessions, and one sentence on standard error when something is wrong."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import NoReturn

import typer
from sqlmodel import Session

from app.accounts import queries
from app.accounts.schemas import COMMAND_LINE, Actor
from app.cli.db import upgrade_database
from app.core import database
from app.core.errors import AppError, NotFound
from app.core.i18n import N_, Translator, translator
from app.core.settings import Settings
from app.jobs.schemas import JobServices

BAD_INPUT = 2
_WIRED: dict[str, Callable[[Settings], JobServices]] = {}


@cache
def settings() -> Settings:
    """Return the settings of this run."""
    return Settings()


def wire(factory: Callable[[Settings], JobServices]) -> None:
    """Take the composition root's way of putting parts together."""
    _WIRED["parts"] = factory


@cache
def parts() -> JobServices:
    """Return the parts the commands work with; an app store that was never prepared is prepared first."""
    made = _WIRED["parts"](settings())
    upgrade_database(made.settings, engine=made.engine)
    return made


def words() -> Translator:
    """Return the translator of the command line."""
    return translator(settings().locale, settings().timezone)


@contextmanager
def reading() -> Iterator[Session]:
    """Yield a reading session of the app store."""
    with database.read_session(parts().engine) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """Yield a writing session of the app store, committed at the end."""
    with database.write_session(parts().engine) as session:
        yield session


def acting_as(session: Session, login: str | None) -> Actor:
    """Return the user of a sign-in name, or the command line itself.

    Raises:
        NotFound: nobody signs in by that name.
    """
    if login is None:
        return COMMAND_LINE
    user = queries.user_by_login(session, login)
    if user is None:
        raise NotFound("no_user", N_("Nobody signs in as {login}."), login=login)
    return queries.as_actor(user)


def say(text: str) -> None:
    """Print one line."""
    typer.echo(text)


def say_json(value: object) -> None:
    """Print a JSON document: keys as documented, text readable."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def fail(text: str, *, code: int = BAD_INPUT) -> NoReturn:
    """Say one sentence on standard error and end."""
    typer.echo(text, err=True)
    sys.exit(code)


@contextmanager
def faults_told() -> Iterator[None]:
    """Turn a fault into its sentence and exit code 2."""
    try:
        yield
    except AppError as fault:
        fail(words()(fault.message, **fault.params))
