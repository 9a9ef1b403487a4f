"""Reads money and quantities as shops write them; what could mean two numbers is no number."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from app.purchases.files.values.currencies import YEN_SIGNS, can_be

MONEY = pa.decimal128(18, 4)
LONGEST = 48
# full-width signs as they come in columns that are kept as written
HALF_WIDTH = {
    **{ord(wide): chr(ord(wide) - 0xFEE0) for wide in "０１２３４５６７８９，．（）－＋＄"},
    **{ord(sign): "-" for sign in "▲△−‐–"},
    **YEN_SIGNS, ord("￡"): "£", ord("\u3000"): " ", ord("\xa0"): " ",
}  # fmt: skip
COUNTERS = (
    "個", "コ", "ケ", "ヶ", "点", "本", "枚", "袋", "箱", "缶", "瓶", "組", "冊", "台", "着", "足", "束", "玉", "杯", "式", "対", "双", "回", "件",
    "つ", "セット", "ケース", "パック", "ボトル", "ピース", "set", "sets", "pc", "pcs", "piece", "pieces", "pack", "packs", "box", "boxes",
    "case", "cases", "bottle", "bottles", "unit", "units", "ea",
)  # fmt: skip
NUMBER = r"(?:\d{1,12}|[1-9]\d{0,2}(?:,\d{3}){1,3})"
MARK = r"(?:[¥$£€円]|[A-Za-z]{3})"
AMOUNT = re.compile(
    rf"(?P<sign>[-+]?) ?(?P<before>{MARK}?) ?(?P<inner>[-+]?) ?(?P<number>{NUMBER}(?:\.\d{{0,4}}0*)?|\.\d{{1,4}}0*)"
    rf" ?(?P<after>{MARK}?) ?(?P<last>-?)",
    re.ASCII,
)
COUNT = re.compile(
    rf"(?P<sign>[-+]?) ?[×x]? ?(?P<number>{NUMBER})(?:\.0*)? ?(?:{'|'.join(sorted(COUNTERS, key=len, reverse=True))})?(?P<last>-?)",
    re.IGNORECASE | re.ASCII,
)
IN_BRACKETS = re.compile(r"(?P<before>[¥$£€]?) ?\((?P<inside>[^()]*)\) ?(?P<after>円?)")
POINTED_YEN = re.compile(r"\.\d{3}(?!\d)")
# RE2's $ is the end of the text alone
PLAIN_AMOUNT = r"^-?\d{1,12}(\.\d{1,4})?$"
PLAIN_YEN = r"^-?\d{1,12}(\.(\d{1,2}|\d{4}))?$"
PLAIN_COUNT = r"^-?\d{1,12}$"


def money(text: str, currency: str) -> Decimal | None:
    """Return an amount with at most four decimals, or None where the text is none in this currency.

    A point before exactly three digits is a thousands mark in half of the world and yen have no decimals: not read in JPY.
    """
    found = _matched(text, AMOUNT)
    if found is None:
        return None
    match, negative = found
    marks = (match["before"], match["after"])
    if not all(can_be(mark, currency) for mark in marks) or (currency == "JPY" and POINTED_YEN.search(match["number"])):
        return None
    value = Decimal(match["number"].replace(",", "")).quantize(Decimal("1.0000"))
    return -value if negative else value


def quantity(text: str) -> int | None:
    """Return a whole number of pieces, or None; a word that counts pieces (個, 点, set) may follow."""
    found = _matched(text, COUNT)
    if found is None:
        return None
    match, negative = found
    value = int(match["number"].replace(",", ""))
    return -value if negative else value


def _matched(text: str, pattern: re.Pattern[str]) -> tuple[re.Match[str], bool] | None:
    """Return the match and whether it is negative; a number has one sign or none."""
    if not text or len(text) > LONGEST:
        return None
    clean = text.translate(HALF_WIDTH).strip()
    if bracketed := IN_BRACKETS.fullmatch(clean):
        clean = bracketed["before"] + bracketed["inside"].strip() + bracketed["after"]
    match = pattern.fullmatch(clean)
    if match is None:
        return None
    signs = [sign for sign in (match["sign"], match.groupdict().get("inner"), match["last"]) if sign]
    if len(signs) + bool(bracketed) > 1:
        return None
    return match, bool(bracketed) or signs == ["-"]


def read_money(column: pa.Array | pa.ChunkedArray, currency: str) -> pa.Array:
    """Return amounts as Decimal(18, 4), null for an empty cell and for one that is no amount."""
    plain = PLAIN_YEN if currency == "JPY" else PLAIN_AMOUNT
    return _read(column, plain, MONEY, lambda text: money(text, currency))


def read_quantity(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return whole numbers, null for an empty cell and for one that is none."""
    return _read(column, PLAIN_COUNT, pa.int64(), quantity)


def _read(column: pa.Array | pa.ChunkedArray, plain: str, kind: pa.DataType, meaning: Callable[[str], Any]) -> pa.Array:
    """Cast the plain cells at once; each other different cell is read once by `meaning`."""
    texts = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    is_plain = pc.match_substring_regex(texts, plain).fill_null(False)  # noqa: FBT003 - pyarrow takes the value so
    if pc.all(is_plain, min_count=0).as_py():
        return texts.cast(kind)
    found = pc.if_else(is_plain, texts, pa.scalar(None, texts.type)).cast(kind)
    others = texts.filter(pc.invert(is_plain)).fill_null("").dictionary_encode()
    meanings = pa.array([meaning(text) for text in others.dictionary.to_pylist()], kind)
    return pc.replace_with_mask(found, pc.invert(is_plain), meanings.take(others.indices))
