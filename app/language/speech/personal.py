"""Names and contact data in what people say, for pseudonymising; what is found is a proposal for a person to check.

Japanese: words that Sudachi tags as names of persons, and patterns for contact data. English has no such dictionary:
contact data, and names only where somebody says that one follows ("my name is Ann", "Mrs Brown"). Spelled-out numbers,
nicknames written as common words, and names that are everyday words are not found.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from app.language.schemas import PersonalKind, PersonalSpan, Token

DASH = "[-‐‑–—−ー－ ]"
EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
CARD = re.compile(rf"(?<!\d)\d(?:{DASH}?\d){{12,18}}(?!\d)")
"""13 to 19 digits; only what keeps Luhn's check is a card number."""
PHONE = re.compile(
    rf"(?<![\d.])(?:\+81{DASH}?|0)\d{{1,4}}{DASH}?\(?\d{{1,4}}\)?{DASH}?\d{{3,4}}(?!\d)"
    rf"|(?<![\d.])(?:\+?1{DASH}?)?\(?\d{{3}}\)?[-. ]\d{{3}}[-. ]\d{{4}}(?!\d)"
    rf"|(?<![\d.])(?:\+44{DASH}?|0)\d{{3,4}}{DASH}?\d{{3}}{DASH}?\d{{3,4}}(?!\d)"
)
PHONE_DIGITS = range(9, 14)
POSTAL_CODE = {
    "ja": re.compile(rf"〒{DASH}?\d{{3}}{DASH}?\d{{4}}|(?<![\d-])\d{{3}}-\d{{4}}(?![\d-])"),
    "en": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|(?<=\b[A-Z]{2} )\d{5}(?:-\d{4})?\b"),
}
PREFECTURE = "(?:北海道|東京都|京都府|大阪府|[一-龥]{2,3}県)"
ADDRESS = {
    "ja": re.compile(
        rf"(?:{PREFECTURE}?[一-龥ぁ-んァ-ヶ]{{1,6}}[市区町村郡])?[一-龥ァ-ヶ]{{1,8}}\d+(?:丁目|番地|番)(?:の?\d+(?:番地|番|号)?)*(?:\d+号室?)?"
        rf"|(?:{PREFECTURE}|[一-龥ァ-ヶ]{{1,6}}[市区郡])[一-龥ぁ-んァ-ヶ]{{1,12}}\d+(?:[-の]\d+){{1,3}}"
    ),
    "en": re.compile(
        r"\b\d{1,5}[A-Za-z]? (?:[A-Z][a-z]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Way|Place|Boulevard|Blvd|Crescent)\b"
    ),
}
ORDER_NO = {
    "ja": re.compile(
        r"(?:注文|受付|お?客様|会員|伝票|問い?合わ?せ)(?:番号|No\.?|ナンバー|ID)(?:[はがの:： ]|って|です)*([A-Za-z]{0,4}-?\d[\dA-Za-z-]{3,})"
    ),
    "en": re.compile(
        r"\b(?:order|customer|member(?:ship)?|tracking|reference|account) ?(?:number|no\.?|id|#)(?:\s|:|is|was)*#?([A-Za-z]{0,4}-?\d[\dA-Za-z-]{3,})",
        re.IGNORECASE,
    ),
}
TITLE = re.compile("さん|ちゃん|くん|君|様|さま|氏|先生|先輩|選手|部長|課長|店長")
COMMON = re.compile("[ぁ-ん]+|.|[ァ-ヶー]{1,2}")
NAME_FOLLOWS = re.compile(
    r"(?:\b[Mm]y (?:full )?name(?:'s| is)|\b(?:Mr|Mrs|Ms|Miss|Dr)\.?) ((?:[A-Z][a-z'’-]+)(?: [A-Z][a-z'’-]+){0,2})"
)


def personal_spans(
    text: str, tokens: Sequence[Token], *, lang: str, brands: Collection[str] = ()
) -> list[PersonalSpan]:
    """Return names and contact data of a folded text in order, none over another; what stands in `brands` is no name."""
    found: list[PersonalSpan] = []
    taken = bytearray(len(text))
    for one in [*contacts(text, lang), *names(text, tokens, lang, brands)]:
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def contacts(text: str, lang: str) -> Iterator[PersonalSpan]:
    """Yield contact data, what is surest first."""
    for kind, pattern, holds in (
        (PersonalKind.EMAIL, EMAIL, always),
        (PersonalKind.CARD, CARD, keeps_luhn),
        (PersonalKind.ORDER_NO, ORDER_NO[lang], always),
        (PersonalKind.PHONE, PHONE, is_phone),
        (PersonalKind.POSTAL_CODE, POSTAL_CODE[lang], always),
        (PersonalKind.ADDRESS, ADDRESS[lang], always),
    ):
        group = pattern.groups and 1
        for match in pattern.finditer(text):
            if holds(match.group(group)):
                yield PersonalSpan(kind, *match.span(group))


def always(text: str) -> bool:
    """Return that a pattern needs no further check."""
    return bool(text)


def is_phone(text: str) -> bool:
    """Return whether there are as many digits as a telephone has."""
    return len(digits_of(text)) in PHONE_DIGITS


def digits_of(text: str) -> list[int]:
    """Return the digits of a text."""
    return [int(char) for char in text if char.isdecimal()]


def keeps_luhn(text: str) -> bool:
    """Return whether the digits end with the check digit of Luhn's formula (ISO/IEC 7812-1)."""
    digits = digits_of(text)[::-1]
    doubled = [digit * 2 for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(value - 9 if value > 9 else value for value in doubled)) % 10 == 0


def names(text: str, tokens: Sequence[Token], lang: str, brands: Collection[str]) -> Iterator[PersonalSpan]:
    """Yield names of persons, family and given name together."""
    if lang == "en":
        for match in NAME_FOLLOWS.finditer(text):
            yield PersonalSpan(PersonalKind.PERSON, *match.span(1))
        return
    start = end = -1
    for token in [*tokens, None]:
        if token is not None and is_name(token, brands):
            start = token.start if token.start != end else start
            end = token.end
            continue
        if start >= 0 and is_told(text, start, end):
            yield PersonalSpan(PersonalKind.PERSON, start, end)
        start = end = -1


def is_name(token: Token, brands: Collection[str]) -> bool:
    """Return whether the dictionary knows a word as the name of a person and nobody as that of a product."""
    return token.tag.startswith("名詞-固有名詞-人名") and not any(token.text in brand for brand in brands)


def is_told(text: str, start: int, end: int) -> bool:
    """Return whether a name is one: what is short or in hiragana is a common word unless a title follows."""
    return not COMMON.fullmatch(text, start, end) or TITLE.match(text, end) is not None
