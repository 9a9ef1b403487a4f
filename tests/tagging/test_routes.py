"""The review and the queue through the real application; the language client is a fake or away."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.core.database import make_engine, read_session
from app.language.client import LanguageClient
from app.tagging.models import Tag, TagState
from tests.support.client import visitor
from tests.support.world import World

SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def world(demo_world: World, tmp_path: Path) -> World:
    return demo_world.copied_to(tmp_path / "company")


@pytest.fixture
def client(world: World) -> Iterator[TestClient]:
    with visitor(world, "researcher") as opened:
        yield opened


def state(world: World) -> TagState:
    engine = make_engine(world.settings)
    with read_session(engine) as session:
        found = session.exec(select(Tag).where(Tag.public_id == world.ids["tag"])).one().state
    engine.dispose()
    return found


def test_the_queue_leads_to_interviews_that_wait(world: World, client: TestClient) -> None:
    page = client.get("/tags")
    assert page.status_code == 200
    assert f"/interviews/{world.ids['finished']}/tags" in page.text
    assert client.get("/tags?stage=churn_reason").status_code == 200
    assert client.get("/tags?stage=nonsense").status_code == 200


def test_scores_are_hidden_until_asked_for(world: World, client: TestClient) -> None:
    address = f"/interviews/{world.ids['finished']}/tags"
    assert '<span class="num">80</span>' not in client.get(address).text
    assert '<span class="num">80</span>' in client.get(f"{address}?scores=1").text


def test_a_form_decides_and_leads_back_to_the_sentence(world: World, client: TestClient) -> None:
    reply = client.post(f"/tags/{world.ids['tag']}", data={"action": "reject"})
    assert reply.status_code == 303
    assert reply.headers["location"].startswith(f"/interviews/{world.ids['finished']}/tags#")
    assert state(world) is TagState.REJECTED


def test_the_script_gets_the_sentence_anew(world: World, client: TestClient) -> None:
    reply = client.post(f"/tags/{world.ids['tag']}", data={"action": "accept"}, headers=SCRIPT)
    assert reply.status_code == 200
    assert 'id="progress"' in reply.text
    assert reply.text.count("data-sentence") == 1
    assert state(world) is TagState.ACCEPTED


@pytest.mark.parametrize("form", [{}, {"action": "burn"}, {"action": "change"}, {"action": "change", "stage": "x"}])
def test_a_bad_decision_changes_nothing(world: World, client: TestClient, form: dict[str, str]) -> None:
    assert client.post(f"/tags/{world.ids['tag']}", data=form).status_code == 422
    assert state(world) is TagState.PROPOSED


def test_words_that_were_not_said_cannot_be_evidence(world: World, client: TestClient) -> None:
    form = {"stage": "anxiety", "evidence": "言っていない言葉"}
    reply = client.post(f"/sentences/{world.ids['sentence']}/tags", data=form)
    assert reply.status_code == 422
    assert "文のとおりに写してください" in reply.text


def test_a_correction_makes_a_new_version_with_tags(world: World, client: TestClient) -> None:
    address = f"/interviews/{world.ids['finished']}/answers/q1/text"
    assert client.post(address, data={"text": "直した答えです。二つ目です。", "version": "1"}).status_code == 303
    assert client.post(address, data={"text": "もう一人の直し。", "version": "1"}).status_code == 409
    assert client.post(address, data={"text": "", "version": "2"}).status_code == 422
    page = client.get(f"/interviews/{world.ids['finished']}/tags").text
    assert "直した答えです。" in page
    assert "もう一人の直し" not in page


def test_live_spans_hold_the_saved_answer(world: World, client: TestClient) -> None:
    reply = client.get(f"/interviews/{world.ids['live']}/answers/q1/tags")
    assert reply.status_code == 200
    assert reply.headers["X-Answer-Version"] == "1"
    assert reply.text.startswith('<span class="sent st-problem"><i class="lab"><span class="seal">悩</span>')
    assert "文 2" in unquote(reply.headers["X-Tags-Summary"])
    assert "Retry-After" not in reply.headers
    empty = client.get(f"/interviews/{world.ids['live']}/answers/q5/tags")
    assert (empty.status_code, empty.text) == (200, "")
    assert client.get(f"/interviews/{world.ids['live']}/answers/q99/tags").status_code == 404


def test_without_the_language_process_pages_say_so_and_answers_stay(world: World) -> None:
    app = world.app()
    app.state.services = replace(app.state.services, language=LanguageClient(world.settings))
    from tests.support.client import BASE, sign_in

    with TestClient(app, base_url=BASE, follow_redirects=False) as opened:
        client = sign_in(opened, world, "researcher")
        live = client.get(f"/interviews/{world.ids['live']}/answers/q1/tags")
        assert live.status_code == 200
        assert live.text.startswith("<span>q1: ")
        assert "答えは保存されています" in unquote(live.headers["X-Tags-Summary"])
        assert live.headers["Retry-After"] == "3"
        address = f"/interviews/{world.ids['finished']}/answers/q1/text"
        reply = client.post(address, data={"text": "直しました。", "version": "1"})
        assert reply.status_code == 503
        assert "答えは保存されています" in reply.text
        assert client.get(f"/interviews/{world.ids['finished']}/tags").status_code == 200


@pytest.mark.parametrize("role", ["outsider", "planner"])
def test_tags_of_others_are_not_shown(world: World, role: str) -> None:
    with visitor(world, role) as client:
        expected = 404 if role == "outsider" else 403
        assert client.get(f"/interviews/{world.ids['finished']}/tags").status_code == expected
        assert client.post(f"/tags/{world.ids['tag']}", data={"action": "accept"}).status_code == expected
        assert client.get(f"/interviews/{world.ids['live']}/answers/q1/tags").status_code == expected
    assert state(world) is TagState.PROPOSED


def test_the_review_leads_on_to_the_board_and_the_board_back(world: World, client: TestClient) -> None:
    board = f"/studies/{world.ids['study']}/people/{world.ids['person']}"
    review = f"/interviews/{world.ids['finished']}/tags"
    assert f'href="{board}"' in client.get(review).text
    assert f'href="{review}"' in client.get(board).text
    with visitor(world, "planner") as planner:
        assert review not in planner.get(board).text
