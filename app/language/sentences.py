"""Where spoken sentences end: punctuation outside quotes, (笑), and polite endings without any mark."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from app.language.schemas import SENTENCE_LIMIT, Token
from app.language.speech.unmarked import load

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
PARTICLES_IN_A_ROW = 8
"""Closing particles that may follow each other (「よねえ」); a longer row ends nothing."""
FILLERS = ("感動詞", "助詞-係助詞", "助詞-格助詞", "助詞-副助詞", "接続詞")
BEFORE_MARK = re.compile(r"\s*(?:[。．！？!?、，,.…」』）)”]|" + LAUGH.pattern + ")")
QUOTING = re.compile(r"って|みたい|[くぐ]らい|と(?!にかく|ても|ころ|りあえず|きどき|もかく|なり|ある|うとう|くに)")
"""What goes on after a mark: it tells what was asked or thought."""
LINE = re.compile(r"[^\n]+")
MARK = re.compile(r"[。．！？!?、，,.…]")
WORDY = 60
"""Letters without any mark from which a line is taken to be written without them."""
ABBREVIATION = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Dr|vs|e\.g|i\.e|approx|St|[A-HJ-Z])\."
    r"|(?:etc|U\.S|[ap]\.m|oz|fl|ft|lbs?|in|mins?|hrs?|secs?|yrs?|mos?|tsp|tbsp|kg|cm|ml)\.(?=\s+[a-z])|No\.(?=\s*\d))"
)
QUOTED = re.compile(r"\"[^\"\n]{1,200}\"|“[^”\n]{1,200}”")
QUOTES = "\"'”’"
POINTS = ".…"
AFTER_POINT = re.compile(r"[.!?…][\"'”’)]*\s+[\"'“‘(]*(?!I\b)([^\W\d_])")
ENGLISH_END = re.compile(r"[.!?…]+[\"'”’)]*(?=\s|$)|\n+")


def split(text: str, tokens: Sequence[Token], *, lang: str) -> list[tuple[int, int]]:
    """Return the sentences of an answer as (start, end) code points, blanks and lone marks left out."""
    ruled = ruled_cuts(text, tokens) if lang == "ja" else english_cuts(text)
    bare = list(unmarked_lines(text))
    # note takers leave out a 。 now and then
    told = [(0, len(text))] if lang == "ja" else bare
    cuts = kept_cuts(text, ruled, bare) | unmarked_cuts(text, tokens, told, ruled, lang)
    spans: list[tuple[int, int]] = []
    start = 0
    for cut in [*sorted(cuts), len(text)]:
        spans.extend(pieces(text, start, cut))
        start = max(start, cut)
    return spans


def unmarked_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the lines without marks stand, such as recognition of speech writes."""
    for line in LINE.finditer(text):
        if len(MARK.findall(line.group())) * WORDY < len(line.group()):
            yield line.span()


def kept_cuts(text: str, ruled: AbstractSet[int], bare: Sequence[tuple[int, int]]) -> set[int]:
    """Return the ends that rules find outside lines without marks, and inside them those after a mark or (笑)."""
    starts = [start for start, _ in bare]
    kept = set()
    for cut in ruled:
        line = bisect_left(starts, cut) - 1
        if line < 0 or cut >= bare[line][1] or not text[cut - 1].isalnum():
            kept.add(cut)
    return kept


def unmarked_cuts(
    text: str, tokens: Sequence[Token], stretches: Sequence[tuple[int, int]], ruled: AbstractSet[int], lang: str
) -> set[int]:
    """Return the ends of sentences that have no mark, inside these stretches; none inside quotes or brackets or beside a mark.

    `ruled` are the ends that rules find; in Japanese the model is told them.
    """
    inside, model = quoted(text), load(lang)
    if model is None:
        return set(ruled) if lang == "ja" else set()
    hints = ruled if lang == "ja" else frozenset[int]()
    found = set()
    for start, end in stretches:
        first, last = (bisect_left(tokens, edge, key=lambda token: token.start) for edge in (start, end))
        here = [token._replace(start=token.start - start, end=token.end - start) for token in tokens[first:last]]
        told = {cut - start for cut in hints if start < cut <= end}
        found |= {start + cut for cut in model.cuts(text[start:end], here, told)}
    return {
        cut for cut in found if text[cut - 1].isalnum() and not inside[cut - 1] and not BEFORE_MARK.match(text, cut)
    }


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
    """Return the ends of English sentences; abbreviations, decimals, and a quote that goes on end none."""
    capitalised = is_capitalised(text)
    inside = {place for quote in QUOTED.finditer(text) for place in range(quote.start(), quote.end() - 1)}
    return {
        match.end()
        for match in ENGLISH_END.finditer(text)
        if match.end() - 1 not in inside and ends_english(text, match, capitalised=capitalised)
    }


def ends_english(text: str, match: re.Match[str], *, capitalised: bool) -> bool:
    """Return whether a mark ends a sentence; in a capitalised text none does before a small letter."""
    if match.group().startswith("\n"):
        return True
    goes_on_small = text[match.end() : match.end() + 2].strip().islower()
    if goes_on_small and (match.group()[-1] in QUOTES or (match.group()[0] in POINTS and capitalised)):
        return False
    point = match.start() + 1
    return all(one.end() != point for one in ABBREVIATION.finditer(text, max(0, point - 9), point + 5))


def is_capitalised(text: str) -> bool:
    """Return whether a text begins its sentences with capitals: then a point before a small letter ends none.

    A third of what follows points is enough, for points also follow units and hesitation; the word I tells nothing.
    """
    after = [letter.isupper() for letter in AFTER_POINT.findall(text)]
    return any(after) and 3 * sum(after) >= len(after)


def ruled_cuts(text: str, tokens: Sequence[Token]) -> set[int]:
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
    trail = 0
    for at, char in enumerate(text):
        if char == "\n":
            cuts.add(at + 1)
        elif char in ENDERS and not inside[at] and not is_decimal(text, at):
            trail = max(trail, at + 1)
            while trail < len(text) and text[trail] in TRAIL:
                trail += 1
            laugh = LAUGH.match(text, trail)
            end = laugh.end() if laugh else trail
            if not QUOTING.match(text, end):
                cuts.add(end)
    return cuts


def is_decimal(text: str, at: int) -> bool:
    """Return whether the mark is the point of a number such as 1．5."""
    return text[at] == "．" and at > 0 and text[at - 1].isdigit() and at + 1 < len(text) and text[at + 1].isdigit()


def ends_before(tokens: Sequence[Token], place: int) -> bool:
    """Return whether the word that ends at `place` can close a sentence."""
    index = bisect_right(tokens, place, key=lambda token: token.end) - 1
    return index >= 0 and is_closing(tokens, index)


def opens_after(text: str, place: int) -> bool:
    """Return whether what follows a laugh can open a sentence (no particle, no comma)."""
    return text.startswith(BREAKERS, place) or text[place : place + 1] not in JOINERS


def is_closing(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a word ends a predicate: です, ます, a plain past, or a closing particle after one."""
    for _ in range(PARTICLES_IN_A_ROW):
        if not tokens[index].tag.startswith("助詞-終助詞"):
            break
        if index == 0 or tokens[index].text in {"か", "の"}:
            return False
        index -= 1
        if tokens[index].tag.startswith(PREDICATES):
            return True
    word = tokens[index]
    if not (word.tag.startswith("助動詞") and word.text in FINAL_AUX):
        return False
    earlier = tokens[index - 1] if index else word
    filler = earlier.tag.startswith(FILLERS) and earlier.text not in ANSWERING and filler_follows(tokens, index)
    return word.text != "ん" and not (word.text == "です" and filler)


def filler_follows(tokens: Sequence[Token], index: int) -> bool:
    """Return whether ね follows: それがですね is a filler, 母からです an answer."""
    return index + 1 < len(tokens) and tokens[index + 1].text == "ね"


def is_polite_end(tokens: Sequence[Token], index: int) -> bool:
    """Return whether the word that ends here is です, ます, their past or negative, or a closing particle."""
    word = tokens[index]
    before = tokens[index - 1].text if index else ""
    past_polite = word.text == "た" and before in {"まし", "でし"}
    negative = word.text in {"ん", "ません"} and before in {"ませ", "ます"}
    return word.text in {"です", "ます"} or past_polite or negative or word.tag.startswith("助詞-終助詞")


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
