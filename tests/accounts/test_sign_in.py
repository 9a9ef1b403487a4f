from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from app.accounts import operations, queries
from app.accounts.models import AuditEntry, LoginSession
from app.accounts.passwords import token_hash
from app.accounts.schemas import COMMAND_LINE, NewPassword, NewUser, Role, UserChange
from app.core.errors import AppError, Conflict
from app.core.settings import Settings

PASSWORD = "utagawa-no-soroban-7"


def make_user(session: Session, now: datetime, *, login: str = "saeki", role: Role = Role.RESEARCHER) -> str:
    data = NewUser(login=login, display_name="佐伯", role=role)
    user, _ = operations.create_user(session, data=data, now=now, password=PASSWORD)
    return user.public_id


def sign_in(
    session: Session, now: datetime, *, password: str = PASSWORD, login: str = "saeki", address: str = "10.0.0.1"
):
    return operations.sign_in(session, login=login, password=password, address=address, now=now)


@pytest.mark.db
def test_the_right_password_opens_a_session(session: Session, settings: Settings, now: datetime, database_kind: str):
    make_user(session, now)
    signed_in = sign_in(session, now)
    assert signed_in is not None
    found = queries.actor_for(session, token=signed_in.token, settings=settings, now=now)
    assert found is not None
    assert found[0].display_name == "佐伯"


def test_only_the_hash_of_a_token_is_stored(session: Session, now: datetime):
    make_user(session, now)
    signed_in = sign_in(session, now)
    assert signed_in is not None
    stored = session.exec(select(LoginSession)).one()
    assert stored.token_hash == token_hash(signed_in.token) != signed_in.token


@pytest.mark.parametrize("login", ["saeki", "nobody"])
def test_wrong_password_and_unknown_name_answer_the_same(session: Session, now: datetime, login: str):
    make_user(session, now)
    assert sign_in(session, now, password="wrong", login=login) is None


def test_the_eleventh_wrong_password_waits_and_the_right_one_works_afterwards(session: Session, now: datetime):
    make_user(session, now)
    for _ in range(10):
        assert sign_in(session, now, password="wrong") is None
    with pytest.raises(AppError) as refused:
        sign_in(session, now)
    assert (refused.value.status, refused.value.params["minutes"]) == (429, 15)
    assert sign_in(session, now + timedelta(minutes=16)) is not None


def test_many_passwords_tried_at_once_are_not_more_tries(session: Session, now: datetime):
    make_user(session, now)
    tries = [*("wrong",) * 12, PASSWORD]
    checked = [
        operations.check_sign_in(session, login="saeki", password=password, address="10.0.0.1", now=now)
        for password in tries
    ]
    for one in checked[:10]:
        assert operations.open_session(session, checked=one, now=now) is None
    for one in checked[10:]:
        with pytest.raises(AppError):
            operations.open_session(session, checked=one, now=now)


def test_a_password_changed_during_sign_in_opens_nothing(session: Session, now: datetime):
    user_id = make_user(session, now)
    checked = operations.check_sign_in(session, login="saeki", password=PASSWORD, address="10.0.0.1", now=now)
    change = UserChange(new_password=True)
    operations.change_user(session, actor=COMMAND_LINE, user_id=user_id, data=change, now=now)
    assert operations.open_session(session, checked=checked, now=now) is None


def test_the_audit_trail_tells_who_came_from_where(session: Session, now: datetime):
    user_id = make_user(session, now)
    sign_in(session, now, password="wrong")
    sign_in(session, now)
    failed, opened = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
    assert (failed.action, failed.object_id, failed.detail) == ("sign_in_failed", user_id, {"from": "10.0.0.1"})
    assert (opened.action, opened.detail) == ("sign_in", {"from": "10.0.0.1"})


def test_one_address_may_not_try_many_accounts(session: Session, now: datetime):
    for attempt in range(30):
        sign_in(session, now, login=f"user{attempt}", password="wrong")
    with pytest.raises(AppError):
        sign_in(session, now, login="another")
    make_user(session, now)
    assert sign_in(session, now, address="10.0.0.2") is not None


def test_idle_and_old_sessions_end(session: Session, settings: Settings, now: datetime):
    make_user(session, now)
    signed_in = sign_in(session, now)
    assert signed_in is not None
    idle = now + timedelta(minutes=settings.session_idle_minutes, seconds=1)
    assert queries.actor_for(session, token=signed_in.token, settings=settings, now=idle) is None
    old = now + timedelta(hours=settings.session_hours, seconds=1)
    operations.touch(session, token=signed_in.token, now=old)
    session.flush()
    assert queries.actor_for(session, token=signed_in.token, settings=settings, now=old) is None


@pytest.mark.parametrize("end", ["sign_out", "disable", "new_password", "own_password"])
def test_a_copied_token_stops_working(session: Session, settings: Settings, now: datetime, end: str):
    user_id = make_user(session, now)
    signed_in = sign_in(session, now)
    assert signed_in is not None
    match end:
        case "sign_out":
            operations.sign_out(session, token=signed_in.token)
        case "disable":
            change = UserChange(is_active=False)
            operations.change_user(session, actor=COMMAND_LINE, user_id=user_id, data=change, now=now)
        case "new_password":
            change = UserChange(new_password=True)
            operations.change_user(session, actor=COMMAND_LINE, user_id=user_id, data=change, now=now)
        case _:
            data = NewPassword(current=PASSWORD, password="kawa-no-nagare-1234", again="kawa-no-nagare-1234")
            operations.change_password(session, actor=signed_in.actor, data=data, now=now)
    session.flush()
    assert queries.actor_for(session, token=signed_in.token, settings=settings, now=now) is None


@pytest.mark.parametrize("weak", ["password1234", "ababababababab", "saekisaekisaeki", "111111111111"])
def test_weak_passwords_are_refused(session: Session, now: datetime, weak: str):
    make_user(session, now)
    signed_in = sign_in(session, now)
    assert signed_in is not None
    data = NewPassword(current=PASSWORD, password=weak, again=weak)
    with pytest.raises(AppError) as refused:
        operations.change_password(session, actor=signed_in.actor, data=data, now=now)
    assert refused.value.code == "weak_password"


def test_the_last_administrator_stays(session: Session, now: datetime):
    admin = make_user(session, now, login="admin", role=Role.ADMIN)
    with pytest.raises(AppError) as refused:
        operations.change_user(session, actor=COMMAND_LINE, user_id=admin, data=UserChange(is_active=False), now=now)
    assert refused.value.code == "last_admin"


def test_a_sign_in_name_belongs_to_one_person(session: Session, now: datetime):
    make_user(session, now)
    with pytest.raises(Conflict):
        make_user(session, now)


def test_the_audit_trail_holds_what_happened_but_no_password(session: Session, now: datetime):
    make_user(session, now)
    sign_in(session, now)
    sign_in(session, now, password="canary-wrong-password")
    entries = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()  # type: ignore[arg-type]  # a column
    assert [entry.action for entry in entries] == ["sign_in", "sign_in_failed"]
    assert "canary" not in " ".join(str(entry.model_dump()) for entry in entries)
