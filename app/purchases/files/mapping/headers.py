"""Proposes which column is what, by header names only, never by position."""

import re
import unicodedata
from collections.abc import Collection
from collections.abc import Mapping as Named

from app.purchases.import_schemas import Mapping

CONTACT = (
    "customer_name", "customer_kana", "email", "phone", "company_name", "postal_code", "address", "ship_to_name",
    "ship_to_address",
)  # fmt: skip
CANONICAL = (
    "order_id", "line_id", "customer_key", "ordered_at", "product_code", "product_name", "quantity", "line_amount",
    "unit_price", "status", "line_type", "sub_id", "sub_seq", "sub_status", "cancelled_at", "reason", "channel", "kind",
    "currency", "tax_rate", "discount_amount", "points_used", "refunded", "coupon", "dispatched_on", "prefecture",
    "acquisition_channel", *CONTACT,
)  # fmt: skip
ALIASES = {
    "customer_id": "customer_key",
    "amount": "line_amount",
    "ordered_on": "ordered_at",
    "customer": "customer_key",
}
# what shops call the number of a customer, in orders and in every other file
CUSTOMER_NUMBERS = (
    "顧客ID", "会員ID", "顧客番号", "会員番号", "お客様番号", "お客さま番号", "お客様ID", "お客さまID", "顧客コード", "会員コード", "お客様コード", "お客さまコード",
    "顧客No", "会員No", "お客様No", "顧客管理番号", "得意先コード", "customer id", "customer no", "customer number", "customer code",
    "member id", "user id",
)  # fmt: skip
SYNONYMS: dict[str, tuple[str, ...]] = {
    "order_id": (
        "注文番号", "注文id", "受注番号", "受注id", "受注コード", "売上id", "オーダー番号", "店舗伝票番号", "伝票番号", "注文コード", "order id",
        "order no.", "order no", "order number", "orderid", "invoiceno", "invoice", "amazon-order-id", "order #",
    ),
    "line_id": ("注文詳細id", "売上詳細id", "商品明細id", "明細id", "order-item-id", "line id", "order item id"),
    "customer_key": (
        *CUSTOMER_NUMBERS, "購入者顧客id", "注文者id", "customer key", "buyer-email", "メールアドレス(請求先)", "受注メールアドレス", "メールアドレス",
        "e-mail", "email", "mail", "customer email",
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
    "acquisition_channel": (
        "獲得経路", "獲得チャネル", "流入元", "流入経路", "広告媒体", "広告媒体名", "広告urlグループ名", "広告コード", "広告主名", "参照元", "acquisition channel",
        "acquisition source", "ad code", "utm_source", "referring site",
    ),
    "kind": ("購入区分", "購入種別", "受注種別", "注文種別", "販売区分", "種別", "kind", "purchase kind", "order type"),
    "currency": ("通貨", "通貨コード", "currency", "currency code"),
    "tax_rate": ("税率", "消費税率", "消費税率(%)", "tax rate"),
    "discount_amount": ("値引き", "値引", "値引額", "割引額", "割引金額", "クーポン利用総額", "クーポン利用額", "クーポン割引額", "discount amount", "discount"),
    "points_used": ("ポイント利用額", "利用ポイント", "使用ポイント", "points used"),
    "refunded": ("合計返金額", "返金合計", "返金額合計", "返金額", "返金金額", "refunded amount", "amount refunded", "refund amount", "total refunded"),
    "coupon": ("クーポンコード", "クーポン名", "クーポン", "割引名称", "discount code", "coupon", "coupon code", "promotion-ids"),
    "dispatched_on": ("発送日", "出荷日", "発送完了日", "出荷完了日", "発送完了報告日時", "shipping date", "fulfilled at", "dispatched on", "shipped at"),
    "prefecture": (
        "都道府県", "都道府県(名称)", "都道府県(請求先)", "注文者住所都道府県", "購入者都道府県", "都道府県区分", "住所(都道府県)", "prefecture",
        "prefecture (name)", "billing province name", "ship-state",
    ),
    "customer_name": (
        "氏名", "お名前", "顧客名", "注文者名", "注文者", "購入者名前", "受注名", "会員名", "注文者氏名", "customer name", "billing name", "buyer-name",
    ),
    "customer_kana": (
        "フリガナ", "ふりがな", "氏名カナ", "お名前(カナ)", "顧客名カナ", "注文者名カナ", "受注名カナ", "カナ", "注文者(振り仮名)", "customer kana", "kana",
    ),
    "email": (
        "メールアドレス", "メール", "e-mail", "email", "受注メールアドレス", "購入者メールアドレス", "メールアドレス(請求先)", "customer email", "buyer-email",
    ),
    "phone": (
        "電話番号", "tel", "電話", "受注電話番号", "購入者電話番号", "注文者電話番号", "電話番号(請求先)", "電話番号(メイン)", "phone", "billing phone",
        "buyer-phone-number",
    ),
    "company_name": ("会社名", "法人名", "企業名", "法人名(請求先)", "会社名(請求先)", "company name", "company", "billing company"),
    "postal_code": (
        "郵便番号", "受注郵便番号", "購入者郵便番号", "郵便番号(請求先)", "注文者郵便番号", "postal code", "zip", "billing zip",
    ),
    "address": ("住所", "受注住所1", "購入者住所", "住所(請求先)", "注文者住所", "address", "billing street", "billing address1"),
    "ship_to_name": ("配送先名", "発送先名", "お届け先名", "送付先名", "配送先氏名", "お届け先氏名", "ship to", "ship to name", "shipping name", "recipient-name"),
    "ship_to_address": (
        "配送先住所", "発送先住所1", "お届け先住所", "送付先住所", "住所(配送先)", "ship to address", "shipping street", "shipping address1", "ship-address-1",
    ),
}  # fmt: skip
JOIN = " + "
PAIRS: dict[str, tuple[tuple[str, ...], ...]] = {
    "customer_name": (
        ("お名前(姓)", "お名前(名)"),
        ("氏(請求先)", "名(請求先)"),
        ("注文者姓", "注文者名"),
        ("注文者姓", "注文者名字"),
        ("氏名(姓)", "氏名(名)"),
        ("姓", "名"),
    ),
    "customer_kana": (
        ("お名前(セイ)", "お名前(メイ)"),
        ("注文者姓カナ", "注文者名カナ"),
        ("注文者姓カナ", "注文者名前カナ"),
        ("セイ", "メイ"),
    ),
    "ship_to_name": (
        ("配送先_お名前(姓)", "配送先_お名前(名)"),
        ("氏(配送先)", "名(配送先)"),
        ("送付先姓", "送付先名"),
    ),
    "address": (("住所1", "住所2"),),
    "phone": (("電話番号1", "電話番号2", "電話番号3"),),
}
ORDER_TOTALS = ("支払合計", "合計金額", "注文金額", "購入金額", "合計", "小計", "売上金額", "total", "subtotal")
REQUIRED = ("customer_key", "ordered_at", "line_amount")
# cells of one row; every other cell belongs to the order and may stand on its first row only
LINE_CELLS = frozenset(
    {
        "line_id",
        "line_type",
        "product_code",
        "product_name",
        "quantity",
        "unit_price",
        "line_amount",
        "tax_rate",
        "kind",
    }
)


def plain(name: str) -> str:
    """Return a header for comparing: NFKC, lower case, without spaces, marks nobody sees, underscores and hyphens."""
    return re.sub(r"[\s_\-　\u200b-\u200f\u2060\ufeff]+", "", unicodedata.normalize("NFKC", name)).casefold()


PLAIN_SYNONYMS = {name: tuple(plain(word) for word in SYNONYMS.get(name, ())) for name in CANONICAL}
PLAIN_TOTALS = tuple(plain(word) for word in ORDER_TOTALS)


def _first_match(words: tuple[str, ...], by_plain: dict[str, str], used: set[str]) -> str | None:
    return next((by_plain[word] for word in words if word in by_plain and by_plain[word] not in used), None)


def _join_pairs(columns: dict[str, str], by_plain: dict[str, str], skip: Collection[str]) -> None:
    """Add names that shops split over two columns: 姓 and 名."""
    for canonical, pairs in PAIRS.items():
        for pair in pairs:
            if canonical not in {*columns, *skip} and all(plain(part) in by_plain for part in pair):
                columns[canonical] = JOIN.join(by_plain[plain(part)] for part in pair)


def by_plain(headers: tuple[str, ...]) -> dict[str, str]:
    """Return each header by its plain name; of two alike the first."""
    names: dict[str, str] = {}
    for header in headers:
        names.setdefault(plain(header), header)
    return names


def guessed(headers: tuple[str, ...], *, taken: Named[str, str], unwanted: Collection[str] = ()) -> dict[str, str]:
    """Return columns that headers suggest by synonyms, beside those `taken`; canonical names `unwanted` stay out."""
    names = by_plain(headers)
    used = {part for header in taken.values() for part in ([header] if header in headers else header.split(JOIN))}
    columns: dict[str, str] = {}
    for canonical in CANONICAL:
        if canonical in taken or canonical in unwanted:
            continue
        found = _first_match(PLAIN_SYNONYMS[canonical], names, used)
        if found is not None:
            columns[canonical] = found
            used.add(found)
    _join_pairs(columns, names, skip={*taken, *unwanted})
    total = _first_match(PLAIN_TOTALS, names, used)
    if total is not None and not {"line_amount", "unit_price"} & {*columns, *taken, *unwanted}:
        columns["line_amount"] = total
    return columns


def propose(headers: tuple[str, ...]) -> Mapping:
    """Return the mapping these headers suggest by themselves; columns we are not sure of stay out."""
    return Mapping(columns=guessed(headers, taken={}))


def missing(mapping: Mapping, *, without_customer: bool = False) -> tuple[str, ...]:
    """Return the canonical names that must be mapped and are not.

    A customer is known by number, by e-mail, or by phone and name.
    """
    have = set(mapping.columns)
    gone = [name for name in REQUIRED if name not in have]
    if "unit_price" in have and "line_amount" in gone:
        gone.remove("line_amount")
    known = without_customer or "email" in have or {"phone", "customer_name"} <= have
    if known and "customer_key" in gone:
        gone.remove("customer_key")
    return tuple(gone)
