"""Events noted by hand: added, corrected, deleted and brought back; what each reader sees of them."""

from datetime import date
from decimal import Decimal

import pytest

from app.accounts.schemas import COMMAND_LINE
from app.boards.relative import board_events
from app.boards.schemas import View
from app.core.database import read_session, write_session
from app.core.errors import AppError, NotFound
from app.purchases.catalogue import operations
from app.purchases.catalogue.event_list import list_events
from app.purchases.catalogue.fitting import fitting
from app.purchases.catalogue.models import EventKind
from app.purchases.catalogue.schemas import EventInput, EventList
from app.purchases.catalogue.whom import is_known, refuse_unclear
from app.purchases.catalogue.words import HAPPENED_LABELS, event_kind, product_kind, subscription_status
from app.purchases.identity.merges import Key
from app.purchases.models import FileTable
from app.purchases.schemas import Order, PurchaseEvent
from tests.purchases.build import NOW, Shop, row, text_of
from tests.purchases.catalogue.build import EVENTS, SUBSCRIPTIONS, check, happened, take

DAY = date(2026, 2, 1)
MEMBERS = FileTable.MEMBERS


def add(shop: Shop, *, kind: EventKind = EventKind.CAMPAIGN, day: date = DAY, **about: str) -> str:
    with write_session(shop.parts.engine) as session:
        data = EventInput(happened_on=day, kind=kind, **about)
        return operations.add_event(session, data=data, actor=COMMAND_LINE, now=NOW).public_id


def listed(shop: Shop) -> EventList:
    with read_session(shop.parts.engine) as session:
        return list_events(session, shop.store)


def order(day: date) -> Order:
    return Order(1, "1", day, Decimal(1), "JPY", "", None, ())


def test_an_event_is_added_corrected_deleted_and_brought_back(shop: Shop) -> None:
    shop.take(text_of(row(order="1"), row(order="2", day="2026-05-01")))
    event = add(shop, source="shop", customer_id="c1", note="電話")
    assert happened(shop) == [("campaign", "2026-02-01", "電話")]
    with write_session(shop.parts.engine) as session:
        data = EventInput(happened_on=DAY, kind=EventKind.INQUIRY, source="shop", customer_id="c1", note="使い方")
        operations.change_event(session, event_id=event, data=data, actor=COMMAND_LINE, now=NOW)
    assert happened(shop) == [("inquiry", "2026-02-01", "使い方")]
    with write_session(shop.parts.engine) as session:
        operations.delete_event(session, event_id=event, actor=COMMAND_LINE, now=NOW)
    assert happened(shop) == []
    assert [row.public_id for row in listed(shop).deleted] == [event]
    with write_session(shop.parts.engine) as session:
        operations.restore_event(session, event_id=event, actor=COMMAND_LINE, now=NOW)
    assert happened(shop) == [("inquiry", "2026-02-01", "使い方")]


def test_a_customer_number_needs_its_source(shop: Shop) -> None:
    with pytest.raises(AppError):
        add(shop, customer_id="c1")
    with pytest.raises(NotFound), write_session(shop.parts.engine) as session:
        operations.delete_event(session, event_id="none", actor=COMMAND_LINE, now=NOW)


def test_a_customer_is_known_by_any_file_and_by_every_key(shop: Shop) -> None:
    shop.take(text_of(row(order="1"), row(order="2", customer="gone", status="キャンセル")))
    take(shop, SUBSCRIPTIONS, "定期受注番号,顧客番号,ステータス\nT1,sub,有効\n")
    take(shop, MEMBERS, "顧客番号,性別\nmember,女性\n")
    with read_session(shop.parts.engine) as session:
        asked = [("shop", name) for name in ("c1", "gone", "sub", "member", "nobody")] + [("mall", "c1")]
        known = [is_known(session, shop.store, Key(*key)) for key in asked]
    assert known == [True, True, True, True, False, False]


def test_the_check_says_whom_the_rows_of_a_file_are_about(shop: Shop) -> None:
    shop.take(text_of(row(order="1")))
    data = "日付,種類,顧客番号,商品,メモ\n2026-02-01,LINE,c1,,春\n2026-02-01,LINE,c2,,春\n2026-03-01,価格改定,,,8%\n2026-04-01,リニューアル,,美容液,\n"
    report = shop.report(check(shop, EVENTS, data)[0])
    assert (report.rows_without_customer, report.rows_about_product) == (2, 1)
    assert (report.customers, report.customers_in_orders, report.customers_not_in_orders) == (2, 1, 1)


def test_an_event_of_a_customer_who_is_gone_can_be_corrected(shop: Shop) -> None:
    taken = shop.take(text_of(row(order="1")))
    event = add(shop, source="shop", customer_id="c1")
    shop.undo(taken)
    data = EventInput(happened_on=DAY, kind=EventKind.INQUIRY, source="shop", customer_id="c1", note="使い方")
    with read_session(shop.parts.engine) as session:
        refuse_unclear(session, shop.store, data=data, event_id=event)
        with pytest.raises(AppError):
            refuse_unclear(session, shop.store, data=data)


def test_the_page_bundles_what_a_file_says_of_many(shop: Shop) -> None:
    take(
        shop, EVENTS, "日付,種類,顧客番号,メモ\n2026-02-01,LINE,c1,春\n2026-02-01,LINE,c2,春\n2026-03-01,価格改定,,8%\n"
    )
    add(shop)
    rows = [
        (str(row.happened_on), row.kind.value, row.people, row.note, bool(row.import_id)) for row in listed(shop).rows
    ]
    assert rows == [
        ("2026-03-01", "price_change", 0, "8%", True),
        ("2026-02-01", "campaign", 0, "", False),
        ("2026-02-01", "line_sent", 2, "", True),
    ]


def test_an_event_of_the_shop_stands_from_shortly_before_the_first_order() -> None:
    events = [PurchaseEvent("campaign", day, "", own=False) for day in (date(2025, 12, 1), date(2026, 1, 20), DAY)]
    kept = fitting(events, [order(DAY)], {"A"}, date(2026, 2, 1))
    assert [event.happened_on for event in kept] == [date(2026, 1, 20), DAY]
    assert fitting(events, [], (), None) == ()


def test_a_product_is_known_by_code_name_or_family() -> None:
    event = PurchaseEvent("renewal", DAY, "", product="つゆ 美容液", own=False)
    assert fitting([event], [order(DAY)], {"つゆ美容液 30ML"}, None) == (event,)
    assert fitting([event], [order(DAY)], {"クリーム", "X"}, None) == ()


def test_a_planner_sees_kind_and_month_only() -> None:
    events = (
        PurchaseEvent("inquiry", date(2026, 3, 20), "山田さんから"),
        PurchaseEvent("subscription_cancelled", date(2026, 3, 21), "高い"),
        PurchaseEvent("campaign", date(2025, 12, 20), "", own=False),
    )
    seen = board_events(events, first=date(2026, 1, 1), view=View.PLANNER)
    assert [(event.kind, event.day, event.on) for event in seen] == [
        ("inquiry", 61, None), ("subscription_cancelled", 79, None),
    ]  # fmt: skip
    assert "山田" not in repr(seen)
    known = board_events(events, first=date(2026, 1, 1), view=View.RESEARCHER)
    assert [(event.kind, event.day) for event in known] == [("inquiry", 78), ("subscription_cancelled", 79)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("お問い合わせ", EventKind.INQUIRY), ("クレーム", EventKind.COMPLAINT), ("LINE配信", EventKind.LINE_SENT),
        ("ＤＭ", EventKind.DM_SENT), ("メルマガ", EventKind.MAIL_SENT), ("価格改定", EventKind.PRICE_CHANGE),
        ("price_change", EventKind.PRICE_CHANGE), ("同梱物", EventKind.INSERT_SENT), ("カタログ送付", EventKind.CATALOGUE_SENT),
        ("リニューアル", EventKind.RENEWAL), ("春のセール", EventKind.CAMPAIGN), ("結婚", None), ("", None),
    ],
)  # fmt: skip
def test_words_of_shops_name_the_kind(text: str, kind: EventKind | None) -> None:
    assert event_kind(text) is kind


def test_states_and_kinds_are_read_from_words() -> None:
    words = ("有効", "停止", "キャンセル", "解約済み", "休止中", "active", "", "謎")
    assert [subscription_status(word) for word in words] == [
        "active", "paused", "cancelled", "cancelled", "paused", "active", "", "",
    ]  # fmt: skip
    assert [str(product_kind(word)) for word in ("お試し", "定期便", "単品", "本品")] == [
        "trial", "subscription", "single", "single",
    ]  # fmt: skip
    assert product_kind("謎") is None


def test_everything_that_can_happen_has_a_label() -> None:
    assert {kind.value for kind in EventKind} <= set(HAPPENED_LABELS)
