"""An order file and a subscription file of ecforce speak of the same subscriptions: either may be imported first."""

import csv
import io

import pytest

from tests.purchases.build import Shop
from tests.purchases.catalogue.build import SUBSCRIPTIONS, happened, take

ORDERS = ("受注番号", "顧客番号", "定期受注番号", "小計", "受注日", "購入商品（商品コード）", "購入商品（商品名）", "定期ステータス", "定期回数", "対応状況", "取消日")  # fmt: skip
STANDING = ("顧客番号", "定期受注番号", "ステータス", "定期回数", "配送サイクル", "次回配送予定日", "キャンセル日", "停止理由", "キャンセル理由", "購入商品（商品コード）")  # fmt: skip


def table(headers: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([headers, *rows])
    return out.getvalue()


def order(number: str, customer: str, day: str, *, state: str = "", times: str = "1") -> tuple[str, ...]:
    sub = f"T-{customer}" if state else ""
    return (number, customer, sub, "4980", day, "SRM", "美容液", state, times, "出荷済み", "")


def standing(customer: str, state: str, *, ahead: str = "", ended: str = "", reason: str = "") -> tuple[str, ...]:
    return (customer, f"T-{customer}", state, "2", "30日ごと", ahead, ended, "", reason, "SRM")


# resumed: the order file is the older one; left: the subscription file is; both: the file knows the day and the reason
ORDER_FILE = table(
    ORDERS,
    order("1", "resumed", "2026/01/10", state="無効"),
    order("2", "left", "2026/01/10", state="無効"),
    order("3", "left", "2026/02/10", state="無効", times="2"),
    order("4", "both", "2026/02/01", state="無効"),
    order("5", "other", "2026/03/20"),
)
SUBSCRIPTION_FILE = table(
    STANDING,
    standing("resumed", "有効", ahead="2026/04/15"),
    standing("left", "有効", ahead="2026/02/10"),
    standing("both", "キャンセル", ended="2026/02/20", reason="余っている"),
)


@pytest.mark.parametrize("way", [("orders", "subscriptions"), ("subscriptions", "orders")])
def test_the_class_does_not_depend_on_which_file_came_first(shop: Shop, way: tuple[str, ...]) -> None:
    for file in way:
        if file == "orders":
            shop.take(ORDER_FILE)
        else:
            take(shop, SUBSCRIPTIONS, SUBSCRIPTION_FILE)
    assert {number: one.customer_class.value for number, one in shop.people().items()} == {
        "resumed": "lapsed", "left": "churned", "both": "churned", "other": "new",
    }  # fmt: skip
    assert happened(shop, "resumed") == []
    assert happened(shop, "left") == [("subscription_cancelled", "2026-02-10", "")]
    assert happened(shop, "both") == [("subscription_cancelled", "2026-02-20", "余っている")]
