"""The pages of products and events: forms that work without a script, what was typed comes back, nothing for planners."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.core.database import make_engine, read_session
from app.purchases.catalogue import queries
from app.purchases.catalogue.event_list import noted
from app.purchases.catalogue.schemas import ProductFacts
from app.purchases.store import OrdersStore
from tests.support.client import visitor
from tests.support.world import World

SERUM = {"source": "本店", "product_code": "AM-S30", "product_name": ""}


@pytest.fixture
def world(demo_world: World, tmp_path: Path) -> World:
    return demo_world.copied_to(tmp_path / "home")


@pytest.fixture
def client(world: World) -> Iterator[TestClient]:
    with visitor(world, "researcher") as found:
        yield found


def facts(world: World) -> dict[str, ProductFacts]:
    engine = make_engine(world.settings)
    with read_session(engine) as session:
        found = queries.products(session, OrdersStore(world.settings))
    engine.dispose()
    return {key[1]: one for key, one in found.items()}


def notes(world: World) -> list[str]:
    engine = make_engine(world.settings)
    with read_session(engine) as session:
        found = [event.note for event in noted(session)]
    engine.dispose()
    return found


def test_every_product_of_the_orders_stands_on_the_page(client: TestClient) -> None:
    page = client.get("/purchases/products")
    assert page.status_code == 200
    assert "AM-S30T" in page.text
    assert "同じ商品と思われるもの" in page.text


def test_a_product_is_set_and_the_page_returns_to_its_row(client: TestClient, world: World) -> None:
    form = SERUM | {"family": "あまみず", "kind": "trial", "days_per_unit": "45", "place": "p1", "at_text": "美容液"}
    answer = client.post("/purchases/products", data=form)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/purchases/products?text=%E7%BE%8E%E5%AE%B9%E6%B6%B2#p1"
    assert (facts(world)["AM-S30"].family, facts(world)["AM-S30"].days_per_unit) == ("あまみず", 45)


def test_with_a_script_only_the_list_comes_back(client: TestClient) -> None:
    answer = client.post(
        "/purchases/products", data=SERUM | {"family": "あ", "place": "p1"}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<section")
    assert "保存しました" in answer.text


def test_wrong_days_come_back_as_typed_with_a_sentence(client: TestClient, world: World) -> None:
    answer = client.post("/purchases/products", data=SERUM | {"family": "あまみず", "days_per_unit": "半年"})
    assert answer.status_code == 422
    assert 'value="半年"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert facts(world)["AM-S30"].family == ""


def proposal_id(client: TestClient) -> str:
    text = client.get("/purchases/products").text
    return text.split('name="shown" value="', 1)[1].split('"', 1)[0]


def test_a_proposal_is_accepted_under_a_typed_name_and_taken_back(client: TestClient, world: World) -> None:
    shown = proposal_id(client)
    form = {"action": f"accept {shown}", "shown": shown, f"family_{shown}": "あまみず美容液"}
    assert client.post("/purchases/products/proposals", data=form).status_code == 303
    assert {one.family for one in facts(world).values()} == {"あまみず美容液"}
    page = client.get("/purchases/products").text
    undo = page.split("/purchases/products/answers/", 1)[1].split("/undo", 1)[0]
    assert client.post(f"/purchases/products/answers/{undo}/undo").status_code == 303
    assert {one.family for one in facts(world).values()} == {""}
    assert proposal_id(client) == shown


def test_all_shown_proposals_are_answered_at_once(client: TestClient, world: World) -> None:
    form = {"action": "accept", "shown": proposal_id(client)}
    assert client.post("/purchases/products/proposals", data=form).status_code == 303
    assert 'name="shown"' not in client.get("/purchases/products").text
    assert facts(world)["AM-S30T"].family == "あまみず 美容液"


def test_a_proposal_that_is_gone_is_told(client: TestClient) -> None:
    answer = client.post("/purchases/products/proposals", data={"action": "accept gone"})
    assert answer.status_code == 409
    assert "この提案はなくなりました" in answer.text


def test_an_event_is_noted_changed_deleted_and_brought_back(client: TestClient, world: World) -> None:
    form = {"happened_on": "2026-09-01", "kind": "campaign", "about": "everybody", "note": "秋の試み"}
    made = client.post("/purchases/events", data=form)
    assert made.status_code == 303
    event = made.headers["location"].split("#")[1]
    client.post(f"/purchases/events/{event}", data=form | {"note": "秋の催し", "action": "save"})
    assert "秋の催し" in notes(world)
    gone = client.post(f"/purchases/events/{event}", data={"action": "delete"})
    assert gone.headers["location"] == f"/purchases/events?deleted={event}"
    assert "秋の催し" not in notes(world)
    assert "できごとを消しました" in client.get(gone.headers["location"]).text
    client.post(f"/purchases/events/{event}", data={"action": "restore"})
    assert "秋の催し" in notes(world)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"happened_on": "きのう", "about": "everybody"}, "2026-11-20"),
        ({}, "n-about-error"),
        ({"about": "one", "customer_id": "CAN70000"}, "取り込み元を選んでください"),
        ({"about": "one", "customer_id": "NOBODY", "source": "本店"}, "この番号のお客さまはいません"),
        ({"about": "one"}, "顧客番号を書くか"),
        ({"about": "buyers"}, "商品を書くか"),
        ({"about": "everybody", "customer_id": "CAN70000", "source": "本店"}, "顧客番号が書かれています"),
        ({"about": "everybody", "product": "美容液"}, "商品が書かれています"),
    ],
)
def test_an_event_is_taken_only_where_it_is_clear_whom_it_is_about(
    client: TestClient, world: World, typed: dict[str, str], said: str
) -> None:
    form = {"happened_on": "2026-09-01", "kind": "complaint", "note": "秋の電話"} | typed
    answer = client.post("/purchases/events", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert "秋の電話" in answer.text
    assert "秋の電話" not in notes(world)


def test_the_form_says_how_many_everybody_are_and_takes_a_known_customer(client: TestClient, world: World) -> None:
    assert re.search(r"全員 <small>注文のある\d+人</small>", client.get("/purchases/events").text)
    form = {"happened_on": "2026-09-01", "kind": "inquiry", "about": "one", "customer_id": "CAN70000", "source": "本店"}
    made = client.post("/purchases/events", data=form | {"note": "秋の電話"})
    assert made.status_code == 303
    assert "秋の電話" in notes(world)


def test_events_stand_on_the_customer_page(client: TestClient, world: World) -> None:
    page = client.get(f"/purchases/customers/{world.ids['customer']}").text
    assert "価格改定" in page
    assert "使う順番について" in page


def test_planners_see_no_note_of_a_customer_anywhere(world: World) -> None:
    with visitor(world, "planner") as planner:
        assert planner.get("/purchases/events").status_code == 403
        assert planner.get("/purchases/products").status_code == 403
        board = planner.get(f"/studies/{world.ids['study']}/people/{world.ids['person']}").text
    assert "使う順番" not in board
    assert "値上げ" not in board
