"""Pages of rules and saved segments: without JavaScript, for planners, as a file."""

import csv
import html
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.accounts.models import AuditEntry
from app.core.database import make_engine, write_session
from app.web import deps
from tests.support.client import Visitors, visitor
from tests.support.orders import CANARIES
from tests.support.world import World

HERE = "/purchases/people-of"


@pytest.fixture
def world(demo_world: World, tmp_path: Path) -> World:
    return demo_world.copied_to(tmp_path / "home")


def audit(world: World, action: str) -> list[AuditEntry]:
    engine = make_engine(world.settings)
    with Session(engine) as session:
        found = list(session.exec(select(AuditEntry).where(AuditEntry.action == action)))
    engine.dispose()
    return found


def test_the_form_leads_to_the_short_address_of_its_rule(client_for: Visitors) -> None:
    form = "?orders_from=2&orders_to=&customer_class=lapsed&first_month_from=&first_month_to=&sort=amount&super_loyal="
    response = client_for("researcher").get(HERE + form, follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == f"{HERE}?customer_class=lapsed&orders=2-&sort=amount"


def test_a_condition_that_cannot_be_read_is_told_beside_its_field(client_for: Visitors) -> None:
    response = client_for("researcher").get(f"{HERE}?orders_from=many&orders_to=&customer_class=lapsed")
    assert response.status_code == 422
    assert "「注文回数」の条件が読み取れません。数字で" in response.text
    assert 'href="#f-orders"' in response.text
    assert 'value="lapsed" checked' in response.text


def test_all_that_was_typed_stays_when_conditions_cannot_be_read(client_for: Visitors) -> None:
    form = "?orders_from=many&orders_to=9&amount_from=1000&amount_to=&decile_from=77&decile_to=&customer_class=lapsed"
    response = client_for("researcher").get(HERE + form)
    assert response.status_code == 422
    assert "「注文回数」の条件が読み取れません。数字で" in response.text
    assert "「デシル」の条件が読み取れません。10までの数字で" in response.text
    assert re.search(r'name="orders_from"[^>]*value="many"', response.text)
    assert re.search(r'name="orders_to"[^>]*value="9"', response.text)
    assert re.search(r'name="amount_from"[^>]*value="1000"', response.text)
    assert re.search(r'name="decile_from"[^>]*value="77"', response.text)
    assert 'value="lapsed" checked' in response.text
    groups = re.findall(r'<details class="rulegroup"( open)?><summary><h3>([^<]*)', response.text)
    assert {name.strip() for is_open, name in groups if is_open} == {"お客さま", "回数と金額"}


def test_sorting_and_paging_keep_the_segment_that_is_being_changed(client_for: Visitors, demo_world: World) -> None:
    client, segment = client_for("researcher"), demo_world.ids["segment"]
    page = client.get(f"{HERE}?orders=1-&saved={segment}").text
    assert page.count(f'name="saved" value="{segment}"') == 2
    assert f"saved={segment}&amp;sort=" in page
    wrong = client.get(f"{HERE}?orders_from=many&orders_to=&saved={segment}")
    assert f'name="saved" value="{segment}"' in wrong.text
    itself = client.get(f"/purchases/segments/{segment}?sort=amount").text
    assert f'<form class="filters" method="get" action="/purchases/segments/{segment}">' in itself
    assert '<option value="amount" selected>' in itself


def test_a_segment_that_would_name_itself_is_refused_on_the_form(world: World) -> None:
    segment = world.ids["segment"]
    with visitor(world, "researcher") as client:
        response = client.post(f"/purchases/segments/{segment}/rule", data={"rule": f"segment={segment}&orders=2"})
        assert response.status_code == 422
        assert "条件に、この抽出条件自身が入っています。" in response.text
        assert f'name="saved" value="{segment}"' in response.text
        assert re.search(r'name="orders_from"[^>]*value="2"', response.text)
    assert audit(world, "segment.changed") == []


def test_a_file_without_columns_is_refused(world: World) -> None:
    with visitor(world, "researcher") as client:
        response = client.post(f"{HERE}/csv", data={"rule": "orders=2-"})
        assert response.status_code == 422
        assert "列を1つ以上選んでください" in response.text
        assert "この条件に合うお客さま" in response.text
    assert audit(world, "people.exported") == []


def test_the_name_of_a_segment_stays_out_of_the_history_of_browsers(client_for: Visitors, demo_world: World) -> None:
    text = client_for("researcher").get(f"/purchases/segments/{demo_world.ids['segment']}").text
    assert "<title>抽出条件 | " in text


def test_who_may_not_change_a_segment_takes_no_lock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    @contextmanager
    def watched(engine: Engine) -> Iterator[Session]:
        begun.append("writes")
        with write_session(engine) as session:
            yield session

    with visitor(world, "planner") as client:
        monkeypatch.setattr(deps, "write_session", watched)
        address = f"/purchases/segments/{world.ids['segment']}"
        for path in (address, f"{address}/rule", f"{address}/delete"):
            assert client.post(path, data={"rule": "orders=2-", "name": "x"}).status_code == 403
        assert begun == []


def test_words_beyond_those_offered_are_found_by_a_part(client_for: Visitors, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_for("researcher")
    words = re.findall(r'name="first_product" value="([^"]+)"', client.get(HERE).text)
    assert len(words) > 1
    monkeypatch.setattr("app.web.figures.rule_form.OFFERED", 1)
    page = client.get(HERE).text
    assert page.count('name="first_product" value="') == 1
    assert 'list="w-first_product"' in page
    rare = html.unescape(words[-1])
    found = client.get(f"{HERE}/words/first_product", params=[("first_product", words[0]), ("first_product", rare[1:])])
    assert f'<option value="{words[-1]}">' in found.text
    assert "<option" not in client.get(f"{HERE}/words/first_product?first_product=").text
    assert client.get(f"{HERE}/words/orders?orders=1").status_code == 404
    chosen = client.get(HERE, params={"first_product": rare}).text
    assert f'name="first_product" value="{words[-1]}" checked' in chosen


def test_the_count_follows_the_form(client_for: Visitors) -> None:
    part = client_for("researcher").get(f"{HERE}/count?orders_from=2&orders_to=3").text
    assert "この条件に合うお客さまは" in part
    assert "読み取れません" in client_for("researcher").get(f"{HERE}/count?orders_from=x&orders_to=").text


def test_a_file_holds_the_chosen_columns_and_the_log_names_the_people(world: World) -> None:
    with visitor(world, "researcher") as client:
        page = client.get(f"{HERE}?orders=2-")
        response = client.post(
            f"{HERE}/csv", data={"rule": "orders=2-", "columns": ["customer_id", "amount", "stop_ending"]}
        )
    head, *rows = csv.reader(io.StringIO(response.text.removeprefix("\ufeff")))
    assert head == ["顧客番号", "金額", "離脱のしかた", "基準日"]
    assert len(rows) > 10
    assert f"<b>{len(rows)}人</b>" in page.text
    assert all(row[0].startswith("CAN7") for row in rows)
    (entry,) = audit(world, "people.exported")
    as_of = entry.detail["as_of"]
    assert {row[-1] for row in rows} == {as_of}
    assert response.headers["content-disposition"] == f'attachment; filename="customers-{as_of}.csv"'
    assert entry.detail["rule"] == "orders=2-"
    references = "".join(f"{one}\n" for one in entry.detail["customers"])
    assert entry.detail["digest"] == sha256(references.encode()).hexdigest()
    assert entry.detail["people"] == len(entry.detail["customers"]) == len(rows)
    assert not [canary for canary in CANARIES if canary in repr(entry.detail)]


def test_a_segment_is_saved_renamed_changed_and_deleted_after_a_question(world: World) -> None:
    with visitor(world, "researcher") as client:
        made = client.post("/purchases/segments", data={"name": "二回目まで", "rule": "orders=2", "kind": "moving"})
        address = made.headers["location"]
        assert "二回目まで" in client.get(address).text
        clash = client.post("/purchases/segments", data={"name": "二回目まで", "rule": "orders=3", "kind": "moving"})
        assert clash.status_code == 422
        assert "「二回目まで」という抽出条件はもうあります。" in clash.text
        nameless = client.post("/purchases/segments", data={"name": " ", "rule": "orders=3", "kind": "frozen"})
        assert nameless.status_code == 422
        assert client.post(address, data={"name": "三回目"}).headers["location"] == address
        changing = client.get(f"{HERE}?orders=3&saved={address.rpartition('/')[2]}")
        assert "「三回目」をこの条件に置きかえる" in changing.text
        client.post(f"{address}/rule", data={"rule": "orders=3"})
        assert "注文が3回" in client.get(address).text
        others = {"rule": f"segment={address.rpartition('/')[2]}"}
        for name, kind in (("動く両方", "moving"), ("そのときの両方", "frozen")):
            client.post("/purchases/segments", data=others | {"name": name, "kind": kind})
        asked = client.get(f"{address}/delete").text
        assert "削除しますか" in asked
        assert "動く両方" in asked
        assert "そのときの両方" not in asked
        assert client.post(f"{address}/delete").headers["location"] == "/purchases/segments"
        assert client.get(address).status_code == 404
    assert [len(audit(world, f"segment.{what}")) for what in ("created", "renamed", "changed", "deleted")] == [
        5,
        1,
        1,
        1,
    ]


def test_a_frozen_segment_says_plainly_who_is_not_there_any_more(client_for: Visitors, demo_world: World) -> None:
    text = client_for("researcher").get(f"/purchases/segments/{demo_world.ids['segment_frozen']}").text
    assert "このうち1人は、購買データに今はいません" in text


def test_planners_see_counts_and_neither_people_nor_links_to_them(client_for: Visitors) -> None:
    client = client_for("planner")
    text = client.get("/purchases/segments").text
    assert "戻ってきてほしい人" in text
    assert "people-of" not in text
    assert "/purchases/segments/" not in text
    assert 'href="/purchases/segments"' in client.get("/studies").text
    assert client.get(HERE).status_code == 403


def test_a_planner_is_not_asked_to_do_what_only_researchers_may(world: World) -> None:
    with visitor(world, "researcher") as client:
        for address in set(re.findall(r'href="(/purchases/segments/\w+)"', client.get("/purchases/segments").text)):
            client.post(f"{address}/delete")
        assert "条件を組み、" in client.get("/purchases/segments").text
    with visitor(world, "planner") as client:
        text = client.get("/purchases/segments").text
    assert "調査担当が名前をつけて残した条件が、ここに並びます。" in text
    assert "条件を組み、" not in text


def test_conditions_that_hold_for_few_are_not_told_to_planners(world: World) -> None:
    with visitor(world, "researcher") as client:
        client.post(
            "/purchases/segments",
            data={"rule": "orders=1&first_on=2000-01-01", "name": "だれもいない", "kind": "moving"},
        )
        assert "2000年1月1日" in client.get("/purchases/segments").text
    with visitor(world, "planner") as client:
        text = client.get("/purchases/segments").text
    assert "だれもいない" in text
    assert "2000年1月1日" not in text
    assert "5人以上のときに表示します" in text


def test_who_may_not_see_customers_reads_no_conditions_on_a_study(world: World) -> None:
    with visitor(world, "researcher") as client:
        made = client.post("/studies", data={"product": "美容液", "lapsed": "1", "people": "stop_number=13"})
        study = made.headers["location"]
        client.post(study, data={"action": "add_member", "login": "planner"})
        assert "13回目" in client.get(study).text
    with visitor(world, "planner") as client:
        shown = client.get(study)
    assert shown.status_code == 200
    assert "13回目" not in shown.text


def test_a_product_that_looks_like_a_formula_is_a_text_in_the_file() -> None:
    from app.core.i18n import translator
    from app.purchases.segments.csv_file import COLUMNS

    product = next(one for one in COLUMNS if one.name == "first_product")
    for text in ("=1+1", "+81", "-x", "@sum", "＝1", "\tx"):
        assert product.say(text, translator("ja")) == f"'{text}"
    assert product.say("美容液", translator("ja")) == "美容液"


def test_words_of_an_address_are_shown_as_text(client_for: Visitors) -> None:
    text = client_for("researcher").get(f"{HERE}?first_product={quote('<b>x</b>')}").text
    assert "<b>x</b>" not in text
    assert "&lt;b&gt;x" in text
