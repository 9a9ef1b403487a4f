"""Which cue rules fire on a sentence, and the span each rests on."""

import re
from dataclasses import dataclass

from app.language.codebook import Stage
from app.language.cue_files import Cue, load_cues
from app.language.script import fold

NEGATION = {
    "ja": re.compile(
        r"(?:こと(?:が|は|も)?|わけ(?:で)?は|の(?:で)?は|感じ(?:は|も)|ほど(?:で)?(?:は|も)|は|も|が|とか(?:は|も)?|って(?:いうの)?は|く|て(?:は|も)?|で(?:は|も)?|じゃ|い)?"
        r"(?:、)?(?:全然|ぜんぜん|特に|あまり|あんまり|まったく|全く|そんなに)?"
        r"(?:なかっ|なく(?:て|、)|ない(?!か(?:な|と|って|も|ら|、|。|$)|と|ん?(?:です|でしょう)?か)|ありませ|ませんでし|ません|いなかっ|いな(?:い|く)|し(?:な|ませ)|なら(?:な|ず|ませ))"
    ),
    "en": re.compile(r"(?!)"),
}
DENIED_BEFORE = {
    "ja": re.compile(r"(?!)"),
    "en": re.compile(
        r"\b(?:not|never|no|n't|didn't|don't|doesn't|wasn't|weren't|haven't|hadn't|isn't|without|couldn't|can't)"
        r"(?:\s+(?:really|any|a|an|the|ever|at|all|particularly|especially|been|had|have|that|very|much|feel|felt|so|in)){0,3}\s*$",
        re.IGNORECASE,
    ),
}
REACH = 24
TRIES = 12
TAKEN_BACK = re.compile(
    r"^(?:あ、|あっ、|え、)?(?:いや|いえ|いやいや)?[、 ]?(?:違う|違い(?:ます|まし)|違った|ちがう|ちがい|間違え|じゃなくて|ではなくて)|^(?:no,? wait|sorry,? no|actually,? no)",
    re.IGNORECASE,
)
TAKEN_BACK_INSIDE = re.compile(
    r".{1,40}?(?:…|、|\.\.\.|-|—)\s*(?:あ、|あっ、)?(?:いや|いえ|no|ああ)?[、 ,]*(?:違う|違い(?:ます|まし)|違った|ちがう|じゃないな|じゃなくて|wait)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hit:
    """One rule that fired: its weight and the span it rests on."""

    cue: Cue
    start: int
    end: int


def hits(text: str, *, lang: str, question: str, customer: str) -> list[Hit]:
    """Return the rules that fire on a sentence, those of a statement taken back in it left out."""
    folded = fold(text)
    taken_back = TAKEN_BACK_INSIDE.match(folded)
    floor = taken_back.end() if taken_back else 0
    found = []
    for rule in load_cues(lang):
        if not rule.applies(question, customer) or (rule.unless and rule.unless.search(folded)):
            continue
        hit = first_hit(rule, folded, lang, floor)
        if hit:
            found.append(hit)
    return found


def first_hit(rule: Cue, text: str, lang: str, floor: int) -> Hit | None:
    """Return the first place where a rule's pattern stands and is not denied."""
    place = floor
    for _ in range(TRIES):
        match = rule.pattern.search(text, place)
        if match is None or match.end() == match.start():
            return None
        if not (rule.negatable and denied(text, match.start(), match.end(), lang)):
            start, end = trimmed(text, match.start(), match.end())
            return Hit(cue=rule, start=start, end=end)
        place = match.start() + 1
    return None


def denied(text: str, start: int, end: int, lang: str) -> bool:
    """Return whether the words right after (ja) or before (en) a span deny it."""
    after = NEGATION[lang].match(text, end, min(len(text), end + REACH))
    return after is not None or DENIED_BEFORE[lang].search(text, max(0, start - REACH), start) is not None


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without marks and blanks at its edges."""
    edge = "、。,. 　!?！？…「」"
    while start < end - 1 and text[start] in edge:
        start += 1
    while end - 1 > start and text[end - 1] in edge:
        end -= 1
    return start, end


def scores(found: list[Hit]) -> dict[Stage, float]:
    """Return per stage the strongest rule plus a third of the others, plus all that speak against."""
    total: dict[Stage, float] = {}
    for stage in {hit.cue.stage for hit in found}:
        weights = sorted((hit.cue.weight for hit in found if hit.cue.stage is stage), reverse=True)
        speaking_for = [weight for weight in weights if weight > 0]
        against = sum(weight for weight in weights if weight < 0)
        strongest = speaking_for[0] if speaking_for else 0.0
        total[stage] = strongest + sum(speaking_for[1:]) / 3 + against
    return total


def evidence(found: list[Hit], stage: Stage) -> Hit | None:
    """Return the hit that carries a stage: the heaviest, then the shortest."""
    carrying = [hit for hit in found if hit.cue.stage is stage and hit.cue.weight > 0]
    return min(carrying, key=lambda hit: (-hit.cue.weight, hit.end - hit.start), default=None)
