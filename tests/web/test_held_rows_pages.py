"""Held-back rows mended in the page: nothing typed is lost, what can be read becomes an import of its own."""

import re
from collections.abc import Iterator

import pytest

from app.core.settings import Settings
from tests.web.purchase_shop import Shop, columns, open_shop, order_file, row

DIRTY = order_file(
    row(number=1),
    row(number=2, day="2026/13/02"),
    row(number=3, amount="不明"),
    row(number=4, day="あした", amount="いくらか"),
)


@pytest.fixture
def shop(settings: Settings) -> Iterator[Shop]:
    with open_shop(settings) as opened:
        yield opened


@pytest.fixture
def path(shop: Shop) -> str:
    found = shop.upload(DIRTY)
    shop.post(f"{found}/mapping", columns())
    return found


def cells(page: str) -> dict[str, str]:
    """Return the cells that can be typed into, by name."""
    return dict(re.findall(r'<input[^>]* name="(c-\d+-\d+)" value="([^"]*)"', page))


def mend(shop: Shop, path: str, form: dict[str, str]) -> str:
    """Post the form and return the path of the import it made."""
    response = shop.client.post(f"{path}/held-rows", data=form)
    assert response.status_code == 303, response.text[:500]
    return str(response.headers["location"])


def test_each_row_opens_the_cell_that_stood_in_the_way(shop: Shop, path: str) -> None:
    page = shop.page(f"{path}/held-rows")
    assert cells(page) == {"c-3-1": "2026/13/02", "c-4-5": "不明", "c-5-1": "あした"}
    assert "金糸雀" not in page
    assert f"{path}/held-rows" in shop.page(path)


def test_a_mended_row_is_checked_confirmed_and_undone_like_any_other(shop: Shop, path: str) -> None:
    shop.post(f"{path}/confirm")
    made = mend(shop, path, {"c-3-1": "2026/12/02", "c-4-5": "不明", "c-5-1": "あした"})
    page = shop.page(made)
    assert "受注.csv(直した行)" in page
    assert "1行を取り込む" in page
    shop.post(f"{made}/confirm")
    assert "注文 <b>2件</b>" in shop.page("/purchases") or ">2件<" in shop.page("/purchases")
    assert set(cells(shop.page(f"{path}/held-rows"))) == {"c-4-5", "c-5-1"}
    assert "直した1行" in shop.page(path)
    shop.post(f"{made}/undo")
    assert set(cells(shop.page(f"{path}/held-rows"))) == {"c-3-1", "c-4-5", "c-5-1"}


def test_a_row_that_is_still_wrong_comes_back_with_everything_typed(shop: Shop, path: str) -> None:
    typed = {"c-3-1": "2026/12/02", "c-4-5": "だいたい千円", "c-5-1": "2026/12/03"}
    response = shop.client.post(f"{path}/held-rows", data=typed)
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    again = cells(response.text)
    assert {name: again[name] for name in typed} == typed
    assert again["c-5-5"] == "いくらか"
    assert "読めるようになりました" in response.text
    assert response.text.count('aria-invalid="true"') == 2
    assert len(re.findall("直した行", shop.page("/purchases"))) == 0


def test_rows_that_can_be_read_go_on_without_the_others(shop: Shop, path: str) -> None:
    typed = {"c-3-1": "2026/12/02", "c-4-5": "だいたい千円", "c-5-1": "2026/12/03"}
    assert "読めた1行だけ進める" in shop.client.post(f"{path}/held-rows", data=typed).text
    made = mend(shop, path, typed | {"only_readable": "1"})
    assert "1行を取り込む" in shop.page(made)
    assert set(cells(shop.page(f"{path}/held-rows"))) == {"c-4-5", "c-5-1"}
    none = shop.client.post(f"{path}/held-rows", data={"c-4-5": "不詳", "only_readable": "1"})
    assert none.status_code == 422
    assert "読めた" not in none.text


def test_saving_without_a_change_says_so(shop: Shop, path: str) -> None:
    response = shop.client.post(f"{path}/held-rows", data=cells(shop.page(f"{path}/held-rows")))
    assert response.status_code == 422
    assert "まだどの値も変わっていません" in response.text


def test_one_row_can_be_opened_whole(shop: Shop, path: str) -> None:
    page = shop.page(f"{path}/held-rows?line=5")
    assert cells(page)["c-5-6"] == "金糸雀 花子"
    whole = cells(page) | {"c-5-1": "2026/12/05", "c-5-5": "1200", "line": "5"}
    assert "1行を取り込む" in shop.page(mend(shop, path, whole))


def test_the_same_row_is_not_mended_twice(shop: Shop, path: str) -> None:
    form = {"c-3-1": "2026/12/02"}
    mend(shop, path, form)
    assert shop.client.post(f"{path}/held-rows", data=form).status_code == 409


def test_reasons_can_be_looked_at_one_by_one(shop: Shop, path: str) -> None:
    page = shop.page(f"{path}/held-rows")
    first = re.findall(r'href="([^"]*reason=[0-9a-f]{8})"', page)[0]
    assert set(cells(shop.page(first))) == {"c-3-1", "c-5-1"}
    assert set(cells(shop.page(f"{path}/held-rows?reason=nonsense&page=999999999999&line=x"))) == set(cells(page))


def test_odd_cells_and_odd_lines_change_nothing(shop: Shop, path: str) -> None:
    odd = {"c-999-1": "x", "c-3-999": "x", "c-x-1": "x", "c-3-1": "2026/13/02"}
    assert shop.client.post(f"{path}/held-rows", data=odd).status_code == 422
    assert shop.client.post(f"{path}/held-rows", data={"c-3-1": "a\x00b"}).status_code == 422


def test_many_rows_come_in_pages_of_fifty(shop: Shop) -> None:
    path = shop.upload(order_file(row(number=0), *(row(number=n, amount="?") for n in range(1, 121))))
    shop.post(f"{path}/mapping", columns())
    assert len(cells(shop.page(f"{path}/held-rows"))) == 50
    assert len(cells(shop.page(f"{path}/held-rows?page=3"))) == 20


def test_one_value_can_be_mended_in_every_row_that_has_it(shop: Shop) -> None:
    bad = [row(number=n, amount="三千円") for n in range(1, 71)]
    path = shop.upload(order_file(row(number=0), *bad, row(number=80, amount="?")))
    shop.post(f"{path}/mapping", columns())
    form = cells(shop.page(f"{path}/held-rows")) | {"c-3-5": "3000", "all_alike": "1"}
    two_ways = mend(shop, path, form | {"c-5-5": "3500"})
    assert "2行を取り込む" in shop.page(two_ways)
    shop.post(f"{two_ways}/cancel")
    page = shop.page(mend(shop, path, form))
    assert "70行を取り込む" in page
    assert "¥210,000" in page
    assert set(cells(shop.page(f"{path}/held-rows"))) == {"c-73-5"}


def test_rows_of_a_member_file_are_mended_by_its_own_rules(shop: Shop) -> None:
    members = "会員ID,氏名,性別,誕生日\r\n1,金糸雀 花子,女性,1980-01-02\r\n,鶯 太郎,男性,1979-03-04\r\n,雀 一,男性,1990-05-06\r\n"
    content = members.encode("cp932")
    response = shop.client.post(
        "/purchases/imports",
        data={"source": "本店", "table": "members"},
        files={"file": ("会員.csv", content, "text/csv")},
    )
    path = str(response.headers["location"])
    shop.post(
        f"{path}/mapping",
        {
            "col_customer_key": "会員ID",
            "col_customer_name": "氏名",
            "col_sex": "性別",
            "col_birth_date": "誕生日",
            "action": "check",
        },
    )
    page = shop.page(f"{path}/held-rows?line=3")
    assert cells(page)["c-3-1"] == "鶯 太郎"
    form = cells(page) | {"line": "3"}
    response = shop.client.post(f"{path}/held-rows", data=form | {"c-3-1": "鶯 次郎"})
    assert response.status_code == 422
    assert 'value="鶯 次郎"' in response.text
    made = mend(shop, path, form | {"c-3-0": "2"})
    assert "1行を取り込む" in shop.page(made)


def test_an_undone_or_stopped_import_has_nothing_to_mend(shop: Shop, path: str) -> None:
    shop.post(f"{path}/cancel")
    shop.page(f"{path}/held-rows", status=409)
