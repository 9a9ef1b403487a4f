"""The interview pages through the real application."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.core.database import make_engine, read_session
from app.interviews.answers import answer_text
from app.interviews.models import Answer, AnswerVersion, Consent, Interview
from app.interviews.schemas import AnswerText
from tests.support.client import visitor
from tests.support.world import World

AUTOSAVE = {"X-Autosave": "1"}


@pytest.fixture(scope="module")
def world(demo_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A company of this module's own; each test writes to a question that no other test uses."""
    return demo_world.copied_to(tmp_path_factory.mktemp("interviews") / "company")


@pytest.fixture(scope="module")
def client(world: World) -> Iterator[TestClient]:
    with visitor(world, "researcher") as opened:
        yield opened


@pytest.fixture
def own_world(demo_world: World, tmp_path: Path) -> World:
    return demo_world.copied_to(tmp_path / "company")


def stored(world: World, interview: str, question_id: str) -> AnswerText | None:
    engine = make_engine(world.settings)
    with read_session(engine) as session:
        query = (
            select(Answer)
            .join(Interview, col(Interview.id) == col(Answer.interview_id))
            .where(Interview.public_id == world.ids[interview], Answer.question_id == question_id)
        )
        row = session.exec(query).one_or_none()
        found = None if row is None else answer_text(row)
    engine.dispose()
    return found


def count(world: World, table: type) -> int:
    engine = make_engine(world.settings)
    with read_session(engine) as session:
        found = len(session.exec(select(table)).all())
    engine.dispose()
    return found


def address(world: World, interview: str, rest: str) -> str:
    return f"/interviews/{world.ids[interview]}/{rest}"


@pytest.mark.parametrize("rest", ["answers/q1", "questions/q1/skip"])
@pytest.mark.parametrize("headers", [{}, AUTOSAVE])
def test_nothing_is_stored_before_consent(world: World, client: TestClient, rest: str, headers: dict[str, str]):
    before = count(world, AnswerVersion), count(world, Answer)
    reply = client.post(
        address(world, "consenting", rest), data={"answer": "早すぎる", "version": "0"}, headers=headers
    )
    assert reply.status_code == 409
    assert "X-Answer-Version" not in reply.headers
    assert (count(world, AnswerVersion), count(world, Answer)) == before


def test_live_screen_leads_to_consent_first(world: World, client: TestClient):
    reply = client.get(address(world, "consenting", "live"))
    assert (reply.status_code, reply.headers["location"]) == (303, address(world, "consenting", "consent"))


def test_a_finished_interview_is_read_only(world: World, client: TestClient):
    assert client.get(address(world, "finished", "live")).status_code == 303
    reply = client.post(address(world, "finished", "answers/q1"), data={"answer": "あとから", "version": "1"})
    assert reply.status_code == 409


def test_consent_without_a_way_keeps_the_ticks(world: World, client: TestClient):
    before = count(world, Consent)
    reply = client.post(address(world, "consenting", "consent"), data={"granted": ["participation", "recording"]})
    assert reply.status_code == 422
    assert 'value="recording" checked' in reply.text
    assert count(world, Consent) == before


def test_from_consent_to_a_long_answer_to_the_end(own_world: World):
    form = {"granted": ["participation"], "way": "phone", "mode": "phone"}
    text = "長" * 34_000
    with visitor(own_world, "researcher") as client:
        begun = client.post(address(own_world, "consenting", "consent"), data=form)
        assert begun.headers["location"] == address(own_world, "consenting", "live")
        assert client.get(begun.headers["location"]).status_code == 200
        saved = client.post(
            address(own_world, "consenting", "answers/q1"), data={"answer": text, "version": "0"}, headers=AUTOSAVE
        )
        ended = client.post(address(own_world, "consenting", "finish"), data={"next_intention": "yes"})
        assert (saved.status_code, ended.headers["location"]) == (200, f"/interviews/{own_world.ids['consenting']}")
        assert text in client.get(ended.headers["location"]).text


def test_the_plain_form_saves_and_goes_on(world: World, client: TestClient):
    reply = client.post(
        address(world, "live", "answers/q2"), data={"answer": "一行目\r\n二行目", "version": "0", "then": "q3"}
    )
    assert reply.headers["location"] == address(world, "live", "live?q=q3")
    answer = stored(world, "live", "q2")
    assert answer is not None
    assert answer.text == "一行目\n二行目"
    assert "一行目\n二行目" in client.get(address(world, "live", "live?q=q2")).text


def test_the_script_gets_version_and_state(world: World, client: TestClient):
    form = {"answer": "話したとおり", "version": "0", "client_key": "k1", "seconds": "31"}
    first = client.post(address(world, "live", "answers/q3"), data=form, headers=AUTOSAVE)
    again = client.post(address(world, "live", "answers/q3"), data=form, headers=AUTOSAVE)
    assert (first.status_code, first.headers["X-Answer-Version"], first.headers["X-Answer-State"]) == (
        200,
        "1",
        "asked",
    )
    assert again.headers["X-Answer-Version"] == "1"


@pytest.mark.parametrize(("question", "headers"), [("q5", {}), ("q6", AUTOSAVE)])
def test_a_clash_shows_both_texts_and_a_person_chooses(
    world: World, client: TestClient, question: str, headers: dict[str, str]
):
    target = address(world, "live", f"answers/{question}")
    client.post(target, data={"answer": "一台目の文", "version": "0"})
    clash = client.post(target, data={"answer": "二台目の文", "version": "0"}, headers=headers)
    kept = stored(world, "live", question)
    assert clash.status_code == 409
    assert [text in clash.text for text in ("一台目の文", "二台目の文")] == [True, True]
    client.post(target, data={"answer": "二台目の文", "version": "1"}, headers=headers)
    chosen = stored(world, "live", question)
    assert kept is not None
    assert chosen is not None
    assert [(one.text, one.version) for one in (kept, chosen)] == [("一台目の文", 1), ("二台目の文", 2)]


def test_unusable_characters_are_refused_and_the_rest_comes_back(world: World, client: TestClient):
    reply = client.post(
        address(world, "live", "answers/q7"), data={"answer": "ここに\x00ある", "memo": "メモは残る", "version": "0"}
    )
    assert reply.status_code == 422
    assert "メモは残る" in reply.text
    assert stored(world, "live", "q7") is None


def test_what_is_missing_is_shown_before_finishing(world: World, client: TestClient):
    client.post(address(world, "live", "questions/q4/skip"), data={"version": "0"})
    missing, rest = client.get(address(world, "live", "finish")).text.split('class="sheet form"', 1)[0], "live?q="
    assert [f"{rest}q{number}" in missing for number in (1, 4, 7)] == [False, True, True]


def test_a_refused_closing_form_keeps_what_was_typed(world: World, client: TestClient):
    form = {"next_intention": "yes", "memo": "残る\x00メモ"}
    reply = client.post(address(world, "live", "finish"), data=form)
    assert reply.status_code == 422
    assert "残る" in reply.text
    assert 'value="yes" checked' in reply.text


@pytest.mark.parametrize(("role", "status"), [("outsider", 404), ("planner", 403), ("admin", 200)])
def test_who_may_read_an_interview(world: World, role: str, status: int):
    with visitor(world, role) as client:
        for rest in ("", "live", "consent", "finish"):
            assert client.get(address(world, "live", rest).rstrip("/")).status_code == status
