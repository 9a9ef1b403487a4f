"""What shops write about their members, and what is kept of it: never the full date of birth. Pure."""

import re
import unicodedata
from datetime import date

from app.purchases.files.mapping.headers import plain

SEXES = {
    "female": ("女性", "女", "female", "f", "woman", "2", "w"),
    "male": ("男性", "男", "male", "m", "man", "1"),
    "other": ("その他", "other", "3", "x", "どちらでもない", "ノンバイナリー", "nonbinary", "non-binary"),
    "no_answer": ("無回答", "回答しない", "未回答", "答えたくない", "noanswer", "unknown", "不明", "9", "0", "-"),
}
SEX_WORDS = {word: sex for sex, words in SEXES.items() for word in words}
OLDEST = 120
BAND = re.compile(r"(\d{1,3})(?:\s*(?:-|~|〜|～|–|から)\s*(\d{1,3}))?\s*(?:歳代|才代|代|歳|才|s)?\s*(?:以上|以下|\+)?")
AGE = re.compile(r"(\d{1,3})(?:歳|才)?")
YEAR = re.compile(r"(\d{4})年?")
MONTH = re.compile(r"(\d{1,2})月?(?:生まれ|生)?")
FILE_DAY = re.compile(
    r"(?<!\d)(20\d{2})[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])(?:[-_]?\d{4}(?:\d{2})?)?(?!\d)"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
REFUSES = (
    "拒否", "不可", "不要", "希望しない", "受け取らない", "受取らない", "受信しない", "停止", "解除", "退会", "ng", "optout", "opt-out",
    "unsubscribed", "refused", "送らない", "配信しない", "しない",
)  # fmt: skip
ACCEPTS = (
    "許可", "希望する", "受け取る", "受取る", "受信する", "購読", "配信", "可", "ok", "optin", "opt-in", "subscribed", "accepted", "希望",
    "送る", "html", "text", "する",
)  # fmt: skip
YES = frozenset({"1", "はい", "yes", "y", "true", "○", "〇", "◯", "✓", "on", "t", "有", "あり"})
NO = frozenset({"0", "いいえ", "no", "n", "false", "×", "✕", "off", "f", "無", "なし", "2"})
REFUSING_HEADERS = ("拒否", "不要", "停止", "optout", "unsubscribe", "refuse", "notmail", "希望しない")


def _low(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def sex(text: str) -> str | None:
    """Return female, male, other or no_answer; None where the text says none of them. EC-CUBE: 1 male, 2 female."""
    return SEX_WORDS.get(_low(text).replace(" ", ""))


def birth_year(text: str, *, newest: int) -> int | None:
    """Return a year of birth, at most 120 years before `newest`."""
    found = YEAR.fullmatch(_low(text))
    year = int(found[1]) if found else 0
    return year if newest - OLDEST <= year <= newest else None


def birth_month(text: str) -> int | None:
    """Return a month, 1 to 12."""
    low = _low(text)
    if low[:3] in MONTHS:
        return MONTHS.index(low[:3]) + 1
    found = MONTH.fullmatch(low)
    return int(found[1]) if found and 1 <= int(found[1]) <= 12 else None


def age(text: str) -> int | None:
    """Return an age in years."""
    found = AGE.fullmatch(_low(text))
    return int(found[1]) if found and int(found[1]) <= OLDEST else None


def age_band(text: str) -> str | None:
    """Return the lower end of the ten years an age or a band lies in: 30代, 30-34歳, 34 → 30."""
    found = BAND.fullmatch(_low(text).replace(" ", ""))
    if found is None or int(found[1]) > OLDEST:
        return None
    lower, upper = int(found[1]) // 10, int(found[2] or found[1]) // 10
    return str(lower * 10) if lower == upper else None


def band_of(year: int, month: int | None, day: date, *, width: int = 10) -> str:
    """Return the lower end of the band of ages that somebody born then is in on a day; without a month, as if born in it."""
    years = day.year - year - int(month is not None and month > day.month)
    return str(max(years, 0) // width * width)


def file_day(name: str) -> date | None:
    """Return the day a file's name says it was made: customers_20261101.csv."""
    found = FILE_DAY.search(name)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def refuses_mail(text: str, header: str) -> bool | None:
    """Return whether a member refuses mail; the header tells what a bare yes or no means, None where nothing does."""
    low = _low(text).replace(" ", "")
    if low in YES or low in NO:
        return (low in YES) is any(word in plain(header) for word in map(plain, REFUSING_HEADERS))
    if any(word in low for word in REFUSES):
        return True
    return False if any(word in low for word in ACCEPTS) else None
