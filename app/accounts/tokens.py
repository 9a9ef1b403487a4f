"""Personal access tokens: made, listed, revoked, and whom a token of the API stands for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from app.accounts import passwords
from app.accounts.models import ApiToken, LoginAttempt, User
from app.accounts.operations import PER_ADDRESS, WINDOW, digest, record
from app.accounts.queries import as_actor
from app.accounts.schemas import Actor, NewToken, TokenRow
from app.core.errors import AppError, NotFound
from app.core.i18n import N_

PREFIX = "n1_"
"""So that a token in a wrong place is recognised for what it is."""
MOST = 20
USED_EVERY = timedelta(hours=1)
"""A token's last use is noted that often at most."""


@dataclass(frozen=True)
class Bearer:
    """Whom a token stands for; `stale` when its last use was noted long ago."""

    actor: Actor
    token_id: str
    stale: bool


def create(session: Session, *, user: User, actor: Actor, data: NewToken, now: datetime) -> tuple[TokenRow, str]:
    """Make a token of a user and return it with the token itself, which is shown once.

    Raises:
        AppError: the user has as many tokens as anybody may have.
    """
    mine = select(func.count()).where(col(ApiToken.user_id) == user.id)
    if (session.scalar(mine) or 0) >= MOST:
        code = "too_many_tokens"
        raise AppError(
            code, N_("At most {most} tokens for one person. Revoke one that is not used any more."), most=MOST
        )
    token = PREFIX + passwords.new_token()
    row = ApiToken(
        token_hash=passwords.token_hash(token), user_id=user.id or 0, name=data.name, created_at=now,
        expires_at=now + timedelta(days=data.days),
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, actor=actor, action="token.created", object_id=row.public_id, detail={"days": data.days}, now=now)
    return _row(row, user.login), token


def revoke(session: Session, *, token_id: str, actor: Actor, now: datetime, owner: Actor | None = None) -> None:
    """End a token at once; `owner` sees only their own.

    Raises:
        NotFound: there is none by that id, or it is somebody else's.
    """
    row = session.scalar(select(ApiToken).where(col(ApiToken.public_id) == token_id))
    if row is None or (owner is not None and row.user_id != owner.user_id):
        code = "no_token"
        raise NotFound(code, N_("This token does not exist. It may have been revoked already."))
    session.delete(row)
    record(session, actor=actor, action="token.revoked", object_id=token_id, now=now)


def list_tokens(session: Session, *, user_id: int | None = None) -> list[TokenRow]:
    """Return the tokens of one user, or of everybody, the newest first."""
    query = select(ApiToken, col(User.login)).join(User, col(User.id) == col(ApiToken.user_id))
    if user_id is not None:
        query = query.where(col(ApiToken.user_id) == user_id)
    return [_row(row, login) for row, login in session.execute(query.order_by(col(ApiToken.id).desc()))]


def bearer_of(session: Session, *, token: str, now: datetime) -> Bearer | None:
    """Return whom a token stands for, with the role they have now; None for one unknown, revoked or too old."""
    query = (
        select(ApiToken, User)
        .join(User, col(User.id) == col(ApiToken.user_id))
        .where(col(ApiToken.token_hash) == passwords.token_hash(token), col(User.is_active), col(ApiToken.expires_at) > now)
    )  # fmt: skip
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    row, user = found
    return Bearer(as_actor(user), row.public_id, row.last_used_at is None or now - row.last_used_at > USED_EVERY)


def note_use(session: Session, *, token_id: str, now: datetime) -> None:
    """Note that a token was used."""
    row = session.scalar(select(ApiToken).where(col(ApiToken.public_id) == token_id))
    if row is not None:
        row.last_used_at = now


def too_many_refused(session: Session, *, address: str, now: datetime) -> bool:
    """Return whether so many wrong tokens came from an address that no more are noted: as many as wrong passwords may.

    They are counted apart: a program with an old token must not keep the people of its office from signing in.
    """
    since = now - WINDOW
    wrong = select(func.count()).where(col(LoginAttempt.address_hash) == _place(address), col(LoginAttempt.at) > since)
    return (session.scalar(wrong) or 0) >= PER_ADDRESS


def note_refused(session: Session, *, address: str, now: datetime) -> None:
    """Note a wrong token; of the token itself nothing is kept."""
    session.execute(delete(LoginAttempt).where(col(LoginAttempt.at) < now - WINDOW))
    session.add(LoginAttempt(account_hash=_place(address), address_hash=_place(address), at=now))
    record(session, actor=None, action="token.refused", detail={"from": address}, now=now)


def _place(address: str) -> str:
    return digest(f"token {address}")


def _row(row: ApiToken, login: str) -> TokenRow:
    return TokenRow(row.public_id, login, row.name, row.created_at, row.expires_at, row.last_used_at)
