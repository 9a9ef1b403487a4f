"""`n1 users`: who may sign in."""

from typing import Annotated

import typer

from app.accounts import operations, queries
from app.accounts.schemas import COMMAND_LINE, NewUser, Role, UserChange
from app.cli import tokens
from app.cli.common import faults_told, parts, reading, say, say_json, writing
from app.core.errors import NotFound
from app.core.i18n import N_

users = typer.Typer(help="Who may sign in.", no_args_is_help=True)
users.add_typer(tokens.token, name="token")


@users.command("create")
def create(
    login: str,
    name: Annotated[str, typer.Option(help="name on the screen")],
    role: Annotated[Role, typer.Option()] = Role.RESEARCHER,
    json: Annotated[bool, typer.Option("--json")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Make a user with a random password, printed once."""
    with faults_told(), writing() as session:
        user, password = operations.create_user(
            session, data=NewUser(login=login, display_name=name, role=role), now=parts().clock()
        )
        session.flush()
        shown = {"user_id": user.public_id, "login": user.login, "role": user.role.value, "password": password}
    if json:
        say_json(shown)
    else:
        say(f"{login}\t{role.value}\t{password}")


@users.command("list")
def show() -> None:
    """List users."""
    with reading() as session:
        for row in queries.list_users(session):
            say(f"{row.login}\t{row.role.value}\t{'active' if row.is_active else 'disabled'}\t{row.display_name}")


@users.command("password")
def new_password(login: str) -> None:
    """Give a user a new random password, printed once; their sessions end."""
    with faults_told(), writing() as session:
        user = queries.user_by_login(session, login)
        if user is None:
            raise NotFound("no_user", N_("Nobody signs in as {login}."), login=login)
        password = operations.change_user(
            session, actor=COMMAND_LINE, user_id=user.public_id, data=UserChange(new_password=True),
            now=parts().clock(),
        )  # fmt: skip
    say(f"{login}\t{password}")
