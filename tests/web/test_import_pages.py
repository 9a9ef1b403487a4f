"""The pages of an import in states that are not the straight way: recognised formats, refusals, waiting, undo."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.core.database import read_session, write_session
from app.core.settings import Settings
from app.purchases import queries
from app.purchases.models import FileTable, ImportState
from app.purchases.tasks import REPORT
from tests.support.moment import NOW
from tests.web.imports.reports import report
from tests.web.purchase_shop import Shop, columns, open_shop, order_file, row

SMALL = order_file(row(number=1), row(number=2, customer="C2"))


@pytest.fixture
def shop(settings: Settings) -> Iterator[Shop]:
    with open_shop(settings) as opened:
        yield opened


def change(shop: Shop, path: str, **values: object) -> None:
    """Put an import into a state that work under way would leave for a moment."""
    with write_session(shop.services.engine) as session:
        run = queries.get_import(session, path.rsplit("/", 1)[1])
        for name, value in values.items():
            setattr(run, name, value)
        session.add(run)


def table_of(shop: Shop, path: str) -> FileTable:
    with read_session(shop.services.engine) as session:
        return queries.get_import(session, path.rsplit("/", 1)[1]).table


def test_the_upload_page_says_what_may_come(shop: Shop) -> None:
    page = shop.page("/purchases/imports/new")
    for words in ("EC-CUBE 4 受注CSV", "Shopify", ".xlsx", "n1 purchases import FILE --source NAME"):
        assert words in page
    assert page.count('type="radio" name="table"') == 7
    assert page.count("1,024 MB") == 3
    assert "1024 MB" not in page


def test_a_known_format_is_named_and_what_is_not_verified_of_it_is_marked(shop: Shop) -> None:
    header = "注文ID,注文日時,氏(請求先),名(請求先),電話番号(請求先),メールアドレス(請求先),商品名,バリエーション,価格,税率,数量,合計金額,送料,支払い方法,発送状況,商品ID"
    line = "A1,2026-09-10 10:00:00,金糸雀,花子,090,a@example.jp,美容液,,3960,10,1,3960,0,card,発送済み,11"
    page = shop.page(shop.upload(f"{header}\r\n{line}\r\n".encode("cp932"), name="base.csv"))
    assert "BASE 注文データ" in page
    assert "次の点は実物のファイルで確かめていません" in page
    assert "一部未確認" in page
    assert "Shift_JIS(CP932" in page


def test_a_file_of_members_is_recognised_and_a_choice_of_kind_is_kept(shop: Shop) -> None:
    assert table_of(shop, shop.upload(SMALL)) is FileTable.ORDERS
    header = "会員ID,お名前(姓),お名前(名),メールアドレス,性別(ID),性別(名称),誕生日,初回購入日,最終購入日,購入回数,会員ステータス(ID),会員ステータス(名称)"
    members = f"{header}\r\n1,金糸雀,花子,a@example.jp,2,女性,1980-01-02,2025-01-02,2026-01-02,3,2,本会員\r\n"
    assert table_of(shop, shop.upload(members.encode("cp932"))) is FileTable.MEMBERS
    path = shop.upload(SMALL)
    shop.post(f"{path}/mapping", {"table": "events", "action": "check"})
    assert table_of(shop, path) is FileTable.EVENTS


@pytest.mark.parametrize(
    ("headers", "cells", "table"),
    [
        ("会員番号,ご氏名,お住まい", "1,金糸雀 花子,東京都", FileTable.MEMBERS),
        ("商品コード,商品名,シリーズ", "A1,美容液 30ml,美容液", FileTable.PRODUCTS),
        ("定期番号,会員番号,定期ステータス", "9,1,有効", FileTable.SUBSCRIPTIONS),
        ("日付,種類,会員番号", "2026-09-10,問い合わせ,1", FileTable.EVENTS),
    ],
)
def test_a_file_of_another_kind_is_read_as_that_by_one_press(
    shop: Shop, headers: str, cells: str, table: FileTable
) -> None:
    path = shop.upload(f"{headers}\r\n{cells}\r\n".encode("cp932"))
    assert table_of(shop, path) is FileTable.ORDERS
    assert f'class="btn primary" type="submit" name="table" value="{table}"' in shop.page(path)
    shop.post(f"{path}/mapping", {"action": "check"})
    refused = shop.page(path)
    assert "確認が止まりました" in refused
    assert f'name="table" value="{table}"' in refused
    shop.post(f"{path}/mapping", {"table": str(table)})
    page = shop.page(path)
    assert table_of(shop, path) is table
    assert "確認が止まりました" not in page
    assert "のファイルですか" not in page


def test_a_file_of_orders_is_not_asked_what_else_it_may_be(shop: Shop) -> None:
    path = shop.upload(SMALL)
    assert "のファイルですか" not in shop.page(path)
    shop.post(f"{path}/mapping", {"table": "subscriptions"})
    assert 'class="btn primary" type="submit" name="table" value="orders"' in shop.page(path)


def test_a_wrong_encoding_is_mended_where_it_is_refused(shop: Shop) -> None:
    path = shop.upload(SMALL)
    shop.post(f"{path}/mapping", columns(encoding="utf-8", action="preview"))
    page = shop.page(path)
    assert 'role="alert"' in page
    assert "日本のカートはほとんどがShift_JISです" in page
    shop.post(f"{path}/mapping", {"encoding": "cp932", "action": "preview"})
    assert '<option value="顧客番号" selected>' in shop.page(path)


def test_mixed_dates_are_mended_beside_their_examples(shop: Shop) -> None:
    days = ("2026/09/10", "10.09.2026", "09/10/2026")
    path = shop.upload(order_file(*(row(number=n, day=day) for n, day in enumerate(days))))
    shop.post(f"{path}/mapping", columns())
    page = shop.page(path)
    assert "確認が止まりました" in page
    assert page.count('name="date_order"') == 1
    notice = page.split('role="alert"')[1].split("</div></div>")[0]
    assert 'name="date_order" form="mapping"' in notice
    assert '<option value="顧客番号" selected>' in page


@pytest.mark.parametrize("packed", ["zip", "gz"])
def test_packed_files_lead_to_their_columns(shop: Shop, packed: str) -> None:
    if packed == "gz":
        content = gzip.compress(SMALL)
    else:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("orders.csv", SMALL)
        content = buffer.getvalue()
    assert '<option value="顧客番号" selected>' in shop.page(shop.upload(content, name=f"orders.{packed}"))


def test_a_zip_of_several_files_is_refused_with_what_to_do(shop: Shop) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", SMALL)
        archive.writestr("b.csv", SMALL)
    page = shop.page(shop.upload(buffer.getvalue(), name="orders.zip"))
    assert "a.csv" in page
    assert "ファイルごとに別の取り込みになります" in page


def test_a_wrong_form_comes_back_as_it_was_typed(shop: Shop) -> None:
    path = shop.upload(SMALL)
    form = columns(currency="yen", fee_codes="X1, X2", col_product_name="氏名", time_zone="UTC")
    page = shop.post(f"{path}/mapping", form, status=422)
    assert 'value="X1, X2"' in page
    assert '<option value="UTC" selected>' in page
    assert page.split('name="col_product_name"')[1].split("</select>")[0].count('value="氏名" selected') == 1


def test_two_headers_joined_to_one_column_survive_the_form(shop: Shop) -> None:
    content = "注文番号,受注日,顧客番号,商品名,金額,姓,名\r\n1,2026/09/10,C1,美容液,3960,金糸雀,花子\r\n".encode(
        "cp932"
    )
    assert '<option value="姓 + 名" selected>' in shop.page(shop.upload(content))


def test_a_waiting_import_says_what_it_waits_for_and_a_working_one_how_far_it_is(shop: Shop) -> None:
    first, second = shop.upload(SMALL), shop.upload(SMALL)
    shop.waiting.append(("hold", ""))
    for path in (first, second):
        shop.post(f"{path}/mapping", columns())
    change(
        shop, first, phase="reading", phase_started_at=NOW - timedelta(seconds=10), progress_done=400_000,
        progress_total=1_000_000,
    )  # fmt: skip
    working = shop.page(f"{first}/progress")
    for words in (
        'aria-valuenow="400000"',
        "毎秒40,000行",
        "<b>40%</b>",
        'aria-valuetext="読み込み 40%"',
        "残り約15秒",
        "読み込み",
    ):
        assert words in working
    assert "ほかの取り込みが終わるのを待っています" in shop.page(f"{second}/progress")
    shop.post(f"{first}/cancel")
    assert "止めています" in shop.page(f"{first}/progress")


def test_an_import_that_counts_says_which_step_it_is_at_and_of_how_many_rows(shop: Shop) -> None:
    shop.import_file(SMALL)
    path = shop.upload(order_file(row(number=3), row(number=4), row(number=5, amount="?")))
    shop.post(f"{path}/mapping", columns())
    change(shop, path, state=ImportState.IMPORTING, phase="counting", phase_started_at=NOW - timedelta(seconds=3))
    page = shop.page(f"{path}/progress")
    for words in ("3段階の2つ目", "2つのファイル、合計4行から集計し直しています", "3秒"):
        assert words in page
    assert "%" not in page.split('id="pr"')[1].split("</section>")[0]


def test_the_account_of_a_file_is_on_its_page(shop: Shop) -> None:
    path = shop.upload(SMALL)
    shop.post(f"{path}/mapping", columns())
    change(shop, path, report=REPORT.dump_python(report(), mode="json"))
    page = shop.page(path)
    for words in (
        "4,832行",
        "¥24,694,300",
        "−¥86,400",
        "合っています",
        "2,310人",
        "(23.2%・¥2,210,400)",
        "17</b> / 21",
    ):
        assert words in page
    change(shop, path, report=REPORT.dump_python(replace(report(), file_amount={"JPY": Decimal(1)}), mode="json"))
    assert "合いません" in shop.page(path)


def test_an_undo_asks_first_and_says_what_goes(shop: Shop) -> None:
    path = shop.import_file(SMALL)
    assert f'href="{path}/undo"' in shop.page(path)
    asked = shop.page(f"{path}/undo")
    for words in ("この取り込みを取り消しますか", "¥7,920", "ほかの取り込みはありません"):
        assert words in asked
    shop.post(f"{path}/undo")
    assert "この取り込みは取り消しました" in shop.page(path)
    assert shop.client.get(f"{path}/undo").status_code == 303
    assert "¥7,920" not in shop.page("/purchases")


def test_a_known_source_is_chosen_and_the_only_one_is_chosen_already(shop: Shop) -> None:
    assert '<input id="f-source"' in shop.page("/purchases/imports/new")
    shop.import_file(SMALL, source="本店")
    assert '<option value="本店" selected>' in shop.page("/purchases/imports/new")
    shop.import_file(order_file(row(number=3)), source="モール")
    assert '<option value="" selected>' in shop.page("/purchases/imports/new")
    assert '<option value="モール" selected>' in shop.page("/purchases/imports/new?source=%E3%83%A2%E3%83%BC%E3%83%AB")


@pytest.mark.parametrize(
    ("fields", "source", "wrong"),
    [
        ({"source": "本店", "new_source": ""}, "本店", ""),
        ({"source": "/new", "new_source": "支店"}, "支店", ""),
        ({"source": "", "new_source": "支店"}, "支店", ""),
        ({"source": "本店", "new_source": "支店"}, "", "new_source"),
        ({"source": "/new", "new_source": " "}, "", "new_source"),
        ({"source": "/new", "new_source": "支/店"}, "", "new_source"),
        ({"source": "", "new_source": ""}, "", "source"),
    ],
)
def test_a_file_comes_from_the_source_chosen_or_from_a_new_one(
    shop: Shop, fields: dict[str, str], source: str, wrong: str
) -> None:
    shop.import_file(SMALL, source="本店")
    response = shop.client.post("/purchases/imports", data=fields, files={"file": ("a.csv", SMALL, "text/csv")})
    assert response.status_code == (422 if wrong else 303)
    assert [name for name in ("source", "new_source") if f'id="f-{name}-error"' in response.text] == (
        [wrong] if wrong else []
    )
    if source:
        assert f"<b>{source}</b>" in shop.page(str(response.headers["location"]))
    else:
        assert f'value="{fields["new_source"]}"' in response.text


def test_an_import_that_failed_offers_another_file(shop: Shop) -> None:
    path = shop.upload(SMALL)
    change(
        shop, path, state=ImportState.FAILED, error_message="The file has a header line but no rows.",
        error_params={"code": "header_only"},
    )  # fmt: skip
    page = shop.page(path)
    assert "期間を広げて書き出し直し" in page
    assert "/purchases/imports/new" in page
    assert f"{path}/discard" in page
    shop.post(f"{path}/discard")
    assert path not in shop.page("/purchases")
