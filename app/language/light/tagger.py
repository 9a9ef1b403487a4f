"""The light tagger: the light model's chances, cut by its thresholds; evidence and details as the other taggers find them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol, Self

import numpy as np

from app.core.weights import UnusableWeights
from app.language.codebook import QUESTION_STAGE, STAGES, Stage
from app.language.evidence.finder import EvidenceFinder
from app.language.light import context
from app.language.light.details import FILE as DETAILS
from app.language.light.details import DetailsModel, LightDetails
from app.language.light.features import Array, Reading, read
from app.language.light.model import LightModel, Vector, shares
from app.language.rules import Hit, evidence, hits, scores
from app.language.schemas import SentenceInput, SentenceTags, StageTag, Token
from app.language.tagger import RuleTagger, Tagger, says_nothing

log = logging.getLogger(__name__)
FILE = Path(__file__).resolve().parents[3] / "seed_data" / "tagger" / "light.npz"
REMEMBERED = 16
"""Sentences whose log-odds are kept: each is asked for again as the sentence before the next one."""
KNOWN_WORDS = 20_000


class Words(Protocol):
    """What cuts text into words and knows what they mean."""

    def tokens(self, text: str, lang: str) -> list[Token]:
        """Return the words of a text."""

    def vector(self, word: str) -> Array:
        """Return the meaning of a word, shape (300,), all zero where it is unknown."""


@dataclass(frozen=True)
class Alone:
    """A sentence without its context: its words, their features, the stages' log-odds by the first layer."""

    tokens: Sequence[Token]
    reading: Reading
    logits: Array


NOTHING = Alone((), read("", ()), np.zeros(len(STAGES), np.float32))


@dataclass(frozen=True)
class Weighed:
    """One sentence as it was read, the chances of its stages and the cue rules that fired."""

    sentence: SentenceInput
    alone: Alone
    chances: dict[Stage, float]
    fired: list[Hit]


class LightTagger:
    """Gives sentences their stages by the light model."""

    def __init__(self, model: LightModel, finder: EvidenceFinder, details: DetailsModel, words: Words) -> None:
        """Keep the models and what cuts sentences into words."""
        self._model = model
        self._finder = finder
        self._words = words
        self._vector: Vector = lru_cache(maxsize=KNOWN_WORDS)(words.vector)
        self._details = LightDetails(details, self._vector)
        self._alone = lru_cache(maxsize=REMEMBERED)(self._read)

    @classmethod
    def load(cls, words: Words) -> Self:
        """Load the weights that come with the product.

        Raises:
            UnusableWeights: a file of them is missing or broken.
        """
        return cls(LightModel.load(FILE), EvidenceFinder.load(), DetailsModel.load(DETAILS), words)

    def tag(self, sentences: Sequence[SentenceInput]) -> list[SentenceTags]:
        """Return one result per sentence, in the same order."""
        return [self._tagged(self._weigh(sentence)) for sentence in sentences]

    def chances(self, sentences: Sequence[SentenceInput]) -> list[dict[Stage, float]]:
        """Return the probability of every stage of each sentence."""
        return [self._weigh(sentence).chances for sentence in sentences]

    def _weigh(self, sentence: SentenceInput) -> Weighed:
        if says_nothing(sentence):
            return Weighed(sentence, NOTHING, dict.fromkeys(STAGES, 0.0), [])
        alone = self._alone(sentence.text, sentence.lang, sentence.tokens)
        before = None
        if sentence.previous:
            before = shares(self._alone(sentence.previous, sentence.lang, sentence.previous_tokens).logits)
        fired = hits(sentence.text, lang=sentence.lang, question="", customer=sentence.customer)
        layer = self._model.asked if sentence.question in QUESTION_STAGE else self._model.free
        given = context.stacked(context.shared(sentence, before), alone.logits, scores(fired))
        found = shares((given * layer).sum(axis=1))
        return Weighed(sentence, alone, dict(zip(STAGES, map(float, found), strict=True)), fired)

    def _read(self, text: str, lang: str, given: tuple[Token, ...]) -> Alone:
        tokens = given or self._words.tokens(text, lang)
        reading = read(text, tokens)
        return Alone(tokens, reading, self._model.logits(reading, self._vector))

    def _tagged(self, weighed: Weighed) -> SentenceTags:
        sentence = weighed.sentence
        limits = limits_of(sentence, self._model.thresholds)
        kept = [stage for stage in STAGES if weighed.chances[stage] >= limits[stage]]
        spans = self._finder.find(sentence.text, weighed.alone.tokens, kept, sentence.lang) if kept else {}
        tags = tuple(
            StageTag(
                stage=stage,
                confidence=round(weighed.chances[stage], 3),
                start=spans[stage][0],
                end=spans[stage][1],
                rule=rule_of(weighed.fired, stage),
            )
            for stage in kept
        )
        return self._details.of(sentence, weighed.alone.reading, tags)


def limits_of(sentence: SentenceInput, thresholds: Array) -> dict[Stage, float]:
    """Return from which chance on each stage is proposed."""
    of_default, of_others, unasked = map(float, thresholds)
    asked = QUESTION_STAGE.get(sentence.question)
    if asked is None:
        return dict.fromkeys(STAGES, unasked)
    return {stage: of_default if stage is asked else of_others for stage in STAGES}


def rule_of(fired: Sequence[Hit], stage: Stage) -> str:
    """Return the cue rule that speaks for a stage too, or the name of the model."""
    hit = evidence(list(fired), stage)
    return hit.cue.id if hit else "light"


def shipped_tagger(words: Words) -> Tagger:
    """Return the light tagger, or the rules alone where its weights cannot be used."""
    try:
        return LightTagger.load(words)
    except UnusableWeights as fault:
        log.warning("the cue rules alone propose stages: %s", fault)
        return RuleTagger()
