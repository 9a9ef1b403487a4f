"""What shops write in their status, kind and line-type columns, and what it means to us. Pure."""

from app.purchases.files.headers import plain

CANCEL_WORDS = ("キャンセル", "取消", "取り消し", "cancel", "void", "削除", "無効")
RETURN_WORDS = ("返品", "返送", "返金", "return", "refunded")
PENDING_WORDS = ("決済処理中", "購入処理中", "仮注文", "pending")
STATUS_CODES = {
    "対応状況(id)": {"3": "cancelled", "7": "pending", "8": "pending", "9": "returned"},
    "orderstatus(id)": {"3": "cancelled", "7": "pending", "8": "pending", "9": "returned"},
    "ステータス": {"800": "cancelled", "900": "cancelled"},
}
KIND_WORDS = (
    ("trial", ("トライアル", "お試し", "おためし", "体験", "trial", "sample")),
    ("subscription", ("定期", "頒布", "サブスク", "subscription", "subscribe")),
    ("single", ("単品", "通常", "都度", "single", "one-time", "onetime")),
)
GOODS = frozenset({"1", "商品", "product", "item", "goods", ""})
FEE_NAMES = (
    "送料", "配送料", "手数料", "代引手数料", "代引き手数料", "決済手数料", "ギフト手数料", "割引", "値引", "値引き", "クーポン", "クーポン割引",
    "ポイント", "ポイント利用", "ポイント値引き", "税", "消費税", "包装料", "ラッピング料", "shipping", "postage", "dotcom postage",
)  # fmt: skip
FEE_CODES = (
    "POST", "POSTAGE", "SHIPPING", "BANK CHARGES", "AMAZONFEE", "ADJUST", "ADJUST2", "DISCOUNT", "FEE",
)  # fmt: skip


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)


def status(text: str, header: str) -> str:
    """Return valid, cancelled, returned or pending; words we don't know are valid orders."""
    low = text.casefold()
    coded = STATUS_CODES.get(plain(header), {}).get(low)
    if coded:
        return coded
    if low.startswith(("partially", "一部")):
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


def is_fee(text: str) -> bool:
    """Return whether a line-type cell names anything but goods."""
    return text.casefold() not in GOODS


def subscription_over(text: str) -> bool:
    """Return whether a subscription's status says that it ended."""
    low = text.casefold()
    return _has(low, ("解約", "キャンセル", "停止", "終了", "無効", "cancel", "ended", "stopped", "inactive"))
