"""Signing in and out, one's own account, and the users page of administrators."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Annotated
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from app.accounts import operations, queries, tokens
from app.accounts.schemas import (
    ROLE_LABELS,
    Actor,
    NewPassword,
    NewToken,
    NewUser,
    Role,
    TokenRow,
    UserChange,
    UserRow,
)
from app.core.database import write_session
from app.core.errors import AppError
from app.core.i18n import LOCALES, N_
from app.web.aside import read_aside
from app.web.deps import CurrentActor, PostedForm, ReadSession, WriteSession, permit, services
from app.web.forms import FieldError, FormInvalid
from app.web.render import redirect, render
from app.web.security import COOKIE, clear_session_cookie, client_address, set_session_cookie

router = APIRouter()
Admin = Annotated[Actor, Depends(permit("users.manage"))]
Self = Annotated[Actor, Depends(permit("account.write"))]


TOKEN_DAYS = (30, 90, 365)


@dataclass(frozen=True)
class SignInPage:
    """The sign-in form."""

    next_path: str
    login: str = ""
    error: FieldError | None = None


@dataclass(frozen=True)
class AccountPage:
    """One's own account, and a token that is shown this once."""

    tokens: list[TokenRow]
    now: datetime
    fresh_token: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    lasting: tuple[int, ...] = TOKEN_DAYS
    errors: dict[str, FieldError] = field(default_factory=dict)
    error: FieldError | None = None


@dataclass(frozen=True)
class UsersPage:
    """All users, the form for a new one, and a password that is shown this once."""

    users: list[UserRow]
    roles: dict[Role, str]
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, FieldError] = field(default_factory=dict)
    error: FieldError | None = None
    fresh_login: str = ""
    fresh_password: str = ""


def local_path(target: str) -> str:
    """Return the path to return to, or the start page for anything that leads elsewhere."""
    path = unquote(target)
    parts = urlsplit(path)
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path if inside and path.isprintable() else "/"


@router.get("/sign-in", name="sign_in")
async def sign_in_page(request: Request) -> Response:
    """Show the sign-in form."""
    return render(request, "accounts/sign_in.html", SignInPage(next_path=request.query_params.get("next", "/")))


@router.post("/sign-in", name="sign_in_post")
async def sign_in(request: Request, form: PostedForm) -> Response:
    """Open a session and lead on; a wrong password and an unknown name read the same."""
    parts, login = services(request), form.values.get("login", "").strip()
    page = SignInPage(next_path=form.values.get("next", "/"), login=login)
    try:
        check = partial(
            operations.check_sign_in, login=login, password=form.values.get("password", ""),
            address=client_address(request), now=parts.clock(),
        )  # fmt: skip
        checked = await read_aside(request, check)
        with write_session(parts.engine) as session:
            signed_in = operations.open_session(session, checked=checked, now=parts.clock())
    except AppError as fault:
        return _sign_in_again(request, page, FieldError(fault.message, fault.params), fault.status)
    if signed_in is None:
        wrong = FieldError(N_("Sign-in name or password is not right."), {})
        return _sign_in_again(request, page, wrong, 422)
    response = RedirectResponse(local_path(page.next_path), status_code=303)
    set_session_cookie(response, signed_in.token, hours=parts.settings.session_hours)
    return response


def _sign_in_again(request: Request, page: SignInPage, error: FieldError, status: int) -> Response:
    again = SignInPage(next_path=page.next_path, login=page.login, error=error)
    return render(request, "accounts/sign_in.html", again, status=status)


@router.post("/sign-out", name="sign_out")
async def sign_out(request: Request, db: WriteSession) -> Response:
    """End the session and empty the browser's storage."""
    token = request.cookies.get(COOKIE)
    if token:
        operations.sign_out(db, token=token)
    response = redirect(request, "sign_in")
    clear_session_cookie(response)
    return response


@router.get("/account", name="account")
async def account(request: Request, db: ReadSession, actor: CurrentActor) -> Response:
    """Show one's own account."""
    return _account(request, db, actor)


@router.post("/account/password", name="account_password")
async def change_password(request: Request, form: PostedForm, db: WriteSession, actor: Self) -> Response:
    """Set one's own password; every session ends and one signs in anew."""
    try:
        operations.change_password(db, actor=actor, data=form.parse(NewPassword), now=services(request).clock())
    except FormInvalid as invalid:
        return _account(request, db, actor, status=422, errors=invalid.errors)
    except AppError as fault:
        return _account(request, db, actor, status=fault.status, error=FieldError(fault.message, fault.params))
    response = redirect(request, "sign_in")
    clear_session_cookie(response)
    return response


@router.post("/account/locale", name="account_locale")
async def change_locale(request: Request, form: PostedForm, db: WriteSession, actor: Self) -> Response:
    """Set one's own language."""
    locale = form.values.get("locale", "")
    if locale in LOCALES:
        operations.set_locale(db, actor=actor, locale=locale)
    response = redirect(request, "account")
    response.set_cookie("n1_locale", locale if locale in LOCALES else "ja", secure=True, httponly=True, samesite="lax")
    return response


@router.post("/account/tokens", name="token_create")
async def create_token(request: Request, form: PostedForm, db: WriteSession, actor: Self) -> Response:
    """Make a token of one's own and show it once."""
    try:
        data = form.parse(NewToken)
        user = queries.get_user(db, actor.public_id)
        _, token = tokens.create(db, user=user, actor=actor, data=data, now=services(request).clock())
    except FormInvalid as invalid:
        return _account(request, db, actor, status=422, typed=form.values, errors=invalid.errors)
    except AppError as fault:
        errors = {"name": FieldError(fault.message, fault.params)}
        return _account(request, db, actor, status=fault.status, typed=form.values, errors=errors)
    return _account(request, db, actor, fresh_token=token)


@router.post("/account/tokens/{token_id}/revoke", name="token_revoke")
async def revoke_token(request: Request, token_id: str, db: WriteSession, actor: Self) -> Response:
    """End a token of one's own."""
    tokens.revoke(db, token_id=token_id, actor=actor, now=services(request).clock(), owner=actor)
    return redirect(request, "account")


def _account(request: Request, db: Session, actor: Actor, *, status: int = 200, **parts: object) -> Response:
    mine = tokens.list_tokens(db, user_id=actor.user_id)
    page = AccountPage(tokens=mine, now=services(request).clock(), **parts)  # type: ignore[arg-type]  # named above
    return render(request, "accounts/account.html", page, status=status)


@router.get("/users", name="users")
async def users(request: Request, db: ReadSession, actor: Admin) -> Response:
    """List everybody who may sign in."""
    del actor
    return render(request, "accounts/users.html", UsersPage(users=queries.list_users(db), roles=ROLE_LABELS))


@router.post("/users", name="user_create")
async def create_user(request: Request, form: PostedForm, db: WriteSession, actor: Admin) -> Response:
    """Make a user and show the password once."""
    now = services(request).clock()
    try:
        data = form.parse(NewUser)
        user, password = operations.create_user(db, data=data, now=now)
    except FormInvalid as invalid:
        return _users(request, db, status=422, typed=form.values, errors=invalid.errors)
    except AppError as fault:
        errors = {"login": FieldError(fault.message, fault.params)}
        return _users(request, db, status=fault.status, typed=form.values, errors=errors)
    operations.record(db, actor=actor, action="user_created", object_id=user.public_id, now=now)
    return _users(request, db, fresh_login=user.login, fresh_password=password)


@router.post("/users/{user_id}", name="user_change")
async def change_user(request: Request, user_id: str, form: PostedForm, db: WriteSession, actor: Admin) -> Response:
    """Change a user's role or access, or give a new password."""
    try:
        data = form.parse(UserChange)
        password = operations.change_user(db, actor=actor, user_id=user_id, data=data, now=services(request).clock())
    except FormInvalid as invalid:
        return _users(request, db, status=422, errors=invalid.errors)
    if password is None:
        return redirect(request, "users")
    return _users(request, db, fresh_login=queries.get_user(db, user_id).login, fresh_password=password)


def _users(request: Request, db: WriteSession, *, status: int = 200, **parts: object) -> Response:
    page = UsersPage(users=queries.list_users(db), roles=ROLE_LABELS, **parts)  # type: ignore[arg-type]  # named above
    return render(request, "accounts/users.html", page, status=status)
