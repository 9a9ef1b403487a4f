import re

import pytest
from sqlmodel import select

from app.candidates.models import Candidate
from app.core.database import read_session
from app.purchases import queries as purchases
from app.studies.models import Study

FORM = {
    "product": "あまみず",
    "title": "続く理由",
    "loyal": "2",
    "lapsed": "2",
    "churned": "2",
    "hypotheses": "一つ\n二つ",
}


def make_study(client, **more):
    made = client.post("/studies", data=FORM | more)
    assert made.status_code == 303, made.text
    return made.headers["location"].rpartition("/")[2]


def stored(shop, table):
    with read_session(shop.parts.engine) as session:
        return [row.model_dump() for row in session.scalars(select(table))]


def test_a_study_is_made_picked_and_walked_to_scheduled_without_javascript(shop, signed_in):
    client = signed_in("researcher")
    study = make_study(client)
    page = f"/studies/{study}/candidates"
    assert "まだ選んでいません" in client.get(page).text
    assert client.post(f"{page}/pick").headers["location"] == page
    html = client.get(page).text
    assert html.count('class="pc"') == 6
    assert "基準日 2026年11月15日(日)" in html
    first = re.findall(r"candidates/(\w+)/state", html)[0]
    state = f"{page}/{first}/state"
    assert client.post(state, data={"state": "agreed"}).status_code == 303
    assert client.post(state, data={"state": "scheduled", "scheduled_for": "2026-11-27T10:30"}).status_code == 303
    html = client.get(page).text
    assert "2026年11月27日(金) 10:30" in html
    assert f"candidates/{first}/interview" in html


def test_an_illegal_step_is_a_409_with_a_sentence(shop, signed_in):
    client = signed_in("researcher")
    study = make_study(client)
    client.post(f"/studies/{study}/candidates/pick")
    candidate = stored(shop, Candidate)[0]["public_id"]
    answer = client.post(f"/studies/{study}/candidates/{candidate}/state", data={"state": "held"})
    assert answer.status_code == 409
    assert "今の状態からは進められません" in answer.text


@pytest.mark.parametrize("form", [{"state": "king"}, {}, {"state": "scheduled", "scheduled_for": "あした"}])
def test_an_unreadable_step_is_a_422(shop, signed_in, form):
    client = signed_in("researcher")
    study = make_study(client)
    client.post(f"/studies/{study}/candidates/pick")
    candidate = stored(shop, Candidate)[0]
    answer = client.post(f"/studies/{study}/candidates/{candidate['public_id']}/state", data=form)
    assert answer.status_code == 422
    assert stored(shop, Candidate)[0] == candidate


def test_a_customer_is_added_by_hand(shop, signed_in):
    client = signed_in("researcher")
    study = make_study(client)
    with read_session(shop.parts.engine) as session:
        ref = purchases.list_customers(session, shop.store).rows[-1].customer_ref
    assert client.post(f"/studies/{study}/candidates", data={"customer_ref": ref}).status_code == 303
    assert client.post(f"/studies/{study}/candidates", data={"customer_ref": ref}).status_code == 409
    assert client.post(f"/studies/{study}/candidates", data={"customer_ref": "a" * 16}).status_code == 404
    assert client.post(f"/studies/{study}/candidates", data={"customer_ref": "../x"}).status_code == 422
    assert "調査担当が選んだ方です。" in client.get(f"/studies/{study}/candidates").text


def test_what_was_typed_comes_back_with_what_is_wrong(signed_in):
    client = signed_in("researcher")
    answer = client.post("/studies", data=FORM | {"product": "", "question": "なぜ<b>", "templates": "loyal_reason"})
    assert answer.status_code == 422
    assert "なぜ&lt;b&gt;" in answer.text
    assert re.search(r'value="loyal_reason" checked', answer.text)
    assert 'href="#f-product"' in answer.text


def test_a_study_for_nobody_is_refused_and_nothing_is_kept(shop, signed_in):
    answer = signed_in("researcher").post("/studies", data=FORM | {"loyal": "0", "lapsed": "0", "churned": ""})
    assert answer.status_code == 422
    assert "3つの候補区分" in answer.text
    assert stored(shop, Study) == []


def test_a_study_is_changed_and_members_come_and_go(signed_in):
    client, planner = signed_in("researcher"), signed_in("planner")
    study = make_study(client)
    assert planner.get(f"/studies/{study}").status_code == 404
    page = f"/studies/{study}"
    assert client.post(page, data={"action": "add_member", "login": "planner"}).status_code == 303
    assert planner.get(page).status_code == 200
    wrong = client.post(page, data={"action": "add_member", "login": "nobody"})
    assert wrong.status_code == 422
    assert "「nobody」の利用者はいません" in wrong.text
    assert client.post(page, data=FORM | {"action": "update", "title": ""}).status_code == 422
    assert client.post(page, data=FORM | {"action": "update", "title": "新しい題名"}).status_code == 303
    assert "新しい題名" in client.get(page).text
    assert client.post(page, data={"action": "remove_member", "login": "planner"}).status_code == 303
    assert planner.get(page).status_code == 404


def test_planners_read_the_study_page_but_no_candidates(signed_in):
    client, planner = signed_in("researcher"), signed_in("planner")
    study = make_study(client)
    client.post(f"/studies/{study}", data={"action": "add_member", "login": "planner"})
    client.post(f"/studies/{study}/candidates/pick")
    names = re.findall(r"<h3>(\w+)</h3>", client.get(f"/studies/{study}/candidates").text)
    html = planner.get(f"/studies/{study}").text
    assert names
    assert not any(name in html for name in names)
    assert "candidates" not in html
    assert planner.get(f"/studies/{study}/candidates").status_code == 403
    assert planner.post(f"/studies/{study}/candidates/pick").status_code == 403
    assert planner.post("/studies", data=FORM).status_code == 403


def test_a_stranger_finds_nothing_of_a_study(shop, signed_in):
    client, stranger = signed_in("researcher"), signed_in("stranger")
    study, own = make_study(client), make_study(stranger)
    client.post(f"/studies/{study}/candidates/pick")
    candidate = stored(shop, Candidate)[0]["public_id"]
    before = stored(shop, Candidate)
    for path in (f"/studies/{study}", f"/studies/{study}/candidates"):
        assert stranger.get(path).status_code == 404
    for path in (f"/studies/{study}", f"/studies/{study}/candidates/pick", f"/studies/{study}/candidates"):
        assert stranger.post(path, data=FORM | {"customer_ref": "a" * 16}).status_code == 404
    for there in (study, own):
        path = f"/studies/{there}/candidates/{candidate}/state"
        assert stranger.post(path, data={"state": "invited"}).status_code == 404
    assert stored(shop, Candidate) == before


def test_extra_fields_change_nothing(shop, signed_in):
    client = signed_in("researcher")
    study = make_study(client, created_by="999", guide_version_id="7", public_id="mine", as_of="2020-01-01")
    row = stored(shop, Study)[0]
    assert (row["public_id"], row["as_of"]) == (study, None)
    client.post(f"/studies/{study}", data=FORM | {"product": "別の商品", "action": "update"})
    assert stored(shop, Study)[0]["product"] == "あまみず"


def test_the_list_says_first_what_to_do_first(signed_in):
    client = signed_in("researcher")
    assert "調査がまだありません" in client.get("/studies").text
    make_study(client)
    assert "続く理由" in client.get("/studies").text
    assert "続く理由" in signed_in("admin").get("/studies").text
    assert "参加している調査がまだありません" in signed_in("planner").get("/studies").text


def test_a_card_leads_to_its_interview_once_it_is_opened(shop, signed_in):
    client = signed_in("researcher")
    study = make_study(client)
    page = f"/studies/{study}/candidates"
    client.post(f"{page}/pick")
    first = stored(shop, Candidate)[0]["public_id"]
    client.post(f"{page}/{first}/state", data={"state": "agreed"})
    opened = client.post(f"{page}/{first}/interview").headers["location"].removesuffix("/consent")
    html = client.get(page).text
    assert f'href="{opened}"' in html
    assert f"{first}/interview" not in html


def test_people_are_picked_for_another_day(shop, signed_in):
    client = signed_in("researcher")
    study = make_study(client)
    page = f"/studies/{study}/candidates"
    assert client.post(f"{page}/pick", data={"as_of": "2026-10-31"}).status_code == 303
    assert "基準日 2026年10月31日(土)" in client.get(page).text
    assert client.post(f"{page}/pick", data={"as_of": "きのう"}).status_code == 422
