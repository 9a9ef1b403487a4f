"""Which language an answer is written in, by its letters."""

import re

JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]")
LATIN = re.compile("[A-Za-z]")
JAPANESE_SHARE = 0.2
"""An English sentence may name a Japanese product; a Japanese one may be full of brand names."""


def language_of(text: str) -> str:
    """Return "ja" or "en" by the share of kana and kanji among the letters; no letters count as Japanese."""
    japanese = len(JAPANESE.findall(text))
    latin = len(LATIN.findall(text))
    if latin and japanese < (japanese + latin) * JAPANESE_SHARE:
        return "en"
    return "ja"


FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
KEPT = {ord(char): ord(char) for char in "！？、。"}
FOLD = FULL_WIDTH | KEPT


def fold(text: str) -> str:
    """Return the text with full-width letters and digits made narrow and controls blanked, offsets unchanged."""
    narrow = text.translate(FOLD)
    return "".join(char if char.isprintable() or char == "\n" else " " for char in narrow)
