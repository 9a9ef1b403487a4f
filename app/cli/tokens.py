"""`n1 users token`: personal access tokens of the API."""

from typing import Annotated, Any

import typer

from app.accounts import queries, tokens
from app.accounts.schemas import COMMAND_LINE, NewToken, TokenRow
from app.cli.common import faults_told, parts, reading, say, say_json, writing
from app.core.errors import AppError, NotFound
from app.core.i18n import N_

token = typer.Typer(help="Personal access tokens of the JSON API.", no_args_is_help=True)
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]


@token.command("create")
def create(
    login: Annotated[str, typer.Argument(help="sign-in name: the token may what this user may")],
    *,
    name: Annotated[str, typer.Option(help="what the token is for")],
    days: Annotated[int, typer.Option(help="how long it is valid", min=1, max=3650)] = 365,
    json: JsonFlag = False,
) -> None:
    """Make a token, printed once."""
    if not 1 <= len(name.strip()) <= 80:
        with faults_told():
            raise AppError("token_name", N_("A token needs a name of 1 to 80 characters."))
    with faults_told(), writing() as session:
        user = queries.user_by_login(session, login)
        if user is None:
            raise NotFound("no_user", N_("Nobody signs in as {login}."), login=login)
        row, made = tokens.create(
            session, user=user, actor=COMMAND_LINE, data=NewToken(name=name, days=days), now=parts().clock()
        )
    if json:
        say_json(_row(row) | {"token": made})
    else:
        say(f"{row.public_id}\t{row.expires_at:%Y-%m-%d}\t{made}")


@token.command("list")
def show(*, json: JsonFlag = False) -> None:
    """List the tokens of everybody, newest first; never the tokens themselves."""
    with reading() as session:
        rows = tokens.list_tokens(session)
    if json:
        say_json([_row(row) for row in rows])
        return
    for row in rows:
        used = f"{row.last_used_at:%Y-%m-%d}" if row.last_used_at else "-"
        say(f"{row.public_id}\t{row.login}\t{row.name}\t{row.expires_at:%Y-%m-%d}\t{used}")


@token.command("revoke")
def revoke(token_id: Annotated[str, typer.Argument(help="as printed by create and list")]) -> None:
    """End a token at once."""
    with faults_told(), writing() as session:
        tokens.revoke(session, token_id=token_id, actor=COMMAND_LINE, now=parts().clock())


def _row(row: TokenRow) -> dict[str, Any]:
    return {
        "token_id": row.public_id,
        "login": row.login,
        "name": row.name,
        "created_at": row.created_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "last_used_at": row.last_used_at.isoformat() if row.last_used_at else None,
    }
