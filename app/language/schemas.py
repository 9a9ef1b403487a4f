"""What goes into the tagger and what comes out of it.

Offsets are code points: of the answer for sentences, of the sentence for evidence.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from app.language.codebook import AnxietyKind, CancelReason, Channel, Facet, Stage

TEXT_LIMIT = 20_000
"""Longest answer that is analysed, in code points; what follows it stays untagged."""

SENTENCE_LIMIT = 1_000
"""Longest sentence, in code points; longer runs are cut into several."""


class Token(NamedTuple):
    """One word: offsets in code points, dictionary form, part of speech and inflection (both empty in English)."""

    start: int
    end: int
    text: str
    lemma: str
    tag: str
    inflection: str


class PersonalKind(StrEnum):
    """What a stretch of an answer may tell of a person."""

    PERSON = "person"
    EMAIL = "email"
    PHONE = "phone"
    POSTAL_CODE = "postal_code"
    ADDRESS = "address"
    CARD = "card"
    ORDER_NO = "order_no"


@dataclass(frozen=True, slots=True)
class SentenceInput:
    """One sentence with the context that the codebook asks to read it in."""

    text: str
    question: str = ""
    question_text: str = ""
    previous: str = ""
    position: int = 0
    customer: str = ""
    """Customer class id (loyal, churned …), empty when unknown."""
    lang: str = "ja"
    product: str = ""
    tokens: tuple[Token, ...] = ()
    """Words of the text, offsets in it; empty where nobody has cut it yet."""
    previous_tokens: tuple[Token, ...] = ()
    """Words of `previous`, offsets in that."""


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """A name, or where somebody can be reached; offsets of the sentence."""

    kind: PersonalKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StageTag:
    """A stage with the shortest span of the sentence that carries it."""

    stage: Stage
    confidence: float
    start: int
    end: int
    rule: str = ""


@dataclass(frozen=True, slots=True)
class SentenceTags:
    """One sentence of an answer with its stages, facets and details."""

    start: int
    end: int
    text: str
    tags: tuple[StageTag, ...] = ()
    facets: tuple[Facet, ...] = ()
    channel: tuple[Channel, ...] = ()
    cancel_reason: tuple[CancelReason, ...] = ()
    anxiety_kind: tuple[AnxietyKind, ...] = ()
    personal: tuple[PersonalSpan, ...] = ()
    reading: str = ""
    """How it is read, in katakana; letters that have no reading stand as they are."""


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """One answer with its context; `lang` empty means: decide by the script."""

    text: str
    question: str = ""
    question_text: str = ""
    customer: str = ""
    lang: str = ""
    product: str = ""
