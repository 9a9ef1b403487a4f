"""Members on the pages: the columns one keeps, the check, the customer, the list, the page of attributes, boards, quotas."""

import re
from collections.abc import Iterator

import pytest

from app.core.settings import Settings
from tests.purchases.build import Shop as Orders
from tests.support.client import Visitors
from tests.support.homes import Homes
from tests.support.world import World
from tests.web.purchase_shop import COLUMNS, Shop, open_shop, order_file, row

MEMBERS = """顧客番号,氏名,メールアドレス,性別,都道府県,週の使用回数,備考
K001,金糸雀 花子,canary@example.invalid,女性,東京都,7回,とても長い自由記入
K002,金糸雀 一郎,canary2@example.invalid,男性,大阪府,3回,
K999,金糸雀 桜,canary3@example.invalid,女性,東京都,7回,
K003,金糸雀 梅,canary4@example.invalid,たぶん,東京都,7回,
"""


@pytest.fixture
def shop(settings: Settings, homes: Homes) -> Iterator[Shop]:
    homes.fill(settings, fill)
    with open_shop(settings) as opened:
        yield opened


def fill(shop: Orders) -> None:
    shop.take(order_file(*(row(number=n, customer=f"K{n:03}") for n in range(1, 9))), source="本店", columns=COLUMNS)


def form_of(page: str) -> dict[str, list[str]]:
    """The form of columns as a browser would send it."""
    form = page.split('id="mapping"', 1)[1].split("</form>", 1)[0]
    sent: dict[str, list[str]] = {}
    for name, choices in re.findall(r'<select id="[^"]*" name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', choices)
        sent[name] = [chosen[1] if chosen else ""]
    for field in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
        if name and value and ("checkbox" not in field or " checked" in field):
            sent.setdefault(name[1], []).append(value[1])
    return sent


def test_a_member_file_from_upload_to_the_list_and_back(shop: Shop) -> None:
    path = shop.upload(MEMBERS.encode("cp932"), name="会員.csv")
    columns = shop.page(path)
    sent = form_of(columns)
    assert sent["col_sex"] == ["性別"]
    assert sent["further"] == ["週の使用回数", "備考"]
    assert sent["keep"] == ["週の使用回数"]
    assert "残しません" in columns
    answer = shop.client.post(f"{path}/mapping", data=sent | {"action": "check"})
    assert answer.status_code == 303
    checked = shop.page(path)
    assert "ファイルの会員" in checked
    assert "性別が読み取れません。" in checked
    shop.post(f"{path}/confirm")
    page = shop.page("/purchases/attributes")
    assert "金糸雀" not in page
    assert re.search(r"attribute=sex%3Dfemale\">1</a>", page)
    assert re.search(r"attribute=sex%3D\">6</a>", page)
    listed = shop.page("/purchases/customers?attribute=sex%3Dfemale")
    assert "K001" in listed
    assert "K002" not in listed
    customer = re.search(r"/purchases/customers/([a-z2-7]{16})", listed)
    assert customer is not None
    assert "7回" in shop.page(f"/purchases/customers/{customer[1]}")
    shop.post(f"{path}/undo")
    assert "属性はまだありません" in shop.page("/purchases/attributes")


def test_a_person_decides_what_is_kept(shop: Shop) -> None:
    path = shop.upload(MEMBERS.encode(), name="会員.csv")
    sent = form_of(shop.page(path)) | {"keep": ["備考"], "action": ["check"]}
    shop.client.post(f"{path}/mapping", data=sent)
    shop.post(f"{path}/confirm")
    page = shop.page("/purchases/attributes")
    assert "備考" in page
    assert "週の使用回数" not in page


@pytest.fixture
def known(shop: Shop) -> Shop:
    path = shop.upload(MEMBERS.encode("cp932"), name="会員.csv")
    shop.client.post(f"{path}/mapping", data=form_of(shop.page(path)) | {"action": "check"})
    shop.post(f"{path}/confirm")
    return shop


def selects(page: str) -> dict[str, list[str]]:
    """Every select with the values it offers, the chosen one first."""
    found = {}
    for name, body in re.findall(r'<select id="[^"]*" name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'value="([^"]*)" selected', body)
        found[name] = [*chosen, *(value for value in re.findall(r'value="([^"]*)"', body) if value not in chosen)]
    return found


def test_the_attribute_is_chosen_first_and_then_its_value(known: Shop) -> None:
    first = selects(known.page("/purchases/customers"))
    assert first["of"] == ["", "sex", "prefecture", "週の使用回数"]
    assert "attribute" not in first
    second = known.page("/purchases/customers?of=sex&count=1")
    assert selects(second)["of"][0] == "sex"
    assert selects(second)["attribute"] == ["", "sex=female", "sex=male", "sex="]
    assert "K008" in second
    third = known.page("/purchases/customers?of=sex&attribute=sex%3Dmale&count=1")
    assert selects(third)["attribute"][0] == "sex=male"
    assert "K002" in third
    assert "K001" not in third


def test_a_value_of_the_attribute_before_does_not_count(known: Shop) -> None:
    changed = known.page("/purchases/customers?of=prefecture&attribute=sex%3Dmale")
    assert selects(changed)["attribute"][0] == ""
    assert "K001" in changed
    assert "K001" in known.page("/purchases/customers?of=&attribute=sex%3Dmale")
    linked = selects(known.page("/purchases/customers?attribute=sex%3D"))
    assert (linked["of"][0], linked["attribute"][0]) == ("sex", "sex=")


def test_with_a_script_only_the_values_come_back(known: Shop) -> None:
    part = known.page("/purchases/customers/values?of=prefecture")
    assert part.lstrip().startswith('<div class="field" id="attribute-values">')
    assert selects(part)["attribute"][0] == ""
    assert "大阪府 (1)" in part
    assert "hidden" in known.page("/purchases/customers/values?of=")


def test_a_strange_filter_is_no_filter(shop: Shop) -> None:
    assert "K001" in shop.page("/purchases/customers?attribute=sex")
    assert "該当する人はいません" in shop.page("/purchases/customers?attribute=sex%3Dfemale")


def test_the_board_of_planners_hides_what_fewer_than_five_share(demo_world: World, client_for: Visitors) -> None:
    study = demo_world.ids["study"]
    told = {role: client_for(role).get(f"/studies/{study}/board?by=age_5").text for role in ("researcher", "planner")}
    assert "年齢(5歳きざみ)" in told["researcher"]
    assert "5人未満" not in told["researcher"]
    assert "5人未満" in told["planner"]
    assert "段階 × 属性" in client_for("planner").get(f"/studies/{study}/board?by=sex").text
    assert client_for("planner").get(f"/studies/{study}/board?by=nothing").status_code == 200


def test_a_candidates_card_says_who_it_is(demo_world: World, client_for: Visitors) -> None:
    page = client_for("researcher").get(f"/studies/{demo_world.ids['study']}/candidates").text
    assert re.search(r"(女性|男性)・\d0代・(東京都|神奈川県|大阪府|青森県)・", page)


def test_quotas_of_a_study_are_typed_kept_and_refused(demo_world: World, shop: Shop) -> None:
    del demo_world
    form = {"product": "美容液", "title": "調査", "loyal": "2", "quotas": "性別=女性:2\n年代=30代:1"}
    answer = shop.client.post("/studies", data=form)
    assert answer.status_code == 303
    page = shop.page(answer.headers["location"])
    assert "性別=女性:2" in page
    wrong = shop.client.post("/studies", data=form | {"quotas": "女性ばかり"})
    assert wrong.status_code == 422
    assert "女性ばかり" in wrong.text
    assert "割り当ては1行に1つ" in wrong.text
    many = shop.client.post("/studies", data=form | {"quotas": "性別=女性:9"})
    assert many.status_code == 422
    assert "合計9人" in many.text
