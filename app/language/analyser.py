"""One answer in, its tagged sentences out: what the pipeline's Doc holds, with offsets of the answer."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import takewhile

from spacy.tokens import Doc, Span

from app.language.light.tagger import shipped_tagger
from app.language.pipeline import Pipeline, load_pipeline
from app.language.schemas import AnswerInput, PersonalSpan, SentenceTags
from app.language.tagger import Tagger

FORGET_AFTER = 200
"""Answers after which the words met in them are forgotten; most come again soon, and a new one costs time."""


class Analyser:
    """What the language process keeps warm."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Take a loaded pipeline; from now on only one thread may use it, here."""
        self.pipeline = pipeline
        self._memory = ExitStack()
        self._answers = 0

    def answer(self, given: AnswerInput) -> tuple[SentenceTags, ...]:
        """Return the sentences of an answer with their tags; text beyond `TEXT_LIMIT` is left out."""
        if self._answers % FORGET_AFTER == 0:
            self._memory.close()
            self._memory.enter_context(self.pipeline.memory())
        self._answers += 1
        return tuple(sentences_of(self.pipeline.read(given)))


def sentences_of(doc: Doc) -> Iterator[SentenceTags]:
    """Yield the sentences of a Doc."""
    told = deque(doc._.personal)
    for sentence in doc.spans["sentences"]:
        while told and told[0].end <= sentence.start_char:
            told.popleft()
        yield replace(
            sentence._.found,
            start=sentence.start_char,
            end=sentence.end_char,
            personal=tuple(within(sentence, one) for one in before(sentence.end_char, told)),
            reading=sentence._.reading,
        )


def before(end: int, told: Iterable[PersonalSpan]) -> Iterator[PersonalSpan]:
    """Yield what is told in order as long as it begins before a code point."""
    return takewhile(lambda one: one.start < end, told)


def within(sentence: Span, personal: PersonalSpan) -> PersonalSpan:
    """Return what of a span of personal data stands in a sentence, with offsets of that."""
    return PersonalSpan(
        kind=personal.kind,
        start=max(personal.start, sentence.start_char) - sentence.start_char,
        end=min(personal.end, sentence.end_char) - sentence.start_char,
    )


def load_analyser(tagger: Callable[[Pipeline], Tagger] = shipped_tagger) -> Analyser:
    """Load the pipelines and the tagger, and run both languages once so that the first caller does not wait."""
    analyser = Analyser(load_pipeline(tagger))
    analyser.answer(AnswerInput(text="友達に聞いて知りました。", question="q2"))
    analyser.answer(AnswerInput(text="A friend told me about it.", question="q2"))
    return analyser
