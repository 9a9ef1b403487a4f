"""A small company with everything in it, made by the same operations as on the screens."""

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

from fastapi import FastAPI
from sqlmodel import Session, SQLModel, select

from app.accounts import operations as accounts
from app.accounts.models import User
from app.accounts.queries import as_actor
from app.accounts.schemas import Actor, NewUser, Role
from app.core.database import make_engine, read_session, write_session
from app.core.settings import Settings
from app.interviews.models import Answer, Interview
from app.main import JOBS, create_app, make_job_services
from app.purchases.models import ImportRun
from app.tagging.models import Sentence, Tag
from app.web.services import Services
from tests.support import world_steps as steps
from tests.support.database import copy_sqlite
from tests.support.language import FakeLanguage
from tests.support.moment import NOW
from tests.support.orders import SERUM
from tests.support.world_catalogue import add_catalogue
from tests.support.world_segments import add_segments

PASSWORD = "ruri-bitaki-hiyodori-42"
LOGINS = {"researcher": Role.RESEARCHER, "planner": Role.PLANNER, "admin": Role.ADMIN, "outsider": Role.RESEARCHER}


@dataclass(frozen=True)
class Texts:
    """What people typed; hostile tests plant theirs here."""

    product: str = SERUM
    title: str = "定期をやめた人と続けた人"
    question: str = "何が続ける決め手になったのか"
    answer: str = "夕方になると頬のつっぱりが気になっていました。友人にすすめられて知りました。"
    memo: str = "間をおいて話した"
    display_name: str = "調査 花子"


@dataclass
class World:
    """Where things are: ids as they stand in addresses."""

    settings: Settings
    texts: Texts
    tokens: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def app(self) -> FastAPI:
        return create_app(services=make_test_services(self.settings))

    def speak(self, locale: str) -> None:
        """Set the language that every user of this company reads."""
        engine = make_engine(self.settings)
        with write_session(engine) as session:
            for user in session.exec(select(User)):
                user.locale = locale
        engine.dispose()

    def copied_to(self, home: Path) -> "World":
        """Return the same company in another home, for a test that changes it."""
        shutil.copytree(self.settings.home, home, ignore=shutil.ignore_patterns("*.sock"))
        return replace(self, settings=self.settings.model_copy(update={"home": home}))


def make_test_services(settings: Settings) -> Services:
    parts = replace(make_job_services(settings, clock=lambda: NOW), language=FakeLanguage())
    return Services(
        settings=settings, engine=parts.engine, orders=parts.orders, language=parts.language,
        clock=lambda: NOW, enqueue=lambda name, public_id: None if name in JOBS else fail(name, public_id),
    )  # fmt: skip


def fail(name: str, public_id: str) -> None:
    msg = f"no job is called {name} ({public_id})"
    raise LookupError(msg)


def build_world(home: Path, template: Path, *, texts: Texts | None = None, customers: int = 64) -> World:
    """Return a company: imports, two studies, a finished, a live and a consenting interview, tags."""
    copy_sqlite(template, home)
    world = World(settings=Settings(home=home), texts=texts or Texts())
    parts = replace(make_job_services(world.settings, clock=lambda: NOW), language=FakeLanguage())
    with write_session(parts.engine) as session:
        add_people(session, world)
    steps.add_imports(parts, world, customers=customers)
    with write_session(parts.engine) as session:
        steps.add_studies(session, parts, world, actor_named(session, "researcher"), actor_named(session, "outsider"))
        steps.add_interviews(session, parts, world, actor_named(session, "researcher"))
        add_catalogue(session, world, actor_named(session, "researcher"))
        add_segments(session, parts.orders, world, actor_named(session, "researcher"))
    JOBS["tagging.interview"](parts, world.ids["finished"])
    with write_session(parts.engine) as session:
        note_ids(session, world)
    parts.engine.dispose()
    return world


def add_people(session: Session, world: World) -> None:
    for login, role in LOGINS.items():
        name = world.texts.display_name if login == "researcher" else f"{login} さん"
        user, _ = accounts.create_user(
            session, data=NewUser(login=login, display_name=name, role=role), now=NOW, password=PASSWORD
        )
        world.users[login] = user.public_id
        signed_in = accounts.sign_in(session, login=login, password=PASSWORD, address="127.0.0.1", now=NOW)
        if signed_in is None:
            fail("sign_in", login)
        else:
            world.tokens[login] = signed_in.token


def actor_named(session: Session, login: str) -> Actor:
    return as_actor(session.exec(select(User).where(User.login == login)).one())


def note_ids(session: Session, world: World) -> None:
    finished = session.exec(select(Interview).where(Interview.public_id == world.ids["finished"])).one()
    answers = session.exec(select(Answer).where(Answer.interview_id == finished.id).order_by(Answer.question_id)).all()
    sentence = session.exec(select(Sentence).where(Sentence.answer_id == answers[0].id)).first()
    if sentence is None:
        fail("tags", world.ids["finished"])
        return
    tag = session.exec(select(Tag).where(Tag.sentence_id == sentence.id)).one()
    undone = session.exec(select(ImportRun).where(ImportRun.public_id == world.ids["import"])).one()
    world.ids |= {"sentence": sentence.public_id, "tag": tag.public_id, "source": undone.source}


def all_rows(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table: what a request may not have changed."""
    engine = make_engine(world.settings)
    with read_session(engine) as session:
        found = {
            table.name: sorted((tuple(row) for row in session.execute(table.select())), key=repr)
            for table in SQLModel.metadata.sorted_tables
        }
    engine.dispose()
    return found
