"""A file of products: code or name, family, kind, how long one piece lasts, other names."""

import re
from operator import itemgetter

import pyarrow as pa

from app.core.i18n import N_
from app.purchases.catalogue.road import Days, Road, Row, text
from app.purchases.catalogue.words import product_kind
from app.purchases.models import FileTable
from app.purchases.other.small_table import Cells, RowHeld, TableSpec
from app.purchases.store import OrdersStore

SPEC = TableSpec(
    columns={
        "product_code": ("商品コード", "商品番号", "商品管理番号", "品番", "型番", "sku", "product code", "item code", "stockcode", "code"),
        "product_name": ("商品名", "商品名称", "品名", "アイテム名", "product name", "name", "description", "title"),
        "family": ("商品グループ", "商品系列", "ファミリー", "シリーズ", "ブランドライン", "商品カテゴリ", "商品カテゴリー", "カテゴリ", "カテゴリー", "family", "product family", "category", "series"),
        "kind": ("販売区分", "購入区分", "商品区分", "商品種別", "種別", "種類", "区分", "kind", "type", "product type"),
        "days_per_unit": ("使用日数", "1個の日数", "1個あたりの日数", "1個あたり日数", "1本の日数", "使い切り日数", "消費日数", "日数", "days per unit", "days_per_unit", "days"),
        "aliases": ("別名", "ほかの名前", "他の名前", "旧商品名", "旧名称", "表記ゆれ", "aliases", "alias", "other names"),
    },
    required=(("product_code", "product_name"),),
)  # fmt: skip
SEPARATORS = re.compile(r"[|;、；\n]+")
MOST_DAYS = 3650
NEEDS_NAME = N_("The row has neither a product code nor a name.")
UNKNOWN_KIND = N_("The kind is none of trial, single purchase and subscription.")
WRONG_DAYS = N_("The days one piece lasts must be a whole number from 1 to 3,650.")


def parse(cells: Cells, days: Days) -> Row:
    """Return one product.

    Raises:
        RowHeld: a cell cannot be what it should be.
    """
    del days
    code, name = text(cells, "product_code", 255), text(cells, "product_name", 500)
    if not code and not name:
        raise RowHeld("product_code" if "product_code" in cells else "product_name", NEEDS_NAME)
    said = cells.get("kind", "")
    kind = product_kind(said) if said else None
    if said and kind is None:
        raise RowHeld("kind", UNKNOWN_KIND)
    return {
        "product_code": code,
        "product_name": name,
        "key_name": "" if code else name,
        "family": text(cells, "family", 120),
        "kind": kind.value if kind else "",
        "days_per_unit": _days(cells.get("days_per_unit", "")),
        "aliases": [alias for part in SEPARATORS.split(cells.get("aliases", "")) if (alias := part.strip()[:500])],
    }


def _days(said: str) -> int | None:
    if not said:
        return None
    number = said.removesuffix("日間").removesuffix("日分").removesuffix("日").removesuffix("days").strip()
    if not number.isdecimal() or not 1 <= int(number) <= MOST_DAYS:
        raise RowHeld("days_per_unit", WRONG_DAYS)
    return int(number)


ROAD = Road(
    table=FileTable.PRODUCTS,
    spec=SPEC,
    parse=parse,
    columns=(
        ("product_code", pa.string()),
        ("product_name", pa.string()),
        ("key_name", pa.string()),
        ("family", pa.string()),
        ("kind", pa.string()),
        ("days_per_unit", pa.int64()),
        ("aliases", pa.list_(pa.string())),
    ),
    key=itemgetter("source", "product_code", "key_name"),
    day_column="",
    path=OrdersStore.products_path,
)

preview, check, settle_prepared, recount = ROAD.preview, ROAD.check, ROAD.settle_prepared, ROAD.recount
