"""People of a fresh installation, and how they sign in and out."""

from datetime import datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from app.accounts.operations import create_user
from app.accounts.schemas import NewUser, Role
from app.core.database import make_engine, write_session
from app.core.settings import Settings
from tests.support.database import copy_sqlite

PASSWORD = "hiyodori-shijukara-77"
PEOPLE = (("researcher", "調査 花子", Role.RESEARCHER), ("planner", "企画 次郎", Role.PLANNER))


def add_people(settings: Settings, template: Path, *, now: datetime) -> None:
    copy_sqlite(template, settings.home)
    engine = make_engine(settings)
    with write_session(engine) as session:
        for login, name, role in PEOPLE:
            create_user(session, data=NewUser(login=login, display_name=name, role=role), now=now, password=PASSWORD)
    engine.dispose()


def sign_in(page: Page, base: str, login: str, password: str) -> None:
    page.goto(base)
    page.wait_for_url("**/sign-in**")
    page.fill("#f-login", login)
    page.fill("#f-password", password)
    page.click("form[action='/sign-in'] button[type=submit]")
    expect(page.locator("form[action='/sign-out'] button").first).to_be_attached()


def sign_out(page: Page) -> None:
    page.goto(page.url)
    page.locator("form[action='/sign-out']").first.evaluate("form => form.submit()")
    page.wait_for_url("**/sign-in**")
