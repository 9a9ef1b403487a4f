"""What shops write for an event, a kind of product and the state of a subscription; and what we call them. Pure."""

import unicodedata
from typing import Literal

from app.core.i18n import N_
from app.purchases.catalogue.models import EventKind, ProductKind

SubscriptionStatus = Literal["active", "paused", "cancelled", ""]
EVENT_LABELS: dict[EventKind, str] = {
    EventKind.PRICE_CHANGE: N_("Price change"),
    EventKind.RENEWAL: N_("Product renewal"),
    EventKind.CAMPAIGN: N_("Campaign"),
    EventKind.LINE_SENT: N_("LINE message sent"),
    EventKind.MAIL_SENT: N_("Mail sent"),
    EventKind.DM_SENT: N_("Direct mail sent"),
    EventKind.CATALOGUE_SENT: N_("Catalogue sent"),
    EventKind.INSERT_SENT: N_("Insert in the parcel"),
    EventKind.INQUIRY: N_("Inquiry"),
    EventKind.COMPLAINT: N_("Complaint"),
}
SUBSCRIPTION_LABELS: dict[str, str] = {
    "subscription_started": N_("Subscription started"),
    "subscription_paused": N_("Subscription paused"),
    "subscription_cancelled": N_("Subscription cancelled"),
}
HAPPENED_LABELS: dict[str, str] = {**{kind.value: label for kind, label in EVENT_LABELS.items()}, **SUBSCRIPTION_LABELS}
# the first that fits: a complaint by mail is a complaint, an insert in a catalogue parcel an insert
EVENT_WORDS: tuple[tuple[EventKind, tuple[str, ...]], ...] = (
    (EventKind.COMPLAINT, ("クレーム", "苦情", "ご不満", "不満", "complaint", "claim")),
    (
        EventKind.INQUIRY,
        ("問い合わせ", "問合せ", "問合わせ", "お問合", "相談", "質問", "入電", "inquiry", "enquiry", "contact"),
    ),
    (EventKind.PRICE_CHANGE, ("価格改定", "値上げ", "値下げ", "価格変更", "料金改定", "price")),
    (EventKind.RENEWAL, ("リニューアル", "処方変更", "処方改良", "改良", "刷新", "renewal", "recipe")),
    (EventKind.INSERT_SENT, ("同梱", "チラシ", "insert", "leaflet")),
    (EventKind.CATALOGUE_SENT, ("カタログ", "会報誌", "冊子", "catalogue", "catalog")),
    (EventKind.DM_SENT, ("dm", "ダイレクトメール", "はがき", "ハガキ", "葉書", "郵送", "directmail", "postcard")),
    (EventKind.LINE_SENT, ("line", "ライン")),
    (EventKind.MAIL_SENT, ("メール", "メルマガ", "mail", "newsletter")),
    (EventKind.CAMPAIGN, ("キャンペーン", "セール", "フェア", "施策", "campaign", "sale", "promotion")),
)
PRODUCT_KIND_WORDS: tuple[tuple[ProductKind, tuple[str, ...]], ...] = (
    (ProductKind.TRIAL, ("トライアル", "お試し", "おためし", "体験", "trial", "sample", "サンプル")),
    (ProductKind.SUBSCRIPTION, ("定期", "頒布", "サブスク", "subscription")),
    (ProductKind.SINGLE, ("単品", "通常", "都度", "本品", "single", "regular")),
)
ENDED = ("キャンセル", "解約", "終了", "完了", "退会", "無効", "cancel", "ended", "expired", "inactive")
PAUSED = ("停止", "休止", "休会", "スキップ", "保留", "pause", "skip", "hold", "stop")
RUNNING = ("有効", "継続", "利用中", "稼働", "契約中", "active", "running", "live")


def plain(text: str) -> str:
    """Return a text in one width and case, without spaces, hyphens and underscores."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char not in " -_\t")


def event_kind(text: str) -> EventKind | None:
    """Return what an event is called by its own id, its name on the screen or the words shops use; None for others."""
    wanted = plain(text)
    exact = {plain(kind.value): kind for kind in EventKind} | {plain(label): k for k, label in EVENT_LABELS.items()}
    if wanted in exact:
        return exact[wanted]
    return next((kind for kind, words in EVENT_WORDS if any(word in wanted for word in words)), None)


def product_kind(text: str) -> ProductKind | None:
    """Return how a product is sold; None for a word we do not know."""
    wanted = plain(text)
    return next((kind for kind, words in PRODUCT_KIND_WORDS if any(word in wanted for word in words)), None)


def subscription_status(text: str) -> SubscriptionStatus:
    """Return the state of a subscription; nothing where the word is empty or unknown."""
    wanted = plain(text)
    states: tuple[tuple[SubscriptionStatus, tuple[str, ...]], ...] = (
        ("cancelled", ENDED), ("paused", PAUSED), ("active", RUNNING),
    )  # fmt: skip
    return next((state for state, words in states if any(word in wanted for word in words)), "")
