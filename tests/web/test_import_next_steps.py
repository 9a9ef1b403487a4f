"""Every state of an import offers the right next step; imports of mended rows stand with the file they mend."""

import re
from collections.abc import Iterator

import pytest

from app.cli import leftovers
from app.core.settings import Settings
from tests.web.purchase_shop import HEADER, Shop, columns, open_shop, order_file, row

SMALL = order_file(row(number=1), row(number=2, customer="C2"))
DIRTY = order_file(
    row(number=1),
    row(number=1),
    row(number=2, day="2026/13/02"),
    row(number=3, amount="不明"),
    row(number=4, amount="?"),
)
WITH_STATE = HEADER.replace("氏名", "氏名,状態")


@pytest.fixture
def shop(settings: Settings) -> Iterator[Shop]:
    with open_shop(settings) as opened:
        yield opened


def checked(shop: Shop, content: bytes, **form: str) -> str:
    path = shop.upload(content)
    shop.post(f"{path}/mapping", columns(**form))
    return path


def mend(shop: Shop, path: str, form: dict[str, str]) -> str:
    """Take mended rows in and return the path of their import."""
    made = str(shop.client.post(f"{path}/held-rows", data=form).headers["location"])
    shop.post(f"{made}/confirm")
    return made


def test_a_file_with_nothing_new_says_so_and_is_closed(shop: Shop) -> None:
    shop.import_file(SMALL)
    path = checked(shop, SMALL)
    page = shop.page(path)
    for words in ("このファイルに新しい行はありません", "2行はすでに取り込まれていて", "別のファイルを取り込む"):
        assert words in page
    assert f"{path}/confirm" not in page
    assert "取り込み待ち" not in page
    assert "取り込み待ち" not in shop.page("/purchases")
    assert f"{path}/discard" in page
    assert "/purchases" in str(shop.client.post(f"{path}/discard").headers["location"])
    shop.page(path, status=404)
    assert path not in shop.page("/purchases")
    assert not shop.services.orders.upload_dir(path.rsplit("/", 1)[1]).exists()


def test_a_file_that_only_changes_known_rows_is_imported(shop: Shop) -> None:
    def states(first: str) -> bytes:
        return (WITH_STATE + f"1,2026/09/10,C1,美容液,1,3960,花子,{first}\r\n2,2026/09/11,C2,美容液,1,3960,太郎,発送済み\r\n").encode("cp932")  # fmt: skip

    for content in (states("発送済み"), states("キャンセル")):
        path = checked(shop, content, col_status="状態")
        page = shop.page(path)
        shop.post(f"{path}/confirm")
    assert "変更のあった1行を取り込む" in page
    assert "<b>1人</b>" in shop.page("/purchases")


def test_refunds_are_told_beside_the_sales_they_are_taken_off(shop: Shop) -> None:
    def refunded(first: str, second: str) -> bytes:
        header = HEADER.replace("氏名", "氏名,返金額")
        return (header + f"1,2026/09/10,C1,美容液,1,3960,花子,{first}\r\n2,2026/09/11,C2,美容液,1,3960,太郎,{second}\r\n").encode("cp932")  # fmt: skip

    said = columns(col_refunded="返金額")
    path = shop.upload(refunded("1000", "4500"))
    shop.post(f"{path}/mapping", said)
    page = shop.page(path)
    for words in ("うち一部返金", "−¥4,960", "商品の金額を超える返金", "¥540", "お客さま2人、注文1件"):
        assert words in page
    shop.post(f"{path}/confirm")
    (customer,) = set(re.findall(r"/purchases/customers/[a-z2-7]{16}", shop.page("/purchases/customers")))
    assert "キャンセル・返品・返金 ¥1,000" in shop.page(customer)
    again = shop.upload(refunded("1500", "たぶん"))
    shop.post(f"{again}/mapping", said)
    page = shop.page(again)
    for words in ("前のファイルのあとに変わった返金", "¥3,460", "空として扱ったセル", "返金額が金額として読めません。"):
        assert words in page
    assert "うち一部返金" not in page


def test_the_page_of_columns_says_what_stands_above_the_header(shop: Shop) -> None:
    titled = "売上明細表\r\n期間,2026/09/01\r\n\r\n".encode("cp932") + SMALL
    assert "見出しより上の2行は読みません" in shop.page(shop.upload(titled))
    assert "見出しより上" not in shop.page(shop.upload(SMALL))


def test_advice_goes_when_its_button_is_gone(shop: Shop) -> None:
    path = checked(shop, DIRTY)
    page = shop.page(path)
    assert "下で直せます" in page
    assert re.findall(r'data-l="金額">([^<]*)<', page) == ["—", "¥3,960"]
    assert page.count("列の対応を直す") == 2
    shop.post(f"{path}/confirm")
    page = shop.page(path)
    assert "下で直せます" in page
    assert "列の対応を直す" not in page
    assert "別のファイルを取り込む" in page
    shop.post(f"{path}/undo")
    page = shop.page(path)
    assert "下で直せます" not in page
    assert "held-rows" not in page
    assert "/purchases/imports/new?source=%E6%9C%AC%E5%BA%97&amp;table=orders" in page


def test_a_stopped_import_is_brought_again_or_leaves_the_list(shop: Shop) -> None:
    path = checked(shop, SMALL)
    shop.post(f"{path}/cancel")
    page = shop.page(path)
    assert "ファイルを取り込み直す" in page
    assert path in shop.page("/purchases")
    shop.post(f"{path}/discard")
    assert path not in shop.page("/purchases")


def test_an_upload_that_was_given_up_leaves_the_list_too(shop: Shop) -> None:
    path = shop.upload(SMALL)
    shop.post(f"{path}/cancel")
    assert f"{path}/discard" in shop.page(path)


def test_what_was_imported_leaves_no_list_by_a_forged_form(shop: Shop) -> None:
    path = shop.import_file(SMALL)
    shop.post(f"{path}/discard", status=409)
    assert "取り込み済み" in shop.page(path)


def test_a_file_says_how_many_rows_are_still_held_back(shop: Shop) -> None:
    path = checked(shop, DIRTY)
    shop.post(f"{path}/confirm")
    made = mend(shop, path, {"c-4-1": "2026/12/02", "c-5-5": "500"})
    page = shop.page(path)
    assert "まだ保留 1行" in page
    assert "確認で保留になったのは3行です" in page
    assert f'href="{made}">直した2行' in page
    saved = shop.client.get(f"{path}/held-back.csv").text.splitlines()
    assert [line.split(",")[0] for line in saved[1:]] == ["6"]
    assert re.findall(r'data-l="行"><b>(\d)</b>', page) == ["1", "0"]
    assert f'href="{path}/held-rows">残りの保留1行を直す' in shop.page(made)
    shop.post(f"{made}/undo")
    assert "保留 3行" in shop.page(path)
    made = mend(shop, path, {"c-4-1": "2026/12/02", "c-5-5": "500", "c-6-5": "600"})
    assert "保留の行はもうありません" in shop.page(path)
    assert "held-back.csv" not in shop.page(path)
    assert "held-back.csv" not in shop.page(f"{path}/held-rows")
    assert "残りの保留" not in shop.page(made)


def test_imports_of_mended_rows_stand_with_their_file(shop: Shop) -> None:
    path = checked(shop, DIRTY)
    shop.post(f"{path}/confirm")
    made = [mend(shop, path, {"c-4-1": "2026/12/02"}), mend(shop, path, {"c-5-5": "500"})]
    listed = shop.page("/purchases").split('id="im"')[1]
    assert listed.count("<tr>") == 2  # the head and the file
    assert [listed.index(one) for one in (path, *made)] == sorted(listed.index(one) for one in (path, *made))
    assert "直した行の取り込み 2件" in listed
    assert '1 <small class="mut">/ 3</small>' in listed


def test_the_list_says_what_each_file_contributes_now(shop: Shop) -> None:
    def line(path: str) -> list[str]:
        cells = shop.page("/purchases").split(f'href="{path}"')[1].split("</tr>")[0]
        return [re.sub("<[^>]+>", "", cell).strip() for cell in re.findall(r'<td class="num"[^>]*>(.*?)</td>', cells)]

    first = shop.import_file(SMALL)
    assert line(first) == ["2", "2", "¥7,920", "0"]
    second = shop.import_file(order_file(row(number=1), row(number=2, customer="C2"), row(number=3, amount="40")))
    assert line(first) == ["0", "0", "0", "0"]
    assert line(second) == ["3", "3", "¥7,960", "0"]
    assert "置き換わりました" in shop.page("/purchases")
    assert [words in shop.page(f"{first}/undo") for words in ("<dd>0</dd>", "¥7,920")] == [True, False]
    assert "¥7,960" in shop.page(f"{second}/undo")
    shop.post(f"{second}/undo")
    assert line(first) == ["2", "2", "¥7,920", "0"]
    assert line(second) == ["なし", "—", "—", "—"]
    assert len(list(shop.settings.orders_dir.glob("brought-*"))) <= 2


def test_a_shop_without_known_customers_says_how_many_orders_it_has(shop: Shop) -> None:
    shop.import_file(order_file(row(number=1, customer=""), row(number=2, customer="")))
    page = shop.page("/purchases")
    assert "注文は2件ありますが、だれのものかわかりません" in page
    assert "まだ注文がありません" not in page
    assert "購入回数と" not in page


def test_an_import_of_mended_rows_outlives_a_file_that_was_closed(shop: Shop) -> None:
    path = checked(shop, DIRTY)
    made = mend(shop, path, {"c-4-1": "2026/12/02"})
    shop.post(f"{path}/discard")
    assert "取り込み済み" in shop.page(made)
    assert made in shop.page("/purchases")


def test_an_import_whose_command_was_killed_is_no_progress_page_for_ever(shop: Shop) -> None:
    path = shop.upload(SMALL)
    shop.waiting.append(("hold", ""))
    shop.post(f"{path}/mapping", columns())
    with leftovers.held(shop.services.orders.upload_dir(path.rsplit("/", 1)[1])):
        assert 'id="progress"' in shop.page(path)
        shop.post(f"{path}/discard", status=409)
    page = shop.page(path)
    assert 'id="progress"' not in page
    assert "この取り込みは途中で切れました" in page
    assert ">中断</span>" in shop.page("/purchases")
    shop.post(f"{path}/discard")
    assert path not in shop.page("/purchases")
