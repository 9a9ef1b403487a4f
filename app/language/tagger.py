"""Stages of a sentence in its context: the seam a trained model fills, and the rule tagger that fills it first."""

import math
import re
from collections.abc import Sequence
from typing import Protocol

from app.language.codebook import QUESTION_STAGE, STAGES, Stage
from app.language.cue_files import STOPPED
from app.language.details import details_of
from app.language.prior import question_prior
from app.language.rules import Hit, evidence, hits, scores
from app.language.schemas import SentenceInput, SentenceTags, StageTag
from app.language.script import fold

PRIOR_WEIGHT = 0.5
BIAS = -1.3
THRESHOLD = 0.45
OFF_QUESTION = 2.0
"""A rule score from which a sentence is taken to speak of another stage than its question asks for."""
STEP_ASIDE = 1.3
CEILING = 3.2
SHORT = 16
"""A later sentence shorter than this, without a cue, is more often an aside than an answer."""
SHORT_STEP = 0.6

LISTED = re.compile(r"(?:し|から|ので|のも|けん|こと|ところ|とか)(?:です)?(?:ね|よね|かね|かな)?[。、]?$")
"""A short sentence that ends like one item of a list is an answer."""

COMPANIONS: dict[Stage, frozenset[Stage]] = {
    Stage.CHURN_REASON: frozenset(
        {Stage.EXPERIENCE, Stage.ANXIETY, Stage.OTHER_PRODUCT, Stage.CONSIDERATION, Stage.PROBLEM}
    ),
    Stage.ANXIETY: frozenset({Stage.PROBLEM, Stage.CONSIDERATION, Stage.OTHER_PRODUCT, Stage.AWARENESS}),
    Stage.OTHER_PRODUCT: frozenset(
        {Stage.EXPERIENCE, Stage.PURCHASE_REASON, Stage.PROBLEM, Stage.AWARENESS, Stage.CONSIDERATION, Stage.ANXIETY}
    ),
    Stage.PURCHASE_REASON: frozenset({Stage.CONSIDERATION}),
    Stage.AWARENESS: frozenset({Stage.CONSIDERATION, Stage.PURCHASE_REASON}),
}
"""Stages whose cues inside an answer do not speak against the stage it was asked for."""

FILLERS = """
はい ええ うん うーん んー ああ あー あの えっと えーと えー えと まあ そう そうですか そうですねえ そうなんだ そうなんです そうなんですか
なるほど 確かに たしかに です ね よ ありがとうございます ありがとうございました どうもありがとうございます どうもありがとうございました
よろしくお願いします よろしくお願いいたします お願いします こんにちは こんばんは おはようございます はじめまして 失礼します すみません
すいません いえ いや なんだろう 何だろう なんだっけ 何だっけ どうだろう どうでしょう 難しいな 難しい ちょっと待ってください 聞こえます
聞こえてます 聞こえいます 聞こえますか 聞こえています 聞こえてますか 聞こえいますか 聞こえていますか 大丈夫です 大丈夫ですか 以上です
それくらいです そんな感じ そんなところ こんな感じ あは あはは うふふ たぶん 多分 関係ない 関係ないが 関係ないん 関係ないんが 関係ないけど
関係ないんけど 関係ないですが 関係ないですけど 変な話 もちろん おかげさまで どうぞ わかりました わかりません 覚えてません 覚えていません
覚えてない 忘れました 忘れちゃいました 私 わたし 笑 はは ふふ へえ ほんと ほんとに 本当に とか かな かね かねえ なんか 何か
"""
NOTHING_SAID = frozenset(FILLERS.split()) | frozenset("、。…・,.!?！？ー〜~()（） \n")
"""Fillers, greetings, back-channels and marks; a sentence put together from nothing else says nothing."""
LONGEST_FILLER = max(map(len, NOTHING_SAID))

NOTHING_SAID_ENGLISH = re.compile(
    r"(?:[\s,.!?…-]|\b(?:yes|yeah|yep|no|nope|well|um+|uh+|er+|hmm+|mm+|ok|okay|right|sure|so|oh|ah|i see|exactly|of course|"
    r"hello|hi|good (?:morning|afternoon|evening)|thank you|thanks|(?:very|so) much|you're welcome|nice to meet you|let me (?:think|see)|"
    r"i don't (?:know|remember)|not sure|that's (?:it|all|about it)|good question|you know|i mean|like|i guess|sorry|can you hear me|for having me)\b)+",
    re.IGNORECASE,
)

ASKED_BACK = {
    "ja": re.compile(r".{0,15}[?？]|.{0,16}(?:ですか|ますか|いいんですか|でしたっけ|でしたか)(?:ね)?[。?？]?"),
    "en": re.compile(r".{0,40}\?"),
}
"""A short question is the customer asking back, or the interviewer."""


class Tagger(Protocol):
    """What gives sentences their stages; sentences come with their context and in answer order."""

    def tag(self, sentences: Sequence[SentenceInput]) -> list[SentenceTags]:
        """Return one result per sentence, in the same order."""

    def chances(self, sentences: Sequence[SentenceInput]) -> list[dict[Stage, float]]:
        """Return the probability (0 to 1) of every stage of each sentence, above the threshold or not."""


class RuleTagger:
    """Cue rules and the question's prior, added in log-odds and read with one threshold."""

    def tag(self, sentences: Sequence[SentenceInput]) -> list[SentenceTags]:
        """Return one result per sentence, in the same order."""
        return [self.tag_one(sentence) for sentence in sentences]

    def chances(self, sentences: Sequence[SentenceInput]) -> list[dict[Stage, float]]:
        """Return the probability of every stage of each sentence."""
        return [chances_of(sentence) for sentence in sentences]

    def tag_one(self, sentence: SentenceInput) -> SentenceTags:
        """Return the stages of one sentence with evidence, facets and details."""
        tags = stages_of(sentence)
        return details_of(sentence, tags)


def chances_of(sentence: SentenceInput) -> dict[Stage, float]:
    """Return the probability of every stage; nought where nothing is said."""
    if says_nothing(sentence):
        return dict.fromkeys(STAGES, 0.0)
    found = hits(sentence.text, lang=sentence.lang, question=sentence.question, customer=sentence.customer)
    return {stage: probability(value) for stage, value in fused(sentence, scores(found)).items()}


def says_nothing(sentence: SentenceInput) -> bool:
    """Return whether a sentence is a greeting, a back-channel, a filler, or asks back."""
    text = fold(sentence.text)
    if not text or ASKED_BACK[sentence.lang].fullmatch(text):
        return True
    return bool(NOTHING_SAID_ENGLISH.fullmatch(text)) if sentence.lang == "en" else is_filler(text)


def is_filler(text: str) -> bool:
    """Return whether a Japanese text is put together from `NOTHING_SAID`, in time that grows with its length alone.

    A pattern would try all ways to cut 「そうですねそうですね…」, and they double with every word.
    """
    reached, farthest = {0}, 0
    for start in range(len(text)):
        if start > farthest:
            return False
        if start in reached:
            ends = range(start + 1, min(start + LONGEST_FILLER, len(text)) + 1)
            found = [end for end in ends if text[start:end] in NOTHING_SAID]
            reached.update(found)
            farthest = max(farthest, *found, start)
    return len(text) in reached


def stages_of(sentence: SentenceInput) -> tuple[StageTag, ...]:
    """Return the stages above the threshold in journey order."""
    if says_nothing(sentence):
        return ()
    found = hits(sentence.text, lang=sentence.lang, question=sentence.question, customer=sentence.customer)
    logits = fused(sentence, scores(found))
    kept = [stage for stage in STAGES if probability(logits[stage]) >= THRESHOLD]
    return tuple(stage_tag(sentence, stage, probability(logits[stage]), found) for stage in kept)


def fused(sentence: SentenceInput, by_rule: dict[Stage, float]) -> dict[Stage, float]:
    """Return log-odds per stage from rules and question; a clear cue elsewhere makes the question step aside."""
    prior = question_prior(sentence.question, sentence.position)
    logits = {stage: BIAS + min(by_rule.get(stage, 0.0), CEILING) + PRIOR_WEIGHT * prior[stage] for stage in STAGES}
    asked = QUESTION_STAGE.get(sentence.question)
    if asked and by_rule.get(asked, 0.0) <= 0:
        if sentence.position and len(sentence.text) < SHORT and not LISTED.search(sentence.text):
            logits[asked] -= SHORT_STEP
        companions = COMPANIONS.get(asked, frozenset())
        elsewhere = max(
            (score for stage, score in by_rule.items() if stage not in companions and stage is not asked), default=0.0
        )
        if elsewhere >= OFF_QUESTION:
            logits[asked] -= STEP_ASIDE
    if (
        sentence.customer in STOPPED
        and by_rule.get(Stage.CHURN_REASON, 0.0) >= OFF_QUESTION
        and asked is not Stage.EXPERIENCE
    ):
        logits[Stage.EXPERIENCE] -= 0.5
    return logits


def probability(value: float) -> float:
    """Return the share for log-odds."""
    return 1 / (1 + math.exp(-value))


def stage_tag(sentence: SentenceInput, stage: Stage, confidence: float, found: list[Hit]) -> StageTag:
    """Return a stage with the span of its rule, or of the clause that says most when only the question speaks."""
    hit = evidence(found, stage)
    if hit:
        return StageTag(stage=stage, confidence=round(confidence, 3), start=hit.start, end=hit.end, rule=hit.cue.id)
    start, end = longest_clause(sentence.text)
    return StageTag(
        stage=stage, confidence=round(confidence, 3), start=start, end=end, rule=f"question.{sentence.question}"
    )


CLAUSE_END = re.compile(r"[、。，,.!?！？…;；]+")


def longest_clause(text: str) -> tuple[int, int]:
    """Return the longest stretch between marks."""
    best = (0, 0)
    start = 0
    for end in [*(match.start() for match in CLAUSE_END.finditer(text)), len(text)]:
        part = text[start:end]
        left = start + len(part) - len(part.lstrip("、。，,.!?！？…;； 　"))
        if end - left > best[1] - best[0]:
            best = (left, end)
        start = end
    return best if best[1] > best[0] else (0, len(text))
