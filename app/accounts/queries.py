"""Reads of users and sessions."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.models import LoginSession, User
from app.accounts.passwords import token_hash
from app.accounts.schemas import Actor, UserRow
from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.settings import Settings

_SESSION = (
    select(
        col(User.id), col(User.public_id), col(User.display_name), col(User.role), col(User.locale),
        col(LoginSession.created_at), col(LoginSession.last_seen_at),
    )
    .join(LoginSession, col(LoginSession.user_id) == col(User.id))
    .where(col(User.is_active))
)  # fmt: skip


def as_actor(user: User) -> Actor:
    """Return the user as one who acts."""
    return Actor(
        user_id=user.id, public_id=user.public_id, display_name=user.display_name, role=user.role, locale=user.locale
    )


def actor_for(session: Session, *, token: str, settings: Settings, now: datetime) -> tuple[Actor, datetime] | None:
    """Return who owns this token and when it was last used, or None once it is unknown or too old."""
    found = session.execute(_SESSION.where(col(LoginSession.token_hash) == token_hash(token))).one_or_none()
    if found is None:
        return None
    user_id, public_id, display_name, role, locale, created_at, last_seen_at = found
    if now - created_at > timedelta(hours=settings.session_hours):
        return None
    if now - last_seen_at > timedelta(minutes=settings.session_idle_minutes):
        return None
    actor = Actor(user_id=user_id, public_id=public_id, display_name=display_name, role=role, locale=locale)
    return actor, last_seen_at


def get_user(session: Session, public_id: str) -> User:
    """Return a user.

    Raises:
        NotFound: no such user.
    """
    user = session.scalar(select(User).where(col(User.public_id) == public_id))
    if user is None:
        code = "no_user"
        raise NotFound(code, N_("This user is not known."))
    return user


def user_by_login(session: Session, login: str) -> User | None:
    """Return the active user of a sign-in name."""
    return session.scalar(select(User).where(col(User.login) == login, col(User.is_active)))


def list_users(session: Session) -> list[UserRow]:
    """Return all users, active first, by name."""
    query = select(User).order_by(col(User.is_active).desc(), col(User.display_name))
    return [
        UserRow(public_id=u.public_id, login=u.login, display_name=u.display_name, role=u.role, is_active=u.is_active)
        for u in session.scalars(query)
    ]
