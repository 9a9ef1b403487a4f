"""A file of events: day, kind, whom or what it is about, and a note. Notes may name people: it lies with contact data."""

from typing import Any

import pyarrow as pa

from app.core.i18n import N_
from app.purchases.catalogue import road
from app.purchases.catalogue.road import Days, Road, Row, text
from app.purchases.catalogue.words import event_kind
from app.purchases.files.mapping.headers import CUSTOMER_NUMBERS
from app.purchases.models import FileTable
from app.purchases.other.small_table import Cells, RowHeld, TableSpec
from app.purchases.store import OrdersStore

SPEC = TableSpec(
    columns={
        "event_id": ("できごと番号", "問い合わせ番号", "お問い合わせ番号", "受付番号", "配信ID", "event id", "ticket id"),
        "happened_on": ("日付", "発生日", "実施日", "配信日", "配信日時", "送付日", "発送日", "受付日", "受付日時", "対応日", "date", "happened on", "sent at", "day"),
        "event_kind": ("種類", "できごと", "イベント", "種別", "区分", "施策種別", "媒体", "kind", "event", "type", "event kind"),
        "customer_key": CUSTOMER_NUMBERS,
        "email": ("メールアドレス", "メール", "email", "e-mail"),
        "phone": ("電話番号", "TEL", "phone"),
        "customer_name": ("氏名", "お名前", "顧客名", "customer name"),
        "product": ("商品", "商品名", "商品コード", "対象商品", "product", "product name"),
        "note": ("メモ", "内容", "備考", "件名", "タイトル", "名称", "note", "memo", "title", "subject"),
    },
    required=(("happened_on",), ("event_kind",)),
)  # fmt: skip
NEEDS_DAY = N_("The row has no date.")
UNKNOWN_EVENT = N_(
    "The kind of event is not known. Known are: price change, renewal, campaign, LINE, mail, direct mail, catalogue, insert, "
    "inquiry, complaint."
)


def parse(cells: Cells, days: Days) -> Row:
    """Return one event.

    Raises:
        RowHeld: a cell cannot be what it should be.
    """
    day = days.day(cells, "happened_on")
    if day is None:
        raise RowHeld("happened_on", NEEDS_DAY)
    kind = event_kind(cells.get("event_kind", ""))
    if kind is None:
        raise RowHeld("event_kind", UNKNOWN_EVENT)
    return {
        **{name: cells.get(name, "") for name in road.WHO},
        "event_id": text(cells, "event_id", 255),
        "happened_on": day,
        "kind": kind.value,
        "product": text(cells, "product", 255),
        "note": text(cells, "note", 2000),
    }


def key(row: Row) -> tuple[Any, ...]:
    """Return what makes an event the same in a later file: its own number, else all that it says."""
    if row["event_id"]:
        return (row["source"], row["event_id"])
    return tuple(row[name] for name in ("source", "happened_on", "kind", "customer_id", "product", "note", "nth"))


ROAD = Road(
    table=FileTable.EVENTS,
    spec=SPEC,
    parse=parse,
    columns=(
        ("customer_id", pa.string()),
        ("customer_key_kind", pa.string()),
        ("event_id", pa.string()),
        ("happened_on", pa.date32()),
        ("kind", pa.string()),
        ("product", pa.string()),
        ("note", pa.string()),
        ("nth", pa.int64()),
    ),
    key=key,
    day_column="happened_on",
    path=OrdersStore.events_path,
    of_customers=True,
    numbered=True,
)

preview, check, settle_prepared, recount = ROAD.preview, ROAD.check, ROAD.settle_prepared, ROAD.recount
