"""The purchase pages as people meet them: upload to undo, lists, one customer, bad input."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from app.accounts.models import AuditEntry
from app.accounts.schemas import Role
from app.core.database import read_session
from app.core.settings import Settings
from app.purchases.files.opening.encodings import normal_encoding
from app.web.imports.fields import ENCODINGS
from tests.support.database import copy_sqlite
from tests.web.purchase_shop import Shop, columns, open_shop, order_file, row


@pytest.fixture
def shop(settings: Settings) -> Iterator[Shop]:
    with open_shop(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def stocked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop with sixty customers, one of them ugly; tests that share it only read or end where they began."""
    home = tmp_path_factory.mktemp("stocked")
    copy_sqlite(sqlite_template, home)
    with open_shop(Settings(home=home)) as opened:
        ugly = row(number=900, day="2020/01/05", customer="<b>C</b>", product="<script>alert(1)</script>")
        opened.first_import = opened.import_file(
            order_file(ugly, *(row(number=n, customer=f"K{n:03}") for n in range(60)))
        )
        yield opened


SMALL = order_file(
    row(number=1, day="2025/03/01", customer="C1", product="お試し7日セット", amount="980"),
    row(number=2, day="2025/04/11", customer="C1"),
    row(number=3, day="2026/09/10", customer="C2"),
)


def test_an_empty_shop_says_what_belongs_here_and_offers_the_import(shop: Shop) -> None:
    page = shop.page("/purchases")
    assert "まだ注文がありません" in page
    assert "/purchases/imports/new" in page
    assert "該当する人はいません" in shop.page("/purchases/customers")


def test_a_file_goes_from_upload_to_the_customer_page_and_back_out(shop: Shop) -> None:
    path = shop.upload(SMALL)
    preview = shop.page(path)
    assert "お試し7日セット" in preview
    assert '<option value="顧客番号" selected>' in preview
    shop.post(f"{path}/mapping", columns())
    assert "お客さま2人、注文3件" in shop.page(path)
    shop.post(f"{path}/confirm")
    assert "取り込み済み" in shop.page(path)
    overview = shop.page("/purchases")
    assert "<b>2人</b>" in overview
    assert "¥8,900" in overview
    listed = shop.page("/purchases/customers?count=2")
    assert ">C1</a>" in listed
    assert ">C2</a>" not in listed
    customer = listed.split('<th scope="row"><a href="')[1].split('"')[0]
    page = shop.page(customer)
    assert "41日" in page
    assert 'id="o2"' in page
    shop.post(f"{path}/undo")
    assert "取り消し済み" in shop.page(path)
    shop.page(customer, status=404)
    assert "まだ注文がありません" in shop.page("/purchases")


def test_the_same_file_again_brings_nothing_and_offers_no_import(shop: Shop) -> None:
    shop.import_file(SMALL)
    path = shop.upload(SMALL)
    shop.post(f"{path}/mapping", columns())
    page = shop.page(path)
    assert "新しい行はありません" in page
    assert f"{path}/confirm" not in page


def test_columns_are_remembered_for_the_source(shop: Shop) -> None:
    content = SMALL.replace("顧客番号".encode("cp932"), "だれ".encode("cp932"))
    path = shop.upload(content)
    shop.post(f"{path}/mapping", columns(col_customer_key="だれ"))
    shop.post(f"{path}/confirm")
    assert '<option value="だれ" selected>' in shop.page(shop.upload(content))


def test_held_back_rows_are_shown_with_their_reason_and_can_be_saved(shop: Shop) -> None:
    path = shop.upload(order_file(row(number=1), row(number=2, day="2026/13/02"), row(number=3, customer="")))
    shop.post(f"{path}/mapping", columns())
    page = shop.page(path)
    assert "保留 1行" in page
    assert "2026/13/02" in page
    assert "だれの注文かわからない行が1行あります" in page
    saved = shop.client.get(f"{path}/held-back.csv")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert saved.text.startswith("\ufeff")
    assert len(saved.text.strip().splitlines()) == 2


def test_a_forgotten_column_comes_back_as_a_sentence_on_the_form(shop: Shop) -> None:
    path = shop.upload(SMALL)
    form = columns()
    del form["col_customer_key"]
    response = shop.client.post(f"{path}/mapping", data=form)
    page = response.text if response.status_code == 422 else shop.page(path)
    assert 'role="alert"' in page
    assert f"{path}/mapping" in page


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.csv"), (b"\x00\x01\x02" * 50, "nul.csv"), (b"PK\x03\x04broken", "really.csv")],
)
def test_files_that_cannot_be_read_get_a_sentence_and_leave_nothing(shop: Shop, content: bytes, name: str) -> None:
    path = shop.upload(content, name=name)
    page = shop.page(path)
    assert "このファイルは読み取れませんでした" in page
    assert 'role="alert"' in page
    shop.post(f"{path}/cancel")
    assert not list(shop.settings.uploads_dir.glob("*"))
    assert "何も取り込んでいません" in shop.page(path)


@pytest.mark.parametrize("name", [name for name, _ in ENCODINGS if name])
def test_every_encoding_on_the_form_is_one_we_read(name: str) -> None:
    assert "受注".encode(normal_encoding(name))


def test_no_file_and_no_source_are_said_at_their_fields_with_what_was_typed(shop: Shop) -> None:
    response = shop.client.post("/purchases/imports", data={"source": "モール"}, files={"file": ("", b"", "text/csv")})
    assert response.status_code == 422
    assert 'value="モール"' in response.text
    assert 'id="f-file-error"' in response.text
    response = shop.client.post("/purchases/imports", data={"source": ""}, files={"file": ("a.csv", b"x", "text/csv")})
    assert response.status_code == 422
    assert 'id="f-source-error"' in response.text
    assert not list(shop.settings.uploads_dir.glob("*"))


@pytest.mark.parametrize("extra", [200, 3_000_000])
def test_a_file_over_the_limit_gets_413_and_names_the_command_line(settings: Settings, extra: int) -> None:
    with open_shop(settings.model_copy(update={"upload_limit_mb": 1})) as shop:
        content = b"x" * (1024 * 1024 + extra)
        files = {"file": ("big.csv", content, "text/csv")}
        response = shop.client.post("/purchases/imports", data={"source": "本店"}, files=files)
        assert response.status_code == 413
        assert "n1 purchases import FILE --source NAME" in response.text
        assert not list(shop.settings.uploads_dir.glob("*"))


def test_an_upload_that_breaks_off_leaves_nothing(shop: Shop) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nabc'
    response = shop.client.post(
        "/purchases/imports", content=body, headers={"Content-Type": "multipart/form-data; boundary=b"}
    )
    assert response.status_code == 422
    assert not list(shop.settings.uploads_dir.glob("*"))


def test_what_is_in_a_file_stays_text(stocked: Shop) -> None:
    page = stocked.page("/purchases/customers?elapsed=over")
    assert "<b>C</b>" not in page
    customer = page.split('<th scope="row"><a href="')[1].split('"')[0]
    assert "<script>alert" not in stocked.page(customer)


def test_the_progress_region_polls_with_a_nonce_and_stops_when_done(shop: Shop) -> None:
    path = shop.upload(SMALL)
    shop.waiting.append(("hold", ""))
    shop.post(f"{path}/mapping", columns())
    part = shop.client.get(f"{path}/progress")
    assert "HX-Refresh" not in part.headers
    assert f'hx-get="{path}/progress"' in part.text
    nonce = part.text.split('hx-nonce="')[1].split('"')[0]
    assert nonce
    assert f"'nonce-{nonce}'" in part.headers["content-security-policy"]
    assert "<html" not in part.text
    assert ("purchases.check", path.rsplit("/", 1)[1]) in shop.waiting


def test_a_finished_import_tells_the_page_to_load_again(stocked: Shop) -> None:
    path = stocked.first_import
    part = stocked.client.get(f"{path}/progress")
    assert part.headers["HX-Refresh"] == "true"
    assert "hx-get" not in part.text


def test_a_confirmed_import_cannot_be_confirmed_again(stocked: Shop) -> None:
    stocked.post(f"{stocked.first_import}/confirm", status=409)


def test_an_unknown_import_is_not_found(stocked: Shop) -> None:
    stocked.page("/purchases/imports/nowhere", status=404)


def test_lists_come_in_pages_of_fifty_with_the_filters_kept(stocked: Shop) -> None:
    first = stocked.page("/purchases/customers?count=1&sort=amount&customer_class=nonsense")
    assert first.count('<th scope="row">') == 50
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "count=1" in following
    assert "sort=amount" in following
    assert stocked.page(following).count('<th scope="row">') == 11


def test_search_words_reach_neither_the_address_nor_the_audit_trail(stocked: Shop) -> None:
    response = stocked.client.post("/purchases/customers/search", data={"text": "金糸雀"})
    assert response.status_code == 200
    assert "<span>K001 " in response.text
    with read_session(stocked.services.engine) as session:
        entries = [(entry.action, f"{entry.object_id} {entry.detail}") for entry in session.exec(select(AuditEntry))]
    assert not any("金糸雀" in rest for _, rest in entries)
    shown = re.findall(r'href="/purchases/customers/([a-z2-7]{16})"', response.text)
    assert shown
    assert ("customers.searched", f" {{'customers': {shown}}}") in entries


def test_what_a_search_finds_has_names_and_nothing_that_only_lists_have(stocked: Shop) -> None:
    found = stocked.client.post("/purchases/customers/search", data={"text": "金糸雀"}).text
    assert found.count('<th scope="row">') == 50
    assert "50人以上" in found
    assert "金糸雀 花子</a>" in found
    assert "<select" not in found
    assert "aria-sort" not in found
    one = stocked.client.post("/purchases/customers/search", data={"text": "K007"}).text
    assert one.count("金糸雀 花子</a>") == 1
    assert "<b>1人</b>" in one
    assert "見つかりませんでした" in stocked.client.post("/purchases/customers/search", data={"text": "不在"}).text
    stocked.post("/purchases/customers/search", data={"text": " "}, status=303)


def test_phone_and_mail_stand_masked_in_what_a_search_finds(shop: Shop) -> None:
    head = "注文番号,受注日,顧客番号,商品名,個数,金額,氏名,フリガナ,電話番号,メールアドレス\r\n"
    line = "1,2026/09/10,C1,美容液,1,3960,金糸雀 花子,カナリヤ ハナコ,090-7711-0001,canary@example.invalid\r\n"
    shop.import_file(
        (head + line).encode("cp932"), col_customer_kana="フリガナ", col_phone="電話番号", col_email="メールアドレス"
    )
    found = shop.client.post("/purchases/customers/search", data={"text": "09077110001"}).text
    assert "カナリヤ ハナコ" in found
    assert "…0001" in found
    assert "ca…@example.invalid" in found
    assert "7711" not in found.replace('value="09077110001"', "").replace("「09077110001」", "")


def test_the_view_of_a_customer_page_is_noted(stocked: Shop) -> None:
    customer = stocked.page("/purchases/customers").split('<th scope="row"><a href="')[1].split('"')[0]
    stocked.page(customer)
    with read_session(stocked.services.engine) as session:
        viewed = [entry.object_id for entry in session.exec(select(AuditEntry)) if entry.action == "customer.viewed"]
    assert customer.rsplit("/", 1)[1] in viewed


def test_the_as_of_date_can_be_set_and_taken_back(stocked: Shop) -> None:
    stocked.post("/purchases/as-of", {"day": "2026-11-20"})
    page = stocked.page("/purchases")
    assert "基準日 2026年11月20日(金)" in page
    assert "注文が分かるのは2026年9月10日(木)までです。" in page
    early = stocked.post("/purchases/as-of", {"day": "1999-01-01"}, status=422)
    assert "最初の注文は" in early
    assert 'value="1999-01-01"' in early
    assert "先の日付すぎます。" in stocked.post("/purchases/as-of", {"day": "2099-01-01"}, status=422)
    assert "基準日 2026年11月20日(金)" in stocked.page("/purchases")
    stocked.post("/purchases/as-of")
    assert "基準日 2026年9月10日(木)" in stocked.page("/purchases")
    assert 'id="f-day-error"' in stocked.post("/purchases/as-of", {"day": "soon"}, status=422)


def test_planners_reach_no_purchase_page(settings: Settings) -> None:
    with open_shop(settings, role=Role.PLANNER) as shop:
        for path in ("/purchases", "/purchases/customers", "/purchases/imports/new", "/purchases/customers/x"):
            shop.page(path, status=403)


def test_every_import_can_be_reached_however_many_there_are(shop: Shop) -> None:
    paths = [shop.upload(SMALL, name=f"受注{n}.csv") for n in range(10)]
    overview = shop.page("/purchases")
    assert "前のファイルをあと2件見る" in overview
    assert all(f'href="{path}"' in overview for path in paths)
