"""Which products are the same thing under different names: what is left of a name without how it is sold. Pure."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

BRACKETS = re.compile(r"[【】\[\]()<>{}《》〈〉「」『』〔〕≪≫“”\"]")
BRACKETED = re.compile(r"[【\[(<《〈「『〔≪][^】\])>》〉」』〕≫]*[】\])>》〉」』〕≫]")
UNIT = r"ml|mℓ|cc|kg|mg|g|oz|l|リットル|グラム|粒|包|錠|枚|本|個|袋|箱|缶|パック|セット|点|日分|日間|日|週間分|週間|[ヶケか]?月分|回分|杯分"
COUNTED = re.compile(r"(?<![0-9a-z])(?:約|全)?[0-9]+(?:[.,][0-9]+)?\s*(?:" + UNIT + r")(?:セット|入り?|組)?(?![a-z])")
TIMES = re.compile(r"[x×*]\s*[0-9]+(?![0-9a-z])")
SOLD_AS = re.compile(
    r"定期(?:便|購入|お届け|コース|初回|専用|価格)*|頒布会|サブスク(?:リプション)?|トライアル(?:セット|キット|サイズ)?"
    r"|お試し(?:セット|サイズ|用|価格)?|おためし(?:セット|サイズ)?|体験セット|初回(?:限定|特別価格|価格)?|詰め?替え?(?:え|用|パック)*"
    r"|つめかえ(?:用|パック)?|リフィル|レフィル|付け?替え?用?|本体|単品|通常(?:購入|サイズ|価格|品)?|都度購入|現品|現行品"
    r"|送料無料|送料込み?|期間限定|数量限定|会員限定|限定|公式|特典付き?|プレゼント付き?|医薬部外品|ポスト投函|メール便|ネコポス"
    r"|まとめ買い|お[得徳]用(?:サイズ|パック)?|(?:増量|大容量|ミニ|ハーフ|レギュラー)(?:サイズ|パック|セット)|セット|サイズ"
)
SOLD_AS_LATIN = re.compile(
    r"\b(?:subscription|subscribe|trial|sample|refill|starter kit|travel size|mini|bundle|regular|value pack|set of \d+"
    r"|pack of \d+|pack|free shipping)\b"
)
SET_OF = re.compile(r"の\s*[0-9]*\s*[点本個種品]?$")
NOT_A_WORD = re.compile(r"[\W_]+")
KANA = re.compile(r"[ぁ-ゖァ-ヺー]")
LEAST = 2
ALIKE = 0.9
LONG_ENOUGH = 6
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Named:
    """A product as orders know it: (source, code, name where there is no code), its usual name, how often it was ordered."""

    key: Key
    name: str
    orders: int
    family: str = ""


@dataclass(frozen=True)
class Proposal:
    """Products that seem to belong to one family, the most ordered first; `aliases` are only other spellings of a member.

    `why` is about the names: `source` (equal, from several sources), `code` (equal, under several codes), `spelling` (width,
    case, spaces or marks differ), `sold_as` (size or way of selling differs) or `similar` (a slip of the pen).
    """

    id: str
    family: str
    members: tuple[Named, ...]
    aliases: dict[Key, Key]
    why: str

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the sources that the products come from."""
        return tuple(sorted({one.key[0] for one in self.members}))


def spelled(name: str) -> str:
    """Return a name in one width and case without spaces and marks: two names equal in this are one name."""
    return NOT_A_WORD.sub("", unicodedata.normalize("NFKC", name).casefold())


def family_name(name: str) -> str:
    """Return a name without the words that tell how and how much of it is sold; the whole name where nothing is left."""
    text = " ".join(unicodedata.normalize("NFKC", name).split())
    bare = _without(BRACKETED.sub(_inside, text))
    return bare if len(spelled(bare)) >= LEAST else text


def _inside(found: re.Match[str]) -> str:
    """Keep a bracket that says more than how something is sold: (しっとり) is another product than (さっぱり)."""
    return found[0] if spelled(_without(BRACKETS.sub(" ", found[0]))) else " "


def _without(text: str) -> str:
    """Take the words out at the places where the text in lower case has them, so that case stays as it is written."""
    for pattern in (SOLD_AS, SOLD_AS_LATIN, COUNTED, TIMES):
        low = text.lower()
        if len(low) != len(text):
            text = low
        for start, end in reversed([match.span() for match in pattern.finditer(low) if not _is_the_thing(low, match)]):
            text = f"{text[:start]} {text[end:]}"
    return " ".join(text.split()).strip(" ・/／,、-_+&").removesuffix("の")


def _is_the_thing(text: str, match: re.Match[str]) -> bool:
    """Tell whether a set is what is sold (季節の3点セット), not how much of something else."""
    return match[0].endswith("セット") and SET_OF.search(text[: match.start()]) is not None


def worded(name: str) -> str:
    """Return what names a family in one width and case, its words apart."""
    return NOT_A_WORD.sub(" ", unicodedata.normalize("NFKC", family_name(name)).casefold()).strip()


def base(name: str) -> str:
    """Return what two products of one family have in common."""
    return spelled(family_name(name))


def proposals(products: Iterable[Named]) -> tuple[Proposal, ...]:
    """Return groups of products that are not one family yet, the most ordered first."""
    groups: dict[str, list[Named]] = defaultdict(list)
    for product in products:
        found = base(product.name)
        if found:
            groups[found].append(product)
    alike = _alike({found: worded(members[0].name) for found, members in sorted(groups.items())})
    joined: dict[str, list[Named]] = defaultdict(list)
    for found, members in groups.items():
        joined[alike.get(found, found)] += members
    made = [_proposal(members) for members in joined.values() if len(members) > 1]
    return tuple(
        sorted((one for one in made if one), key=lambda one: (-sum(m.orders for m in one.members), one.family))
    )


def _proposal(members: list[Named]) -> Proposal | None:
    members = sorted(members, key=lambda one: (-one.orders, one.key))
    families = {one.family for one in members}
    if len(families) == 1 and "" not in families:
        return None
    given = sorted(families - {""})
    if len(given) > 1:
        return None  # a person has already said that these are different families
    digest = hashlib.sha256("\0".join("\1".join(one.key) for one in sorted(members, key=lambda m: m.key)).encode())
    return Proposal(
        id=digest.hexdigest()[:16],
        family=given[0] if given else family_name(members[0].name),
        members=tuple(members),
        aliases=aliases(members),
        why=_why(members),
    )


def _why(members: Sequence[Named]) -> str:
    if len({one.name for one in members}) == 1:
        return "source" if len({one.key[0] for one in members}) > 1 else "code"
    if len({base(one.name) for one in members}) > 1:
        return "similar"
    return "spelling" if len({spelled(one.name) for one in members}) == 1 else "sold_as"


def aliases(members: Sequence[Named]) -> dict[Key, Key]:
    """Return which products without a code are only another spelling of a product of the same source: key → its key."""
    first: dict[tuple[str, str], Key] = {}
    for one in sorted(members, key=lambda one: (not one.key[1], -one.orders, one.key)):
        first.setdefault((one.key[0], spelled(one.name)), one.key)
    return {
        one.key: target
        for one in members
        if not one.key[1] and (target := first[one.key[0], spelled(one.name)]) != one.key
    }


def _alike(names: dict[str, str]) -> dict[str, str]:
    """Return for each name the first of those it differs from by one slip of the pen; names with their words apart.

    Two names one letter apart are equal when that letter is left out, so no pair of all pairs has to be compared.
    """
    by_rest: dict[str, list[str]] = defaultdict(list)
    leader = {name: name for name in names}
    for name, words in names.items():
        if len(name) < LONG_ENOUGH:
            continue
        for rest in {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}:
            for other in by_rest[rest]:
                if leader[other] != leader[name] and slip(names[other], words):
                    low, high = sorted((leader[other], leader[name]))
                    leader = {key: low if value == high else value for key, value in leader.items()}
            by_rest[rest].append(name)
    return leader


def slip(one: str, other: str) -> bool:
    """Tell whether two names differ only as a typing error does.

    Letters and digits that stand for a type (A, B, 1, 2) and kanji are no slips; kana, and letters inside a long word, are.
    """
    match = SequenceMatcher(None, one, other, autojunk=False)
    if match.ratio() < ALIKE:
        return False
    changed = [op for op in match.get_opcodes() if op[0] != "equal"]
    return len(changed) == 1 and all(
        _small(one, start, end) and _small(other, begin, stop) for _, start, end, begin, stop in changed
    )


def _small(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch of at most one character may be a slip where it stands."""
    if end - start > 1:
        return False
    if end == start:
        return True
    char = text[start]
    if KANA.match(char):
        return True
    around = text[max(start - 3, 0) : end + 3]
    return char.isascii() and char.isalpha() and around.isascii() and around.isalpha() and start > 0
