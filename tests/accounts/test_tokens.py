"""Personal access tokens: shown once, kept as a hash, with the rights their owner has now, ended at once."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.accounts import operations, queries, tokens
from app.accounts.models import ApiToken, AuditEntry, User
from app.accounts.schemas import COMMAND_LINE, NewPassword, NewToken, NewUser, Role, UserChange
from app.api.application import PREFIX
from app.core.errors import AppError, NotFound
from app.main import create_app
from tests.support.client import BASE, visitor
from tests.support.commands import command_line
from tests.support.moment import NOW
from tests.support.world import World, make_test_services

PASSWORD = "ruri-bitaki-hiyodori-42"
HERE = f"{PREFIX}/segments"


@pytest.fixture
def user(session: Session) -> User:
    data = NewUser(login="saeki", display_name="佐伯", role=Role.RESEARCHER)
    operations.create_user(session, data=NewUser(login="boss", display_name="長", role=Role.ADMIN), now=NOW)
    return operations.create_user(session, data=data, now=NOW, password=PASSWORD)[0]


def made(session: Session, user: User, days: int = 30) -> str:
    data = NewToken(name="週次の表", days=days)
    return tokens.create(session, user=user, actor=queries.as_actor(user), data=data, now=NOW)[1]


@pytest.mark.db
def test_a_token_is_kept_as_a_hash_and_stands_for_its_owner(session: Session, user: User) -> None:
    token = made(session, user)
    row = session.exec(select(ApiToken)).one()
    assert token.startswith("n1_")
    assert len(token) > 40
    assert token not in repr(row)
    found = tokens.bearer_of(session, token=token, now=NOW)
    assert found is not None
    assert (found.actor.public_id, found.actor.role, found.stale) == (user.public_id, Role.RESEARCHER, True)
    tokens.note_use(session, token_id=row.public_id, now=NOW)
    session.flush()
    later = tokens.bearer_of(session, token=token, now=NOW + timedelta(minutes=59))
    assert later is not None
    assert not later.stale


def test_a_token_ends_with_its_days(session: Session, user: User) -> None:
    token = made(session, user, days=30)
    assert tokens.bearer_of(session, token=token, now=NOW + timedelta(days=30, seconds=-1))
    assert tokens.bearer_of(session, token=token, now=NOW + timedelta(days=30)) is None
    assert tokens.bearer_of(session, token=token[:-1], now=NOW) is None
    assert tokens.bearer_of(session, token="", now=NOW) is None


def test_a_token_follows_the_role_and_ends_with_access_and_password(session: Session, user: User) -> None:
    actor, token = queries.as_actor(user), made(session, user)
    operations.change_user(session, actor=COMMAND_LINE, user_id=user.public_id, data=UserChange(role=Role.PLANNER), now=NOW)  # fmt: skip
    found = tokens.bearer_of(session, token=token, now=NOW)
    assert found is not None
    assert found.actor.is_planner
    new = NewPassword(current=PASSWORD, password="asagi-mizu-hotaru-77", again="asagi-mizu-hotaru-77")
    operations.change_password(session, actor=actor, data=new, now=NOW)
    assert tokens.bearer_of(session, token=token, now=NOW) is None
    for change in (UserChange(new_password=True), UserChange(is_active=False)):
        token = made(session, user)
        operations.change_user(session, actor=COMMAND_LINE, user_id=user.public_id, data=change, now=NOW)
        operations.change_user(session, actor=COMMAND_LINE, user_id=user.public_id, data=UserChange(is_active=True), now=NOW)  # fmt: skip
        assert tokens.bearer_of(session, token=token, now=NOW) is None


def test_nobody_revokes_the_token_of_another_or_has_very_many(session: Session, user: User) -> None:
    made(session, user)
    (row,) = tokens.list_tokens(session, user_id=user.id)
    stranger = replace(queries.as_actor(user), user_id=-1)
    with pytest.raises(NotFound):
        tokens.revoke(session, token_id=row.public_id, actor=stranger, owner=stranger, now=NOW)
    for _ in range(tokens.MOST - 1):
        made(session, user)
    with pytest.raises(AppError, match="At most 20 tokens"):
        made(session, user)
    tokens.revoke(session, token_id=row.public_id, actor=COMMAND_LINE, now=NOW)
    assert made(session, user)


@pytest.fixture
def world(demo_world: World, tmp_path: Path) -> World:
    return demo_world.copied_to(tmp_path / "home")


def call(client: TestClient, token: str) -> int:
    return client.get(HERE, headers={"Authorization": f"Bearer {token}"}).status_code


def test_made_on_the_account_page_used_and_revoked(world: World) -> None:
    with visitor(world, "planner") as client:
        page = client.post("/account/tokens", data={"name": "週次の表", "days": "90"})
        token = page.text.partition('<code class="fresh">')[2].partition("</code>")[0]
        assert page.status_code == 200
        assert call(client, token) == 200
        again = client.get("/account").text
        assert "週次の表" in again
        assert token not in again
        revoke = again.partition('action="/account/tokens/')[2].partition('"')[0]
        with visitor(world, "researcher") as other:
            assert other.post(f"/account/tokens/{revoke}").status_code == 404
        assert call(client, token) == 200
        assert client.post(f"/account/tokens/{revoke}").status_code == 303
        assert call(client, token) == 401
        for wrong in ({"name": " ", "days": "90"}, {"name": "x", "days": "0"}, {"name": "x", "days": "x"}):
            assert client.post("/account/tokens", data=wrong).status_code == 422


def test_made_listed_and_revoked_on_the_command_line(world: World) -> None:
    with command_line(world.settings.home, locale="ja") as n1, visitor(world, "anonymous") as client:
        said = n1("users", "token", "create", "planner", "--name", "表", "--days", "90", "--json")
        told = json.loads(said.stdout)
        listed = n1("users", "token", "list", "--json").stdout
        assert json.loads(listed) == [{name: value for name, value in told.items() if name != "token"}]
        assert told["token"] not in listed
        assert n1("users", "token", "list").stdout.startswith(f"{told['token_id']}\tplanner\t表")
        assert n1("users", "token", "revoke", told["token_id"]).returncode == 0
        for wrong in (("revoke", told["token_id"]), ("create", "nobody", "--name", "x"), ("create", "planner", "--name", " ")):  # fmt: skip
            done = n1("users", "token", *wrong)
            assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert call(client, told["token"]) == 401


def test_wrong_tokens_are_counted_apart_from_passwords_and_never_kept(world: World) -> None:
    parts = make_test_services(world.settings)
    with TestClient(create_app(services=parts), base_url=BASE) as client:
        answers = [call(client, f"n1_wrong{number}") for number in range(operations.PER_ADDRESS + 2)]
        assert answers == [401] * operations.PER_ADDRESS + [429] * 2
        refused = client.get(HERE, headers={"Authorization": "Bearer n1_wrong"})
        assert refused.json()["error"]["code"] == "too_many_attempts"
        assert refused.headers["retry-after"] == "900"
        with Session(parts.engine) as session:
            entries = session.exec(select(AuditEntry).where(AuditEntry.action == "token.refused")).all()
            assert len(entries) == operations.PER_ADDRESS
            assert "n1_wrong" not in repr([one.detail for one in entries])
            user = queries.user_by_login(session, "planner")
            assert user is not None
            right = made(session, user)
            session.commit()
        assert call(client, right) == 200
        headers = {"Sec-Fetch-Site": "same-origin"}
        form = {"login": "planner", "password": PASSWORD}
        assert client.post("/sign-in", data=form, headers=headers, follow_redirects=False).status_code == 303
