"""What shops write in their status, kind and line-type columns, and what it means to us. Pure.

A cancelled or returned order was bought and given up; a pending one is money that never came (a payment that failed, is awaited
or was left in the middle): it counts for nothing until a later file brings the order paid.
"""

import re

from app.purchases.files.mapping.headers import plain

CANCEL_WORDS = ("キャンセル", "取消", "取り消", "cancel", "void", "削除", "無効")
RETURN_WORDS = (
    "返品",
    "返送",
    "返金",
    "受取拒否",
    "受け取り拒否",
    "return",
    "refund",
    "rejected by buyer",
    "chargeback",
    "charged back",
)
PENDING_WORDS = (
    "決済処理中", "購入処理中", "仮注文", "仮受注", "下書き", "未入金", "入金待ち", "未決済", "決済待ち", "支払待ち", "支払い待ち", "決済失敗", "決済エラー", "与信ng",
    "与信エラー", "オーソリエラー", "pending", "unpaid", "failed", "declined", "expired", "incomplete", "on hold", "on-hold", "draft",
)  # fmt: skip
PARTIAL = ("partial", "一部", "部分")
# 「未キャンセル」「返品なし」「解約不可」 say that it did not happen
NOT_SO = re.compile(
    r"(?:未|not |un)(?:キャンセル|取消|取り消|返品|返送|返金|解約|停止|終了|cancel|return|refund|stopped|ended)"
    r"|(?:キャンセル|取消|返品|返送|返金|解約|停止)(?:予定|依頼|希望)?(?:なし|無し|ナシ|不可)"
)
STATUS_CODES = {
    "対応状況(id)": {"3": "cancelled", "7": "pending", "8": "pending", "9": "returned"},
    "orderstatus(id)": {"3": "cancelled", "7": "pending", "8": "pending", "9": "returned"},
    "ステータス": {"800": "cancelled", "900": "cancelled"},
}
KIND_WORDS = (
    ("trial", ("トライアル", "お試し", "おためし", "お試", "体験", "trial", "sample")),
    ("subscription", ("定期", "頒布", "サブスク", "subscription", "subscribe", "recurring")),
    ("single", ("単品", "通常", "都度", "1回のみ", "今回のみ", "single", "one-time", "onetime", "one time")),
)
GOODS = frozenset({"1", "商品", "product", "products", "item", "items", "goods", "line_item", "lineitem", "本体", ""})
LINE_TYPE_IDS = {"2": "shipping", "3": "fee", "4": "discount", "5": "tax", "6": "points"}  # EC-CUBE's 明細区分(ID)
# the first that fits: points may be used as a discount, a discount be on shipping
LINE_TYPE_WORDS = (
    ("points", ("ポイント", "point")),
    ("discount", ("割引", "値引", "クーポン", "discount", "coupon", "promotion")),
    ("shipping", ("送料", "配送料", "配送費", "運賃", "shipping", "postage", "delivery", "freight")),
    ("fee", ("手数料", "代引", "包装料", "ラッピング料", "ギフト包装", "fee", "charge", "wrap")),
    ("tax", ("消費税", "税金", "税額", "tax", "vat")),
)
TAX = frozenset({"税", "内税", "外税"})
FEE_NAMES = (
    "送料", "配送料", "手数料", "代引手数料", "代引き手数料", "決済手数料", "ギフト手数料", "割引", "値引", "値引き", "クーポン", "クーポン割引",
    "ポイント", "ポイント利用", "ポイント値引き", "税", "消費税", "包装料", "ラッピング料", "shipping", "postage", "dotcom postage",
)  # fmt: skip
FEE_CODES = (
    "POST", "POSTAGE", "SHIPPING", "BANK CHARGES", "AMAZONFEE", "ADJUST", "ADJUST2", "DISCOUNT", "FEE",
)  # fmt: skip
OVER_WORDS = (
    "解約",
    "キャンセル",
    "取消",
    "停止",
    "終了",
    "満了",
    "退会",
    "無効",
    "cancel",
    "ended",
    "stopped",
    "inactive",
    "expired",
)


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)


def status(text: str, header: str) -> str:
    """Return valid, cancelled, returned or pending; words we don't know are valid orders."""
    low = text.casefold()
    coded = STATUS_CODES.get(plain(header), {}).get(low)
    if coded:
        return coded
    if low.startswith(PARTIAL) or NOT_SO.search(low):
        return "valid"
    if _has(low, RETURN_WORDS):
        return "returned"
    if _has(low, CANCEL_WORDS):
        return "cancelled"
    return "pending" if _has(low, PENDING_WORDS) else "valid"


def kind(text: str) -> str:
    """Return trial, subscription, single, or nothing where the text does not say."""
    low = text.casefold()
    return next((name for name, words in KIND_WORDS if _has(low, words)), "")


def line_type(text: str) -> str:
    """Return goods, shipping, fee, discount, tax or points; a word we don't know is a fee, never goods that inflate sales."""
    low = text.casefold().strip()
    if low in GOODS:
        return "goods"
    if low in TAX:
        return "tax"
    found = LINE_TYPE_IDS.get(low) or next((name for name, words in LINE_TYPE_WORDS if _has(low, words)), "")
    return found or ("goods" if _has(low, ("商品", "product")) else "fee")


def subscription_over(text: str) -> bool:
    """Return whether a subscription's status says that it ended."""
    low = text.casefold()
    return _has(low, OVER_WORDS) and not NOT_SO.search(low)
