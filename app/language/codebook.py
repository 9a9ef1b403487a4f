"""The codebook's closed lists: stages, facets and details, with their labels.

Labels are English msgids; the Japanese words stand in the catalogue.
"""

from enum import StrEnum

from app.core.i18n import N_


class Stage(StrEnum):
    """Journey stages (ジャーニー段階) in journey order."""

    PROBLEM = "problem"
    AWARENESS = "awareness"
    CONSIDERATION = "consideration"
    ANXIETY = "anxiety"
    PURCHASE_REASON = "purchase_reason"
    EXPERIENCE = "experience"
    LOYALTY_TRIGGER = "loyalty_trigger"
    CHURN_REASON = "churn_reason"
    OTHER_PRODUCT = "other_product"


class Facet(StrEnum):
    """What kind of thing a sentence says: done, thought or felt."""

    ACTION = "action"
    THOUGHT = "thought"
    EMOTION = "emotion"


class Channel(StrEnum):
    """Where a customer says they first learned of the product (認知経路)."""

    INSTAGRAM = "instagram"
    X = "x"
    YOUTUBE = "youtube"
    TIKTOK = "tiktok"
    LINE = "line"
    FACEBOOK = "facebook"
    SNS_OTHER = "sns_other"
    SEARCH = "search"
    WEB_AD = "web_ad"
    WEB_ARTICLE = "web_article"
    EC_MALL = "ec_mall"
    TV = "tv"
    RADIO = "radio"
    MAGAZINE_NEWSPAPER = "magazine_newspaper"
    BOOK = "book"
    FLYER_CATALOG = "flyer_catalog"
    STORE = "store"
    WORD_OF_MOUTH = "word_of_mouth"
    PROFESSIONAL = "professional"
    EVENT = "event"
    GIFT = "gift"
    INFLUENCER = "influencer"
    OTHER = "other"
    NOT_STATED = "not_stated"


class CancelReason(StrEnum):
    """Why a customer says they stopped; the first three lead in mail order."""

    NO_EFFECT_OR_UNFIT = "no_effect_or_unfit"
    SURPLUS = "surplus"
    PRICE = "price"
    SERVICE = "service"
    COMPETITOR = "competitor"
    NEED_GONE = "need_gone"
    HEALTH = "health"
    HASSLE = "hassle"
    LIFESTYLE = "lifestyle"
    BOREDOM = "boredom"
    QUALITY_CHANGE = "quality_change"
    UNAVAILABLE = "unavailable"
    OTHER = "other"
    NOT_STATED = "not_stated"


class AnxietyKind(StrEnum):
    """Whether what worried them can be shown (price, size) or not (trust, regret)."""

    VISIBLE = "visible"
    INVISIBLE = "invisible"


STAGES: tuple[Stage, ...] = tuple(Stage)

STAGE_LABELS: dict[Stage, str] = {
    Stage.PROBLEM: N_("Troubles before buying"),
    Stage.AWARENESS: N_("Awareness"),
    Stage.CONSIDERATION: N_("Consideration"),
    Stage.ANXIETY: N_("Worries and hesitation"),
    Stage.PURCHASE_REASON: N_("Reason for buying"),
    Stage.EXPERIENCE: N_("Experience of use"),
    Stage.LOYALTY_TRIGGER: N_("Loyalty trigger"),
    Stage.CHURN_REASON: N_("Reason for leaving"),
    Stage.OTHER_PRODUCT: N_("Other products"),
}

STAGE_SHORT: dict[Stage, str] = {
    Stage.PROBLEM: N_("Trouble"),
    Stage.AWARENESS: N_("Learned of"),
    Stage.CONSIDERATION: N_("Considered"),
    Stage.ANXIETY: N_("Worry"),
    Stage.PURCHASE_REASON: N_("Decided"),
    Stage.EXPERIENCE: N_("Use"),
    Stage.LOYALTY_TRIGGER: N_("Trigger"),
    Stage.CHURN_REASON: N_("Left"),
    Stage.OTHER_PRODUCT: N_("Other product"),
}

SEALS: dict[Stage, str] = {
    Stage.PROBLEM: "悩",
    Stage.AWARENESS: "知",
    Stage.CONSIDERATION: "検",
    Stage.ANXIETY: "迷",
    Stage.PURCHASE_REASON: "決",
    Stage.EXPERIENCE: "使",
    Stage.LOYALTY_TRIGGER: "続",
    Stage.CHURN_REASON: "離",
    Stage.OTHER_PRODUCT: "他",
}

QUESTION_STAGE: dict[str, Stage] = {
    "q1": Stage.PROBLEM,
    "q2": Stage.AWARENESS,
    "q3": Stage.CONSIDERATION,
    "q4": Stage.ANXIETY,
    "q5": Stage.PURCHASE_REASON,
    "q6": Stage.EXPERIENCE,
    "q7": Stage.OTHER_PRODUCT,
    "c1": Stage.CHURN_REASON,
    "c2": Stage.CHURN_REASON,
}

FACET_LABELS: dict[Facet, str] = {
    Facet.ACTION: N_("Action"),
    Facet.THOUGHT: N_("Thought"),
    Facet.EMOTION: N_("Emotion"),
}

CHANNEL_LABELS: dict[Channel, str] = {
    Channel.INSTAGRAM: N_("Instagram"),
    Channel.X: N_("X (Twitter)"),
    Channel.YOUTUBE: N_("YouTube"),
    Channel.TIKTOK: N_("TikTok"),
    Channel.LINE: N_("LINE"),
    Channel.FACEBOOK: N_("Facebook"),
    Channel.SNS_OTHER: N_("Other social media"),
    Channel.SEARCH: N_("Web search"),
    Channel.WEB_AD: N_("Web advertisement"),
    Channel.WEB_ARTICLE: N_("Web article or blog"),
    Channel.EC_MALL: N_("Online mall"),
    Channel.TV: N_("Television"),
    Channel.RADIO: N_("Radio"),
    Channel.MAGAZINE_NEWSPAPER: N_("Magazine or newspaper"),
    Channel.BOOK: N_("Book"),
    Channel.FLYER_CATALOG: N_("Flyer, catalogue or insert"),
    Channel.STORE: N_("Shop"),
    Channel.WORD_OF_MOUTH: N_("Family, friends or colleagues"),
    Channel.PROFESSIONAL: N_("Doctor or other professional"),
    Channel.EVENT: N_("Event"),
    Channel.GIFT: N_("Gift"),
    Channel.INFLUENCER: N_("Influencer"),
    Channel.OTHER: N_("Other channel"),
    Channel.NOT_STATED: N_("Channel not said"),
}

CANCEL_REASON_LABELS: dict[CancelReason, str] = {
    CancelReason.NO_EFFECT_OR_UNFIT: N_("Did not suit or no effect felt"),
    CancelReason.SURPLUS: N_("Product piles up"),
    CancelReason.PRICE: N_("Too expensive to go on"),
    CancelReason.SERVICE: N_("Service or support"),
    CancelReason.COMPETITOR: N_("Switched to another product"),
    CancelReason.NEED_GONE: N_("No longer needed"),
    CancelReason.HEALTH: N_("Health"),
    CancelReason.HASSLE: N_("Too much trouble"),
    CancelReason.LIFESTYLE: N_("Change in daily life"),
    CancelReason.BOREDOM: N_("Grew tired of it"),
    CancelReason.QUALITY_CHANGE: N_("Taste, recipe or specification changed"),
    CancelReason.UNAVAILABLE: N_("Could not be bought any more"),
    CancelReason.OTHER: N_("Another reason"),
    CancelReason.NOT_STATED: N_("Reason not said"),
}

ANXIETY_LABELS: dict[AnxietyKind, str] = {
    AnxietyKind.VISIBLE: N_("Visible worry"),
    AnxietyKind.INVISIBLE: N_("Invisible worry"),
}

DETAIL_LABELS: dict[str, dict[str, str]] = {
    "facets": {facet.value: label for facet, label in FACET_LABELS.items()},
    "channel": {channel.value: label for channel, label in CHANNEL_LABELS.items()},
    "cancel_reason": {reason.value: label for reason, label in CANCEL_REASON_LABELS.items()},
    "anxiety_kind": {kind.value: label for kind, label in ANXIETY_LABELS.items()},
}


def detail_label(kind: str, value: str) -> str:
    """Return the msgid of a facet or detail by the names they are stored under."""
    return DETAIL_LABELS[kind][value]
