"""The demo is built by the product's own operations: the same at every rebuild, mended after a stop, quick when done."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.accounts.queries import list_users
from app.accounts.schemas import COMMAND_LINE
from app.candidates.models import Candidate, CandidateState
from app.cli import demo, demo_steps
from app.cli.demo_files import OWN_SHOP, read_company, read_talks
from app.core.database import read_session
from app.core.settings import Settings
from app.interviews.models import Interview, InterviewState
from app.jobs.schemas import JobServices
from app.main import make_job_services
from app.purchases.models import Person
from app.tagging import tasks
from app.tagging.models import Tag, TagOrigin, TagState
from tests.cli.demo_digest import classes, digest
from tests.cli.demo_oracle import SOURCES, classify, read_source
from tests.cli.test_demo_files import TWINS
from tests.support.database import copy_sqlite

pytestmark = pytest.mark.xdist_group("demo")  # one worker builds it for all


class Stopped(Exception):
    """Stands for a kill in the middle of a build."""


def services(home: Path, template: Path) -> JobServices:
    copy_sqlite(template, home)
    return make_job_services(Settings(home=home))


@pytest.fixture(scope="module")
def built(sqlite_template: Path, tmp_path_factory) -> Iterator[JobServices]:
    parts = services(tmp_path_factory.mktemp("demo") / "home", sqlite_template)
    demo.build_demo(parts)
    yield parts
    parts.engine.dispose()


def summed(parts: JobServices) -> dict[str, str]:
    with read_session(parts.engine) as session:
        return digest(session, parts, COMMAND_LINE)


def test_deleted_and_rebuilt_it_is_the_same_even_after_stops(built, sqlite_template, tmp_path, monkeypatch):
    parts = services(tmp_path / "home", sqlite_template)
    stops = ((demo_steps, "import_file"), (demo_steps, "fill_study"), (demo_steps, "hold_talk"), (tasks, "tag_answer"))
    for module, name in stops:
        step = getattr(module, name)
        calls: list[int] = []

        def stop_at_second(*args, step=step, calls=calls, **kwargs):
            calls.append(1)
            if len(calls) == 2:
                raise Stopped
            return step(*args, **kwargs)

        monkeypatch.setattr(module, name, stop_at_second)
        with pytest.raises(Stopped):
            demo.build_demo(parts)
        monkeypatch.undo()
    demo.build_demo(parts)
    try:
        assert summed(parts) == summed(built)
    finally:
        parts.engine.dispose()
        shutil.rmtree(tmp_path / "home")


def test_a_second_start_only_looks(built, capsys):
    began = time.monotonic()
    demo.build_demo(built)
    assert time.monotonic() - began < 1
    assert "そろっています" in capsys.readouterr().out


def test_classes_are_those_of_the_oracle(built):
    with read_session(built.engine) as session:
        found = {(row["source"], row["customer_id"]): row for row in classes(session, built)}
    as_of = max(row["last_order_on"] for row in found.values())
    for source in SOURCES:
        verdicts = classify(read_source(source), as_of)
        assert {customer for name, customer in found if name == source} >= set(verdicts)
        for customer, verdict in verdicts.items():
            row = found[source, customer]
            assert (row["orders"], int(row["amount"])) == (verdict.orders, verdict.amount), customer
            assert row["purchase_type"] == verdict.purchase_type, customer
            assert row["customer_class"] == verdict.customer_class, customer


def test_every_screen_shows_life(built):
    with read_session(built.engine) as session:
        states = Counter(session.scalars(select(col(Candidate.state))))
        interviews = Counter(session.scalars(select(col(Interview.state))))
        decided = Counter((state, origin) for state, origin in session.execute(select(col(Tag.state), col(Tag.origin))))
    talks = read_talks()
    assert states[CandidateState.HELD] == sum(not talk.live for talk in talks)
    assert {CandidateState.PROPOSED, CandidateState.INVITED, CandidateState.SCHEDULED} <= set(states)
    assert interviews[InterviewState.LIVE] == 1
    assert decided[TagState.ACCEPTED, TagOrigin.MACHINE] > 50
    assert decided[TagState.REJECTED, TagOrigin.MACHINE] > 0
    assert decided[TagState.PROPOSED, TagOrigin.MACHINE] > 50


def test_people_written_as_twins_are_twins_on_the_screen(built):
    with read_session(built.engine) as session:
        query = select(col(Candidate.id), col(Candidate.twin_id), col(Person.customer_id)).join(Person)
        rows = session.execute(query).all()
    numbers = {candidate: number for candidate, _, number in rows}
    pairs = {(number, numbers[twin]) for _, twin, number in rows if twin is not None}
    assert set(TWINS) <= pairs


def test_what_the_researcher_found_stands_in_one_sentence_each():
    for talk in read_talks():
        said = "\0".join(talk.answers.values())
        for quotes in (*talk.reviewed.values(), *talk.begun.values()):
            for quote in quotes:
                assert said.count(quote) == 1, (talk.customer_id, quote)


def test_users_have_one_role_each(built):
    with read_session(built.engine) as session:
        users = list_users(session)
    assert {user.role for user in users} == {user.role for user in read_company().users}


def test_everybody_interviewed_is_a_customer_of_the_files():
    known = {source: set(read_source(source).orders) for source in SOURCES}
    assert all(talk.customer_id in known[talk.source] for talk in read_talks())
    assert OWN_SHOP in known
