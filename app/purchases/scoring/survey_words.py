"""How people say in a survey whether they want a brand again, and how much they like it. Pure."""

from app.core.i18n import N_
from app.purchases.catalogue.words import plain

YES, NO, UNDECIDED = "yes", "no", "undecided"
INTENTION_LABELS = {YES: N_("Wants it again"), NO: N_("Does not want it again"), UNDECIDED: N_("Undecided")}
LIKING_MOST = 5
SCALE_MIDDLE = 3
_INTENTION: tuple[tuple[str, tuple[str, ...]], ...] = (
    (UNDECIDED, ("undecided", "neither", "わからない", "分からない", "未定", "どちらともいえない", "どちらとも言えない", "どちらでもない", "普通", "ふつう", "△", "not sure", "don't know")),
    (NO, ("no", "いいえ", "ない", "なし", "×", "✕", "false", "買いたくない", "買わない", "買わないと思う", "購入したくない", "購入しない", "あまり買いたくない", "まったく買いたくない", "全く買いたくない", "やや買いたくない", "利用したくない", "思わない", "そう思わない", "あまりそう思わない")),
    (YES, ("yes", "はい", "ある", "あり", "○", "〇", "◯", "◎", "true", "買いたい", "ぜひ買いたい", "是非買いたい", "また買いたい", "やや買いたい", "まあ買いたい", "たぶん買う", "買う", "買うと思う", "購入したい", "ぜひ購入したい", "是非購入したい", "また購入したい", "やや購入したい", "まあ購入したい", "利用したい", "思う", "そう思う", "ややそう思う", "とてもそう思う")),
)  # fmt: skip
_LIKING: tuple[tuple[str, ...], ...] = (
    ("嫌い", "とても嫌い", "大嫌い", "hate"),
    ("やや嫌い", "どちらかといえば嫌い", "あまり好きではない", "dislike"),
    ("どちらともいえない", "どちらとも言えない", "どちらでもない", "普通", "ふつう", "neutral", "neither"),
    ("やや好き", "どちらかといえば好き", "まあ好き", "like"),
    ("好き", "とても好き", "大好き", "love"),
)
WORDS = {plain(word): kind for kind, words in _INTENTION for word in words}
LIKING_WORDS = {plain(word): points for points, words in enumerate(_LIKING, start=1) for word in words}


def read_intention(text: str) -> str | None:
    """Return yes, no or undecided; of numbers 1 to 5 is 5 the strongest wish. None for what we do not know."""
    points = _points(text)
    if points is None:
        return WORDS.get(plain(text))
    if points == SCALE_MIDDLE:
        return UNDECIDED
    return YES if points > SCALE_MIDDLE else NO


def read_liking(text: str) -> int | None:
    """Return 1 (least) to 5 (most); None for what we do not know."""
    points = _points(text)
    return LIKING_WORDS.get(plain(text)) if points is None else points


def _points(text: str) -> int | None:
    digits = plain(text).removesuffix("点")
    return int(digits) if len(digits) == 1 and digits in "12345" else None
