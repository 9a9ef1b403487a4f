"""Where spoken sentences end: punctuation outside quotes, (笑), and polite endings without any mark."""

import re
from collections.abc import Sequence

from app.language.schemas import SENTENCE_LIMIT, Token

OPEN = {"「": "」", "『": "』", "（": "）", "(": ")", "“": "”", "【": "】"}
BRACKET_REACH = 200
ENDERS = "。．！？!?"
TRAIL = "。．！？!?」』）)”】…・～〜~♪w"
LAUGH = re.compile(r"[（(](?:笑い?|苦笑|爆笑|泣|汗|涙)[）)]")
BLANK = re.compile(r"[\s\u3000。．、，,.!?！？…・‥「」『』（）()\-—~～〜♪]*")
FINAL_AUX = {"です", "ます", "でした", "まし", "た", "ん", "ません", "だ", "ない", "ませ"}
PARTICLES = ("助詞", "助動詞", "補助記号", "接尾辞", "記号", "空白")
NOUN_HEADS = frozenset({"とき", "時", "の", "こと", "もの", "わけ", "はず", "人", "方", "ころ", "頃"})
BREAKERS = ("でも", "それで", "だから", "そしたら", "それから", "なので", "ちなみに", "しかも", "そうしたら", "ただ")
JOINERS = frozenset("、,。とっがけしでのは")
DOTS = re.compile(r"(?:…+|・{2,}|‥+)(?!と|って|、)")
ANSWERING = frozenset({"から", "まで", "より", "だけ", "くらい", "ぐらい", "ばかり"})
PREDICATES = ("動詞", "形容詞")
FILLERS = ("感動詞", "助詞-係助詞", "助詞-格助詞", "助詞-副助詞", "接続詞")
ABBREVIATIONS = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|vs|etc|e\.g|i\.e|approx|No|St|U\.S)|\b[A-Z])\.$")
QUOTES = "\"'”’"
ENGLISH_END = re.compile(r"[.!?…]+[\"'”’)]*(?=\s|$)|\n+")


def split(text: str, tokens: Sequence[Token], *, lang: str) -> list[tuple[int, int]]:
    """Return the sentences of an answer as (start, end) code points, blanks and lone marks left out."""
    cuts = english_cuts(text) if lang == "en" else japanese_cuts(text, tokens)
    spans: list[tuple[int, int]] = []
    start = 0
    for cut in [*sorted(cuts), len(text)]:
        spans.extend(pieces(text, start, cut))
        start = max(start, cut)
    return spans


def pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return a stretch without outer blanks, cut into parts no longer than the sentence limit."""
    found = []
    while start < end:
        stop = min(end, start + SENTENCE_LIMIT)
        if stop < end:
            comma = max(text.rfind(mark, start + SENTENCE_LIMIT // 2, stop) for mark in "、,， ")
            stop = comma + 1 if comma > start else stop
        part = text[start:stop]
        left = start + len(part) - len(part.lstrip())
        right = stop - (len(part) - len(part.rstrip()))
        if left < right and not BLANK.fullmatch(text, left, right):
            found.append((left, right))
        start = stop
    return found


def english_cuts(text: str) -> set[int]:
    """Return the ends of English sentences; abbreviations, decimals and a quote that goes on end none."""
    return {match.end() for match in ENGLISH_END.finditer(text) if ends_english(text, match)}


def ends_english(text: str, match: re.Match[str]) -> bool:
    """Return whether a mark ends a sentence."""
    if match.group().startswith("\n"):
        return True
    quote_goes_on = match.group()[-1] in QUOTES and text[match.end() : match.end() + 2].strip().islower()
    return not quote_goes_on and not ABBREVIATIONS.search(text, max(0, match.start() - 8), match.start() + 1)


def japanese_cuts(text: str, tokens: Sequence[Token]) -> set[int]:
    """Return the ends of Japanese sentences, marked or not."""
    inside = quoted(text)
    cuts = marked_cuts(text, inside)
    for mark in (LAUGH, DOTS):
        cuts |= {
            match.end()
            for match in mark.finditer(text)
            if not inside[match.start() - 1] and ends_before(tokens, match.start()) and opens_after(text, match.end())
        }
    for index in range(len(tokens) - 1):
        place = tokens[index].end
        if not inside[place - 1] and is_unmarked_end(text, tokens, index):
            cuts.add(place)
    return cuts


def quoted(text: str) -> list[bool]:
    """Return for every character whether it stands inside a closed pair of quotes or brackets."""
    inside = [False] * len(text)
    at = 0
    while at < len(text):
        closer = OPEN.get(text[at])
        end = text.find(closer, at, at + BRACKET_REACH) if closer else -1
        if end < 0:
            at += 1
            continue
        inside[at : end + 1] = [True] * (end + 1 - at)
        at = end + 1
    return inside


def marked_cuts(text: str, inside: Sequence[bool]) -> set[int]:
    """Return the ends shown by punctuation or a line break outside quotes."""
    cuts = set()
    for at, char in enumerate(text):
        if char == "\n":
            cuts.add(at + 1)
        elif char in ENDERS and not inside[at] and not is_decimal(text, at):
            end = at + 1
            while end < len(text) and text[end] in TRAIL and text[end] not in OPEN:
                end += 1
            laugh = LAUGH.match(text, end)
            end = laugh.end() if laugh else end
            if not text.startswith(("って", "と思", "とか", "と言"), end):
                cuts.add(end)
    return cuts


def is_decimal(text: str, at: int) -> bool:
    """Return whether the mark is the point of a number such as 1．5."""
    return text[at] == "．" and at > 0 and text[at - 1].isdigit() and at + 1 < len(text) and text[at + 1].isdigit()


def ends_before(tokens: Sequence[Token], place: int) -> bool:
    """Return whether the word that ends at `place` can close a sentence."""
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index].end <= place:
            return is_closing(tokens, index)
    return False


def opens_after(text: str, place: int) -> bool:
    """Return whether what follows a laugh can open a sentence (no particle, no comma)."""
    return text.startswith(BREAKERS, place) or text[place : place + 1] not in JOINERS


def is_closing(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a word ends a predicate: です, ます, a plain past, or a closing particle after one."""
    word = tokens[index]
    if word.tag.startswith("助詞-終助詞"):
        before = index - 1
        spoken = before >= 0 and word.text not in {"か", "の"}
        return spoken and (tokens[before].tag.startswith(PREDICATES) or is_closing(tokens, before))
    if not (word.tag.startswith("助動詞") and word.text in FINAL_AUX):
        return False
    earlier = tokens[index - 1] if index else word
    filler = earlier.tag.startswith(FILLERS) and earlier.text not in ANSWERING and filler_follows(tokens, index)
    return word.text != "ん" and not (word.text == "です" and filler)


def filler_follows(tokens: Sequence[Token], index: int) -> bool:
    """Return whether ね follows: それがですね is a filler, 母からです an answer."""
    return index + 1 < len(tokens) and tokens[index + 1].text == "ね"


def is_polite_end(tokens: Sequence[Token], index: int) -> bool:
    """Return whether the closing run of words ending here holds です, ます or a closing particle."""
    at = index
    while at >= 0 and tokens[at].tag.startswith("助詞-終助詞"):
        at -= 1
    closer = tokens[at].text if at >= 0 else ""
    past_polite = closer == "た" and at > 0 and tokens[at - 1].text in {"まし", "でし"}
    negative = closer in {"ん", "ません"} and at > 0 and tokens[at - 1].text in {"ませ", "ます"}
    return closer in {"です", "ます"} or past_polite or negative or at < index


def is_unmarked_end(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Return whether a sentence ends after this word although no mark says so."""
    if not (is_closing(tokens, index) or negative_end(tokens, index)):
        return False
    following = tokens[index + 1]
    if text.startswith(BREAKERS, tokens[index].end) or following.tag.startswith("接続詞"):
        return True
    if following.tag.startswith("空白"):
        return is_polite_end(tokens, index)
    if following.tag.startswith(PARTICLES) or following.text in NOUN_HEADS:
        return False
    return is_polite_end(tokens, index)


def negative_end(tokens: Sequence[Token], index: int) -> bool:
    """Return whether ません ends here, which the tokenizer cuts as ませ + ん."""
    return index > 0 and tokens[index].text == "ん" and tokens[index - 1].text == "ませ"
