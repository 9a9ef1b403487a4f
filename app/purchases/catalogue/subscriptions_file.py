"""A file of subscriptions (定期受注): whose, in what state, since when, and why it ended."""

from datetime import date
from operator import itemgetter

import pyarrow as pa

from app.core.i18n import N_
from app.purchases.catalogue import road
from app.purchases.catalogue.road import Days, Road, Row, text
from app.purchases.catalogue.words import SubscriptionStatus, subscription_status
from app.purchases.files.mapping.headers import CUSTOMER_NUMBERS
from app.purchases.models import FileTable
from app.purchases.other.small_table import Cells, RowHeld, TableSpec
from app.purchases.store import OrdersStore

SPEC = TableSpec(
    columns={
        "customer_key": (*CUSTOMER_NUMBERS, "購入者 顧客ID"),
        "email": ("メールアドレス", "メール", "email", "e-mail", "customer email"),
        "phone": ("電話番号", "TEL", "phone"),
        "customer_name": ("氏名", "お名前", "顧客名", "注文者名", "customer name"),
        "sub_id": ("定期受注番号", "定期購入ID", "定期番号", "申込番号", "定期ID", "subscription id", "subscription number"),
        "sub_status": ("ステータス", "定期ステータス", "定期状態", "状態", "status", "subscription status"),
        "sub_seq": ("定期回数", "お届け回数", "継続回数", "申込お届け回数", "subscription count", "times"),
        "cycle": ("配送サイクル", "お届けサイクル", "お届け周期", "サイクル", "cycle", "interval"),
        "started_on": ("定期開始日", "申込日", "初回受注日", "定期申込日", "開始日", "作成日", "受注日", "started on", "created at"),
        "next_on": ("次回配送予定日", "次回お届け予定日", "次回配送日", "次回お届け日", "next delivery"),
        "paused_on": ("停止日", "休止日", "定期停止日", "paused on"),
        "cancelled_at": ("キャンセル日", "解約日", "定期解約日", "定期キャンセル日", "退会日", "cancelled at", "canceled at", "cancelled on"),
        "stop_reason": ("停止理由", "休止理由", "stop reason", "pause reason"),
        "cancel_reason": ("キャンセル理由", "解約理由", "定期解約理由", "cancel reason", "cancellation reason", "reason"),
        "product_code": ("商品コード", "購入商品(商品コード)", "商品番号", "sku", "product code"),
        "product_name": ("商品名", "購入商品(商品名)", "購入商品", "定期商品名", "product name", "product"),
    },
    required=(("sub_id",), ("customer_key", "email", "phone")),
)  # fmt: skip
NEEDS_ID = N_("The row has no subscription number.")
UNKNOWN_STATUS = N_("The state is none of running, paused and cancelled.")
WRONG_NUMBER = N_("The number of deliveries must be a whole number.")
MOST_DELIVERIES = 100_000


def parse(cells: Cells, days: Days) -> Row:
    """Return one subscription.

    Raises:
        RowHeld: a cell cannot be what it should be.
    """
    if not cells.get("sub_id"):
        raise RowHeld("sub_id", NEEDS_ID)
    paused, cancelled = days.day(cells, "paused_on"), days.day(cells, "cancelled_at")
    state = _state(cells.get("sub_status", ""), paused, cancelled)
    reasons = [text(cells, name, 500) for name in ("cancel_reason", "stop_reason")]
    if state == "paused":
        reasons.reverse()
    return {
        **{name: cells.get(name, "") for name in road.WHO},
        "needs_customer": True,
        "subscription_id": text(cells, "sub_id", 255),
        "status": state,
        "started_on": days.day(cells, "started_on"),
        "paused_on": paused if state != "active" else None,
        "cancelled_on": cancelled if state == "cancelled" else None,
        "next_on": days.day(cells, "next_on"),
        "cycle": text(cells, "cycle", 255),
        "reason": next(filter(None, reasons), "") if state != "active" else "",
        "product_code": text(cells, "product_code", 255),
        "product": text(cells, "product_name", 500),
        "number": _number(cells.get("sub_seq", "")),
    }


def _state(said: str, paused: date | None, cancelled: date | None) -> SubscriptionStatus:
    """Return the state; where the file names none, its dates tell."""
    if said:
        state = subscription_status(said)
        if not state:
            raise RowHeld("sub_status", UNKNOWN_STATUS)
        return state
    if cancelled:
        return "cancelled"
    return "paused" if paused else "active"


def _number(said: str) -> int | None:
    if not said:
        return None
    digits = said.removesuffix("回目").removesuffix("回").strip()
    if not digits.isdecimal() or int(digits) > MOST_DELIVERIES:
        raise RowHeld("sub_seq", WRONG_NUMBER)
    return int(digits)


ROAD = Road(
    table=FileTable.SUBSCRIPTIONS,
    spec=SPEC,
    parse=parse,
    columns=(
        ("customer_id", pa.string()),
        ("customer_key_kind", pa.string()),
        ("subscription_id", pa.string()),
        ("status", pa.string()),
        ("started_on", pa.date32()),
        ("paused_on", pa.date32()),
        ("cancelled_on", pa.date32()),
        ("next_on", pa.date32()),
        ("cycle", pa.string()),
        ("reason", pa.string()),
        ("product_code", pa.string()),
        ("product", pa.string()),
        ("number", pa.int64()),
    ),
    key=itemgetter("source", "subscription_id"),
    day_column="cancelled_at",
    path=OrdersStore.subscriptions_path,
    of_customers=True,
)

preview, check, settle_prepared, recount = ROAD.preview, ROAD.check, ROAD.settle_prepared, ROAD.recount
