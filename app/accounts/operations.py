"""Changes to users and sessions. They flush; entry points commit."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from app.accounts import passwords
from app.accounts.models import ApiToken, AuditEntry, LoginAttempt, LoginSession, User
from app.accounts.queries import as_actor, get_user
from app.accounts.schemas import Actor, CheckedSignIn, NewPassword, NewUser, Role, SignedIn, UserChange
from app.core.errors import AppError, Conflict
from app.core.i18n import N_
from app.core.types import JsonDict

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 30


def record(
    session: Session, *, actor: Actor | None, action: str, now: datetime, object_id: str = "",
    detail: JsonDict | None = None,
) -> None:  # fmt: skip
    """Add one row to the audit trail. `detail` holds ids, counts and network addresses, never names or answers."""
    session.add(
        AuditEntry(
            at=now, actor_id=actor.user_id if actor else None, action=action, object_id=object_id, detail=detail or {}
        )
    )
    session.flush()


def create_user(session: Session, *, data: NewUser, now: datetime, password: str | None = None) -> tuple[User, str]:
    """Make a user and return it with its password (random unless given), which is shown once.

    Raises:
        Conflict: the sign-in name is taken.
    """
    if session.scalar(select(col(User.id)).where(col(User.login) == data.login)) is not None:
        code = "login_taken"
        raise Conflict(code, N_("The sign-in name {login} is already in use. Choose another."), login=data.login)
    chosen = password or passwords.random_password()
    user = User(
        login=data.login, display_name=data.display_name, role=data.role,
        password_hash=passwords.hash_password(chosen), created_at=now,
    )  # fmt: skip
    session.add(user)
    session.flush()
    return user, chosen


def sign_in(session: Session, *, login: str, password: str, address: str, now: datetime) -> SignedIn | None:
    """Check and open in one go. Pages check in a thread, outside the write transaction.

    Raises:
        AppError: too many wrong passwords for this account or from this address; the wait is named.
    """
    checked = check_sign_in(session, login=login, password=password, address=address, now=now)
    return open_session(session, checked=checked, now=now)


def check_sign_in(session: Session, *, login: str, password: str, address: str, now: datetime) -> CheckedSignIn:
    """Return whether name and password fit together. Reads only, and works on the password for tens of milliseconds.

    Raises:
        AppError: too many wrong passwords for this account or from this address; the wait is named.
    """
    account, place = digest(login.casefold()), digest(address)
    _refuse_when_throttled(session, account=account, place=place, now=now)
    user = session.scalar(select(User).where(col(User.login) == login, col(User.is_active)))
    known = user.password_hash if user else None
    fits = passwords.check_password(known, password)
    return CheckedSignIn(account, place, address, user.public_id if user else "", known if fits and known else "")


def open_session(session: Session, *, checked: CheckedSignIn, now: datetime) -> SignedIn | None:
    """Open a session, or return None for a wrong name or password (the attempt is counted).

    Raises:
        AppError: meanwhile there were too many wrong passwords; those who try many at once gain nothing.
    """
    account, place = checked.account, checked.place
    _refuse_when_throttled(session, account=account, place=place, now=now)
    user = session.scalar(select(User).where(col(User.public_id) == checked.user_id, col(User.is_active)))
    if user is None or user.password_hash != checked.password_hash:
        session.add(LoginAttempt(account_hash=account, address_hash=place, at=now))
        record(
            session, actor=None, action="sign_in_failed", object_id=checked.user_id,
            detail={"from": checked.address}, now=now,
        )  # fmt: skip
        return None
    session.execute(delete(LoginAttempt).where(col(LoginAttempt.at) < now - WINDOW))
    session.execute(delete(LoginAttempt).where(col(LoginAttempt.account_hash) == account))
    token = passwords.new_token()
    session.add(
        LoginSession(token_hash=passwords.token_hash(token), user_id=_id(user), created_at=now, last_seen_at=now)
    )
    actor = as_actor(user)
    record(session, actor=actor, action="sign_in", detail={"from": checked.address}, now=now)
    return SignedIn(token=token, actor=actor)


def sign_out(session: Session, *, token: str) -> None:
    """End the session of this token; its copies stop working at once."""
    session.execute(delete(LoginSession).where(col(LoginSession.token_hash) == passwords.token_hash(token)))


def touch(session: Session, *, token: str, now: datetime) -> None:
    """Note that the session was used."""
    row = session.scalar(select(LoginSession).where(col(LoginSession.token_hash) == passwords.token_hash(token)))
    if row is not None:
        row.last_seen_at = now


def change_password(session: Session, *, actor: Actor, data: NewPassword, now: datetime) -> None:
    """Set a person's own password and end all their sessions and tokens.

    Raises:
        AppError: the present password is wrong, the two new ones differ, or the new one is weak.
    """
    user = get_user(session, actor.public_id)
    if not passwords.check_password(user.password_hash, data.current):
        code = "wrong_password"
        raise AppError(code, N_("The present password is not right."))
    if data.password != data.again:
        code = "passwords_differ"
        raise AppError(code, N_("The two new passwords differ. Type the same one twice."))
    if passwords.is_weak(data.password, context=(user.login, user.display_name, "interview", "password", "顧客")):
        code = "weak_password"
        raise AppError(code, N_("This password is easy to guess. Choose a longer one of unrelated words."))
    user.password_hash = passwords.hash_password(data.password)
    _end_sessions(session, user)
    _end_tokens(session, user)
    record(session, actor=actor, action="password_changed", now=now, object_id=user.public_id)


def change_user(session: Session, *, actor: Actor, user_id: str, data: UserChange, now: datetime) -> str | None:
    """Change role or access of a user, or give a new random password, which is returned once.

    Raises:
        NotFound: no such user.
        AppError: the last active administrator would be lost.
    """
    user = get_user(session, user_id)
    was_admin = user.role is Role.ADMIN and user.is_active
    user.role = data.role or user.role
    user.is_active = user.is_active if data.is_active is None else data.is_active
    session.flush()
    if was_admin and not _has_admin(session):
        code = "last_admin"
        raise AppError(code, N_("At least one active administrator must remain."))
    password = None
    if data.new_password:
        password = passwords.random_password()
        user.password_hash = passwords.hash_password(password)
    _end_sessions(session, user)
    if data.new_password or not user.is_active:
        _end_tokens(session, user)
    change = data.model_dump(mode="json", exclude_none=True)
    record(session, actor=actor, action="user_changed", now=now, object_id=user.public_id, detail=change)
    return password


def set_locale(session: Session, *, actor: Actor, locale: str) -> None:
    """Remember a person's language."""
    get_user(session, actor.public_id).locale = locale


def _refuse_when_throttled(session: Session, *, account: str, place: str, now: datetime) -> None:
    since = now - WINDOW
    checks = (
        (col(LoginAttempt.account_hash) == account, PER_ACCOUNT),
        (col(LoginAttempt.address_hash) == place, PER_ADDRESS),
    )
    for condition, limit in checks:
        query = select(func.count(), func.min(LoginAttempt.at)).where(condition, col(LoginAttempt.at) > since)
        count, first = session.execute(query).one()
        if count >= limit:
            minutes = max(1, round((first + WINDOW - now).total_seconds() / 60))
            code = "too_many_attempts"
            raise AppError(
                code, N_("Too many wrong passwords. Try again in {minutes} minutes."), status=429, minutes=minutes
            )


def _has_admin(session: Session) -> bool:
    query = select(col(User.id)).where(col(User.role) == Role.ADMIN, col(User.is_active)).limit(1)
    return session.scalar(query) is not None


def _end_sessions(session: Session, user: User) -> None:
    session.execute(delete(LoginSession).where(col(LoginSession.user_id) == _id(user)))


def _end_tokens(session: Session, user: User) -> None:
    session.execute(delete(ApiToken).where(col(ApiToken.user_id) == _id(user)))


def _id(user: User) -> int:
    if user.id is None:
        msg = "user was not flushed"
        raise ValueError(msg)
    return user.id


def digest(value: str) -> str:
    """Return what is kept of a sign-in name or a network address that failed."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
