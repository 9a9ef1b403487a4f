"""Proposes which column is what, by header names only, never by position."""

import re
import unicodedata

from app.purchases.import_schemas import Mapping

CONTACT = (
    "customer_name", "customer_kana", "email", "phone", "company_name", "postal_code", "address", "ship_to_name",
    "ship_to_address",
)  # fmt: skip
CANONICAL = (
    "order_id", "line_id", "customer_key", "ordered_at", "product_code", "product_name", "quantity", "line_amount",
    "unit_price", "status", "line_type", "sub_id", "sub_seq", "sub_status", "cancelled_at", "reason", "channel", "kind",
    "tax_rate", "discount_amount", "points_used", "coupon", "dispatched_on", "prefecture", *CONTACT,
)  # fmt: skip
ALIASES = {
    "customer_id": "customer_key",
    "amount": "line_amount",
    "ordered_on": "ordered_at",
    "customer": "customer_key",
}
SYNONYMS: dict[str, tuple[str, ...]] = {
    "order_id": (
        "注文番号", "注文id", "受注番号", "受注id", "受注コード", "売上id", "オーダー番号", "店舗伝票番号", "伝票番号", "注文コード", "order id",
        "order no.", "order no", "order number", "orderid", "invoiceno", "invoice", "amazon-order-id", "order #",
    ),
    "line_id": ("注文詳細id", "売上詳細id", "商品明細id", "明細id", "order-item-id", "line id", "order item id"),
    "customer_key": (
        "顧客id", "会員id", "顧客番号", "会員番号", "購入者顧客id", "お客様番号", "お客様id", "顧客コード", "会員コード", "顧客no", "会員no", "注文者id",
        "customer id", "customerid", "customer key", "customer no", "customer number", "user id", "id", "buyer-email",
        "メールアドレス(請求先)", "受注メールアドレス", "メールアドレス", "e-mail", "email", "mail", "customer email",
    ),
    "ordered_at": (
        "注文日時", "受注日時", "注文日", "受注日", "購入日", "購入日時", "オーダー日", "日付", "ordered at", "ordered on", "order date",
        "orderdate", "invoicedate", "date", "purchase-date", "purchased at", "created at", "created date (utc)",
    ),
    "product_code": (
        "商品コード", "購入商品型番", "商品番号", "商品管理番号", "購入商品(商品コード)", "型番", "sku", "購入商品商品id", "商品id", "品番",
        "stockcode", "product code", "product id", "lineitem sku", "item code", "jancode", "jan",
    ),
    "product_name": (
        "商品名", "購入商品商品名", "購入商品(商品名)", "アイテム名", "品名", "product name", "product-name", "description", "lineitem name",
        "product", "item name", "item",
    ),
    "quantity": (
        "数量", "個数", "購入数量", "購入商品販売個数", "購入商品(個数)", "点数", "quantity", "qty", "lineitem quantity",
        "quantity-purchased", "quantity purchased",
    ),
    "line_amount": (
        "明細金額", "行金額", "金額", "購入商品小計", "商品小計", "line amount", "line total", "amount", "amt", "item-price", "dollars",
    ),
    "unit_price": (
        "単価", "価格", "販売単価", "商品単価", "購入商品販売価格(消費税込)", "購入商品(単価)", "unit price", "unitprice", "price", "lineitem price",
    ),
    "status": (
        "対応状況(名称)", "対応状況(id)", "対応状況", "ステータス", "注文ステータス", "処理状況", "発送状況", "受注状態", "注文状態", "状態", "order status",
        "order-status", "order status (id)", "status", "financial status",
    ),
    "line_type": ("明細区分(名称)", "明細区分(id)", "明細区分", "line type", "order item type", "order item type (name)"),
    "sub_id": ("定期受注番号", "定期購入id", "定期番号", "申込番号", "subscription id"),
    "sub_seq": ("定期回数", "申込お届け回数", "お届け回数", "定期内受注(n番目)", "subscription number", "sub seq", "subscription count"),
    "sub_status": ("定期ステータス", "定期状態", "subscription status", "sub status"),
    "cancelled_at": ("解約日", "定期解約日", "キャンセル日", "取消日", "cancelled at", "canceled at", "cancelled on"),
    "reason": ("解約理由", "キャンセル理由", "停止理由", "cancel reason", "reason"),
    "channel": ("販売経路", "購入元", "購入経路", "注文経路", "チャネル", "モール", "店舗名", "sales channel", "sales-channel", "channel", "source name"),
    "kind": ("購入区分", "購入種別", "受注種別", "注文種別", "販売区分", "種別", "kind", "purchase kind", "order type"),
    "customer_name": ("氏名", "お名前", "顧客名", "注文者名", "注文者", "購入者名前", "受注名", "会員名", "注文者氏名", "customer name", "billing name", "buyer-name"),
    "customer_kana": ("フリガナ", "ふりがな", "氏名カナ", "お名前(カナ)", "顧客名カナ", "注文者名カナ", "受注名カナ", "カナ", "customer kana", "kana"),
    "email": ("メールアドレス", "メール", "e-mail", "email", "受注メールアドレス", "購入者メールアドレス", "メールアドレス(請求先)", "customer email"),
    "phone": ("電話番号", "tel", "電話", "受注電話番号", "購入者電話番号", "注文者電話番号", "電話番号(請求先)", "phone"),
}  # fmt: skip
JOIN = " + "
PAIRS: dict[str, tuple[tuple[str, str], ...]] = {
    "customer_name": (
        ("お名前(姓)", "お名前(名)"),
        ("氏(請求先)", "名(請求先)"),
        ("注文者姓", "注文者名字"),
        ("姓", "名"),
    ),
    "customer_kana": (("お名前(セイ)", "お名前(メイ)"), ("注文者姓カナ", "注文者名前カナ"), ("セイ", "メイ")),
}
ORDER_TOTALS = ("支払合計", "合計金額", "注文金額", "購入金額", "合計", "小計", "売上金額", "total", "subtotal")
SHOP_FORMATS: dict[str, tuple[str, ...]] = {
    "Online Retail": ("invoiceno", "stockcode", "customerid", "unitprice"),
    "CDNOW": ("id", "date", "qty", "amt"),
    "EC-CUBE": ("注文番号", "対応状況(名称)", "明細区分(名称)"),
    "カラーミー": ("売上id", "購入者顧客id"),
    "BASE": ("注文id", "注文日時", "メールアドレス(請求先)"),
    "ecforce": ("受注番号", "顧客番号", "定期回数"),
}
EXTRA_FEES = {"Online Retail": ("M", "D", "S", "B", "C2", "CRUK", "PADS", "DOT", "POST")}
REQUIRED = ("customer_key", "ordered_at", "line_amount")


def plain(name: str) -> str:
    """Return a header for comparing: NFKC, lower case, without spaces, underscores and hyphens."""
    return re.sub(r"[\s_\-　]+", "", unicodedata.normalize("NFKC", name)).casefold()


PLAIN_SYNONYMS = {name: tuple(plain(word) for word in SYNONYMS.get(name, ())) for name in CANONICAL}
PLAIN_TOTALS = tuple(plain(word) for word in ORDER_TOTALS)


def _first_match(words: tuple[str, ...], by_plain: dict[str, str], used: set[str]) -> str | None:
    return next((by_plain[word] for word in words if word in by_plain and by_plain[word] not in used), None)


def recognise(headers: tuple[str, ...]) -> str:
    """Return the name of the shop system whose headers these are, or nothing."""
    names = {plain(header) for header in headers}
    for system, needed in SHOP_FORMATS.items():
        if {plain(word) for word in needed} <= names:
            return system
    return ""


def _join_pairs(columns: dict[str, str], by_plain: dict[str, str]) -> None:
    """Add names that shops split over two columns: 姓 and 名."""
    for canonical, pairs in PAIRS.items():
        for pair in pairs:
            if canonical not in columns and all(plain(part) in by_plain for part in pair):
                columns[canonical] = JOIN.join(by_plain[plain(part)] for part in pair)


def propose(headers: tuple[str, ...]) -> Mapping:
    """Return the mapping these headers suggest; columns we are not sure of stay out."""
    by_plain: dict[str, str] = {}
    for header in headers:
        by_plain.setdefault(plain(header), header)
    columns: dict[str, str] = {}
    used: set[str] = set()
    for canonical in CANONICAL:
        found = _first_match(PLAIN_SYNONYMS[canonical], by_plain, used)
        if found is not None:
            columns[canonical] = found
            used.add(found)
    _join_pairs(columns, by_plain)
    total = _first_match(PLAIN_TOTALS, by_plain, used)
    if total is not None and not {"line_amount", "unit_price"} & set(columns):
        columns["line_amount"] = total
    return Mapping(columns=columns, fee_codes=EXTRA_FEES.get(recognise(headers), ()))


def missing(mapping: Mapping) -> tuple[str, ...]:
    """Return the canonical names that must be mapped and are not."""
    have = set(mapping.columns)
    gone = [name for name in REQUIRED if name not in have]
    if "unit_price" in have and "line_amount" in gone:
        gone.remove("line_amount")
    if "email" in have and "customer_key" in gone:
        gone.remove("customer_key")
    return tuple(gone)
