"""One answer in, its tagged sentences out: split, tag in context, shift offsets to the answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.language.pipeline import load_pipeline
from app.language.rules import TAKEN_BACK
from app.language.schemas import TEXT_LIMIT, AnswerInput, SentenceInput, SentenceTags
from app.language.script import fold, language_of
from app.language.sentences import Splitter, split
from app.language.tagger import RuleTagger, Tagger


@dataclass(frozen=True)
class Analyser:
    """What the language process keeps warm."""

    words: Splitter
    tagger: Tagger

    def answer(self, given: AnswerInput) -> tuple[SentenceTags, ...]:
        """Return the sentences of an answer with their tags; text beyond `TEXT_LIMIT` is left out."""
        text = given.text[:TEXT_LIMIT]
        lang = given.lang or language_of(text)
        spans = split(fold(text), lang=lang, words=self.words)
        inputs = sentence_inputs(given, text, spans, lang)
        tagged = without_taken_back(self.tagger.tag(inputs))
        return tuple(replace(one, start=start, end=end) for one, (start, end) in zip(tagged, spans, strict=True))


def sentence_inputs(given: AnswerInput, text: str, spans: Sequence[tuple[int, int]], lang: str) -> list[SentenceInput]:
    """Return the sentences of an answer, each with the one before it and the answer's context."""
    parts = [text[start:end] for start, end in spans]
    return [
        SentenceInput(
            text=part,
            question=given.question,
            question_text=given.question_text,
            previous=parts[position - 1] if position else "",
            position=position,
            customer=given.customer,
            lang=lang,
            product=given.product,
        )
        for position, part in enumerate(parts)
    ]


def without_taken_back(tagged: Sequence[SentenceTags]) -> list[SentenceTags]:
    """Return the sentences; one that the next sentence takes back (「いや、違う」) loses its tags."""
    kept = list(tagged)
    for position in range(1, len(kept)):
        if TAKEN_BACK.match(kept[position].text):
            before = kept[position - 1]
            kept[position - 1] = SentenceTags(start=before.start, end=before.end, text=before.text)
    return kept


def load_analyser(tagger: Callable[[], Tagger] = RuleTagger) -> Analyser:
    """Load the tokenizer and the tagger, and run both once so that the first caller does not wait."""
    analyser = Analyser(words=load_pipeline(), tagger=tagger())
    analyser.answer(AnswerInput(text="友達に聞いて知りました。", question="q2"))
    analyser.answer(AnswerInput(text="A friend told me about it.", question="q2"))
    return analyser
