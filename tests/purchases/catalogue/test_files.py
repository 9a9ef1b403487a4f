"""Files of products, subscriptions and events: the same road as orders, and as exact in taking back."""

from datetime import date

import pytest

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.purchases import tasks
from app.purchases.catalogue import happened as catalogue_happened
from app.purchases.catalogue import queries, subscriptions_file
from app.purchases.catalogue.models import ProductKind
from app.purchases.catalogue.schemas import ProductFacts
from app.purchases.classes import CustomerClass
from app.purchases.identity import operations
from app.purchases.identity.merges import Key
from app.purchases.identity.tasks import run_merges
from app.purchases.models import ImportState
from tests.purchases.build import NOW, Shop, row, text_of
from tests.purchases.catalogue.build import EVENTS, PRODUCTS, SUBSCRIPTIONS, check, counts, happened, take, timeline

ORDERS = text_of(
    row(order="1", day="2026-01-01", code="A", name="美容液 30mL"),
    row(order="2", day="2026-03-01", code="B", name="美容液 詰替用"),
    row(order="3", customer="c2", day="2026-05-01", code="C", name="化粧水"),
)
FAMILIES = """商品コード,商品名,シリーズ,区分,使用日数,別名
A,美容液 30mL,つゆ,単品,30,白つゆ|しろつゆ
B,美容液 詰替用,つゆ,,45日,
"""
STOPS = """顧客番号,定期受注番号,ステータス,定期回数,配送サイクル,次回配送予定日,キャンセル日,停止理由,キャンセル理由,購入商品（商品名）
c1,T1,キャンセル,4,30日ごと,,2026/04/02,,余っている,美容液 定期
c2,T2,有効,2,30日ごと,2026/06/01,,,,化粧水 定期
"""
HAPPENED = """日付,種類,顧客番号,商品,メモ
2026-04-10,問い合わせ,c1,,使う順番について
2026-02-01,価格改定,,,8%値上げ
2026-02-15,リニューアル,,化粧水,
2026-03-05,LINE,c1,,春の案内
"""


def products(shop: Shop) -> dict[str, ProductFacts]:
    with read_session(shop.parts.engine) as session:
        return {key[1] or key[2]: facts for key, facts in queries.products(session, shop.store).items()}


def families(shop: Shop) -> list[str]:
    return [line.family for order in timeline(shop).orders for line in order.lines]


def test_products_come_with_family_kind_days_and_other_names(shop: Shop) -> None:
    public_id = take(shop, PRODUCTS, FAMILIES)
    assert counts(shop.report(public_id)) == (2, 2, 0, 0, 0)
    found = products(shop)
    assert (found["A"].family, found["A"].kind, found["A"].days_per_unit) == ("つゆ", ProductKind.SINGLE, 30)
    assert (found["A"].aliases, found["B"].days_per_unit, found["B"].kind) == (("白つゆ", "しろつゆ"), 45, None)


def test_the_family_joins_the_order_lines_and_goes_with_its_file(shop: Shop) -> None:
    shop.take(ORDERS)
    public_id = take(shop, PRODUCTS, FAMILIES)
    assert families(shop) == ["つゆ", "つゆ"]
    shop.undo(public_id)
    assert families(shop) == ["", ""]
    assert products(shop) == {}
    assert not shop.store.products_path(public_id).exists()


def test_rows_that_do_not_fit_are_held_back_with_line_column_and_reason(shop: Shop) -> None:
    data = "商品コード,商品名,区分,使用日数\nA,美容液,毎月,30\nB,化粧水,単品,半年\n,,単品,1\nC,石けん,単品,10\n"
    public_id, held = check(shop, PRODUCTS, data)
    assert [(item.line, item.column, item.value) for item in held] == [
        (2, "区分", "毎月"), (3, "使用日数", "半年"), (4, "商品コード", ""),
    ]  # fmt: skip
    assert counts(shop.report(public_id)) == (4, 1, 0, 0, 3)


def test_a_file_again_is_known_and_a_newer_one_changes(shop: Shop) -> None:
    first = take(shop, PRODUCTS, FAMILIES)
    assert counts(shop.report(take(shop, PRODUCTS, FAMILIES))) == (2, 0, 2, 0, 0)
    newer = take(shop, PRODUCTS, "商品コード,シリーズ\nA,しずく\n")
    assert counts(shop.report(newer)) == (1, 0, 1, 1, 0)
    assert (products(shop)["A"].family, products(shop)["A"].days_per_unit) == ("しずく", 30)
    shop.undo(first)
    shop.undo(newer)
    assert products(shop)["A"].family == "つゆ"


def test_products_of_another_shop_are_other_products(shop: Shop) -> None:
    shop.take(ORDERS)
    take(shop, PRODUCTS, FAMILIES, source="mall")
    assert families(shop) == ["", ""]


def test_a_product_without_a_code_is_known_by_its_name_and_aliases(shop: Shop) -> None:
    shop.take(
        text_of(row(order="1", code="", name="白つゆ"), row(order="2", code="", name="しろつゆ", day="2026-02-01"))
    )
    take(shop, PRODUCTS, "商品名,シリーズ,別名\n白つゆ,つゆ,しろつゆ\n")
    assert families(shop) == ["つゆ", "つゆ"]


def test_a_subscription_file_tells_who_left_and_why(shop: Shop) -> None:
    shop.take(ORDERS)
    assert shop.people()["c1"].customer_class is not CustomerClass.CHURNED
    public_id = take(shop, SUBSCRIPTIONS, STOPS)
    assert counts(shop.report(public_id)) == (2, 2, 0, 0, 0)
    assert happened(shop) == [("subscription_cancelled", "2026-04-02", "余っている")]
    assert shop.people()["c1"].customer_class is CustomerClass.CHURNED
    assert happened(shop, "c2") == []
    shop.undo(public_id)
    assert happened(shop) == []
    assert shop.people()["c1"].customer_class is not CustomerClass.CHURNED
    assert not shop.store.subscriptions_path(public_id).exists()


def test_the_newest_file_on_a_subscription_counts(shop: Shop) -> None:
    shop.take(ORDERS)
    take(shop, SUBSCRIPTIONS, STOPS)
    back = take(shop, SUBSCRIPTIONS, "顧客番号,定期受注番号,ステータス\nc1,T1,有効\n")
    assert counts(shop.report(back)) == (1, 0, 1, 1, 0)
    assert happened(shop) == []
    shop.undo(back)
    assert happened(shop) == [("subscription_cancelled", "2026-04-02", "余っている")]


def test_orders_and_subscription_file_say_it_once(shop: Shop) -> None:
    headers = (
        "注文番号",
        "顧客ID",
        "注文日",
        "商品名",
        "単価",
        "定期受注番号",
        "定期回数",
        "定期ステータス",
        "キャンセル日",
        "キャンセル理由",
    )
    line = ("1", "c1", "2026-03-01", "美容液", "1000", "T1", "4", "キャンセル", "2026-04-02", "高い")
    later = ("2", "c2", "2026-05-01", "化粧水", "1000", "", "", "", "", "")
    shop.take(text_of(line, later, headers=headers))
    assert happened(shop) == [("subscription_cancelled", "2026-04-02", "高い")]
    take(shop, SUBSCRIPTIONS, STOPS)
    assert happened(shop) == [("subscription_cancelled", "2026-04-02", "余っている")]


def test_a_subscription_of_nobody_or_without_a_known_state_is_held_back(shop: Shop) -> None:
    data = "顧客番号,定期受注番号,ステータス,キャンセル日\n,T1,有効,\nc1,,有効,\nc1,T3,謎,\nc1,T4,キャンセル,きのう\nc1,T5,停止,\n"
    _, held = check(shop, SUBSCRIPTIONS, data)
    assert [(item.line, item.column, item.value) for item in held] == [
        (2, "顧客番号", ""), (3, "定期受注番号", ""), (4, "ステータス", "謎"), (5, "キャンセル日", "きのう"),
    ]  # fmt: skip


def test_events_of_a_customer_and_of_the_shop_stand_on_the_timeline(shop: Shop) -> None:
    shop.take(ORDERS)
    public_id = take(shop, EVENTS, HAPPENED)
    assert happened(shop) == [
        ("price_change", "2026-02-01", "8%値上げ"),
        ("line_sent", "2026-03-05", "春の案内"),
        ("inquiry", "2026-04-10", "使う順番について"),
    ]
    assert [event.own for event in timeline(shop).events] == [False, True, True]
    assert happened(shop, "c2") == []
    shop.undo(public_id)
    assert happened(shop) == []
    assert not shop.store.events_path(public_id).exists()


def test_an_event_of_a_product_is_for_those_who_bought_it(shop: Shop) -> None:
    shop.take(ORDERS)
    take(shop, EVENTS, "日付,種類,商品\n2026-05-02,リニューアル,化粧水\n2026-01-02,リニューアル,美容液\n")
    assert happened(shop) == [("renewal", "2026-01-02", "")]


def test_equal_events_are_each_kept_and_known_again(shop: Shop) -> None:
    data = "日付,種類,顧客番号\n2026-02-01,メール,c1\n2026-02-01,メール,c1\n"
    shop.take(ORDERS)
    assert counts(shop.report(take(shop, EVENTS, data))) == (2, 2, 0, 0, 0)
    again = take(shop, EVENTS, data + "2026-02-02,メール,c1\n")
    assert counts(shop.report(again)) == (3, 1, 2, 0, 0)
    assert len(happened(shop)) == 3


def test_an_event_with_its_number_is_corrected(shop: Shop) -> None:
    shop.take(ORDERS)
    take(shop, EVENTS, "受付番号,受付日,種別,顧客番号,内容\nQ1,2026-02-01,お問い合わせ,c1,使い方\n")
    newer = take(shop, EVENTS, "受付番号,受付日,種別,顧客番号,内容\nQ1,2026-02-01,クレーム,c1,肌に合わない\n")
    assert counts(shop.report(newer)) == (1, 0, 1, 1, 0)
    assert happened(shop) == [("complaint", "2026-02-01", "肌に合わない")]


def test_an_event_of_somebody_unknown_by_mail_is_found_by_the_same_mail(shop: Shop) -> None:
    headers = ("注文番号", "メールアドレス", "注文日", "商品名", "単価")
    shop.take(text_of(("1", "a@example.com", "2026-01-11", "美容液", "1000"), headers=headers))
    take(shop, EVENTS, "日付,種類,メールアドレス\n2026-01-05,お問い合わせ,A@example.com\n")
    (customer,) = shop.people()
    assert happened(shop, customer) == [("inquiry", "2026-01-05", "")]
    assert "example" not in customer


def test_days_in_one_style_are_read_and_unsure_ones_refused(shop: Shop) -> None:
    shop.take(ORDERS)
    take(shop, EVENTS, "date,kind\n25/02/2026,campaign\n03/02/2026,campaign\n")
    assert [event.happened_on for event in timeline(shop).events] == [date(2026, 2, 3), date(2026, 2, 25)]
    public_id, _ = check(shop, EVENTS, "date,kind\n03/02/2026,campaign\n")
    assert shop.run(public_id).state is ImportState.UPLOADED
    assert "day from month" in shop.run(public_id).error_message


def test_the_original_is_deleted_and_notes_lie_with_contact_data(shop: Shop) -> None:
    public_id = take(shop, EVENTS, HAPPENED)
    assert not shop.store.upload_dir(public_id).exists()
    assert shop.store.events_path(public_id).parent == shop.store.contacts_dir
    assert not [path for path in shop.store.orders_dir.glob("*.parquet") if "使う順番".encode() in path.read_bytes()]


def test_a_file_with_other_columns_is_refused_with_a_sentence(shop: Shop) -> None:
    public_id, _ = check(shop, SUBSCRIPTIONS, "a,b\n1,2\n")
    run = shop.run(public_id)
    assert (run.state, bool(run.error_message)) == (ImportState.UPLOADED, True)


def test_two_numbers_of_one_person_bring_their_subscriptions_and_events_together(shop: Shop) -> None:
    shop.take(ORDERS)
    take(shop, SUBSCRIPTIONS, "顧客番号,定期受注番号,ステータス,キャンセル日\nc2,T2,キャンセル,2026-04-20\n")
    take(shop, EVENTS, HAPPENED + "2026-04-25,クレーム,c2,,遅い\n")
    with write_session(shop.parts.engine) as session:
        operations.merge(
            session, shop.store, actor=COMMAND_LINE, one=Key("shop", "c1"), other=Key("shop", "c2"), now=NOW, keep="one"
        )  # fmt: skip
    run_merges(shop.parts)
    assert [kind for kind, _, _ in happened(shop)] == [
        "price_change", "renewal", "line_sent", "inquiry", "subscription_cancelled", "complaint",
    ]  # fmt: skip


def test_a_take_that_died_after_moving_its_files_takes_once_when_run_again(shop: Shop) -> None:
    shop.take(ORDERS)
    public_id, _ = check(shop, SUBSCRIPTIONS, STOPS)
    shop.confirm(public_id)
    subscriptions_file.settle_prepared(shop.store, shop.store.upload_dir(public_id), public_id)
    assert happened(shop) == []
    tasks.run_import(shop.parts, public_id)
    assert counts(shop.report(public_id)) == (2, 2, 0, 0, 0)
    assert happened(shop) == [("subscription_cancelled", "2026-04-02", "余っている")]


def test_a_file_too_long_to_keep_in_memory_says_the_same(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.take(ORDERS)
    monkeypatch.setattr(catalogue_happened, "KEPT_ROWS", 0)
    take(shop, EVENTS, HAPPENED)
    assert [kind for kind, _, _ in happened(shop)] == ["price_change", "line_sent", "inquiry"]
