"""How a mail address, a phone number and a name are written the same way wherever they come from. Pure."""

import re
import unicodedata
from collections.abc import Callable

MAIL_KEY, PHONE_KEY = "mail-", "tel-"
NOBODY = frozenset(
    {
        "0", "-", "--", "---", "*", "?", "ー", "―", "—", "–", "‐", "−", "_", ".", "/",
        "guest", "ゲスト", "ゲスト様", "ゲスト会員", "ゲスト購入", "非会員", "非会員様", "非会員購入", "未登録", "未会員", "会員外",
        "会員登録なし", "登録なし", "なし", "無し", "不明", "none", "null", "nil", "nan", "n/a", "na", "unknown", "anonymous",
        "dummy", "ダミー",
    }
)  # fmt: skip
MAIL = re.compile(r"[^@\s,;:<>\"()]+@\w[\w-]*(\.\w[\w-]*)+")
# Rakuten gives a fresh address to every order: it names the order, not the person; Amazon's stays with the buyer
ALIAS = re.compile(r"@([a-z0-9-]+\.)?fw\.rakuten\.ne\.jp$")
NO_MAILBOX = re.compile(r"(dummy|no-?reply|no-?mail)@")
NOT_A_DIGIT = re.compile(r"\D+")
PHONE_DIGITS = range(9, 16)
SAME_TAIL = 8
SHOWN_DIGITS = 4
HOUSE = re.compile(r"[0-9０-９一二三四五六七八九十]")
KATAKANA, HIRAGANA = range(ord("ァ"), ord("ヶ") + 1), ord("ぁ")
OLD_FORMS = str.maketrans("髙﨑濵邊邉齋齊澤廣國櫻眞惠槇嶋嶌瀨德", "高崎浜辺辺斎斉沢広国桜真恵槙島島瀬徳")
FOLDED: dict[int, int | None] = (
    {code: HIRAGANA + place for place, code in enumerate(KATAKANA)}
    | dict(OLD_FORMS)
    | dict.fromkeys(map(ord, "-‐‑‒–—―−ー・･'()"), None)
)
PART_OF_ADDRESS = re.compile(r"丁目|番地の|番地|番|号|[-‐‑‒–—―−ー]+")


def plain(text: str) -> str:
    """Return a text in one width and case, without spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return "".join(text.split()).casefold()


def fold(text: str) -> str:
    """Return a text as it is searched: one width and case, kana as hiragana, no spaces, hyphens or long marks."""
    return plain(text).translate(FOLDED)


def plain_address(text: str) -> str:
    """Return an address in one width, 1丁目2番3号 and 1-2-3 written alike."""
    return PART_OF_ADDRESS.sub("-", plain(text)).rstrip("-")


def plain_mail(text: str) -> str:
    """Return the one way to write a mail address; nothing where it is none, a dummy, or a mall's alias for an order."""
    mail = plain(text)
    if not MAIL.fullmatch(mail) or ALIAS.search(mail) or NO_MAILBOX.match(mail):
        return ""
    return mail


def is_alias(text: str) -> bool:
    """Tell whether a mail address is one that a mall made for an order."""
    return ALIAS.search(plain(text)) is not None


def plain_phone(text: str) -> str:
    """Return the digits of a phone number, +81 as 0; nothing where it cannot be one.

    A number that begins without 0 and is one digit short lost its 0 in a spreadsheet.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    digits = NOT_A_DIGIT.sub("", text)
    if text.lstrip("'= \"(").startswith("+81") or digits.startswith("0081"):
        digits = "0" + digits.removeprefix("00").removeprefix("81").removeprefix("0")
    elif len(digits) in {9, 10} and not digits.startswith("0"):
        digits = "0" + digits
    return digits if len(digits) in PHONE_DIGITS and len(set(digits[-SAME_TAIL:])) > 1 else ""


def plain_name(text: str) -> str:
    """Return a name in one width and case without spaces; nothing where a shop wrote that it knows none."""
    name = plain(text)
    return "" if name in NOBODY else name


def key_prefix(customer_id: str) -> str:
    """Return `mail-` or `tel-` for a key that was made here, nothing for a number of the shop."""
    return next((prefix for prefix in (MAIL_KEY, PHONE_KEY) if customer_id.startswith(prefix)), "")


def plain_postal_code(text: str) -> str:
    """Return the digits of a postal code."""
    return NOT_A_DIGIT.sub("", text if text.isascii() else unicodedata.normalize("NFKC", text))


FOLDED_NOBODY = frozenset(map(fold, NOBODY))


def plain_person(text: str) -> str:
    """Return a person's name as two keys are compared by it: old forms of a kanji and both kinds of kana are one."""
    name = fold(text)
    return "" if name in FOLDED_NOBODY else name


# how the fields of a contact are compared
PLAIN: dict[str, Callable[[str], str]] = {
    "name": plain_person,
    "kana": plain_person,
    "email": plain_mail,
    "phone": plain_phone,
    "company_name": fold,
    "postal_code": plain_postal_code,
    "address": plain_address,
}


def masked(field: str, text: str) -> str:
    """Return a field of a contact as far as a researcher needs it to tell two people apart."""
    if field == "email" and "@" in text:
        mailbox, _, host = text.partition("@")
        return f"{mailbox[:2]}…@{host}"
    if field == "phone" and len(text) > SHOWN_DIGITS:
        return f"…{text[-SHOWN_DIGITS:]}"
    if field == "address" and text:
        return HOUSE.split(text, maxsplit=1)[0] + "…"
    return text


def initial(text: str) -> str:
    """Return the first letter of a name, where even a researcher's eyes are not sure to be the only ones."""
    return f"{text[0]}…" if text else ""
