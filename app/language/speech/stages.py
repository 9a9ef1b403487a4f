"""Stages in the pipeline: sentences go to a tagger in their context, what it finds becomes spans."""

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span

from app.language.rules import TAKEN_BACK
from app.language.schemas import AnswerInput, SentenceInput, SentenceTags, Token
from app.language.speech.words import tokens_within
from app.language.tagger import RuleTagger, Tagger

MOST = 800
"""Sentences of one answer that a tagger is asked for; what follows has no stages. The longest talk holds fewer."""


class Stages:
    """The part `n1_stages`; whoever loads a pipeline may give it another tagger."""

    def __init__(self) -> None:
        """Begin with the rules."""
        self.tagger: Tagger = RuleTagger()

    def __call__(self, doc: Doc) -> Doc:
        """Fill `doc.spans["stages"]` and `_.found` of the sentences; offsets in `found` are those of its sentence."""
        sentences = list(doc.spans["sentences"])
        inputs = sentence_inputs(doc._.answer, sentences, doc._.words, doc.lang_)
        tagged = without_taken_back(self.tagger.tag(inputs[:MOST]))
        tagged += [SentenceTags(start=0, end=len(one.text), text=one.text) for one in inputs[MOST:]]
        doc.user_data["confidence"] = {}
        doc.spans["stages"] = [
            span for place, found in enumerate(tagged) for span in evidence(sentences[place], place, found)
        ]
        for sentence, found in zip(sentences, tagged, strict=True):
            sentence._.found = found
        return doc


def sentence_inputs(
    given: AnswerInput, sentences: Sequence[Span], words: Sequence[Token], lang: str
) -> list[SentenceInput]:
    """Return the sentences of an answer, each with the one before it, the words of both and the answer's context."""
    empty = SentenceInput(
        text="",
        question=given.question,
        question_text=given.question_text,
        customer=given.customer,
        lang=lang,
        product=given.product,
    )
    inputs: list[SentenceInput] = []
    for position, sentence in enumerate(sentences):
        before = inputs[-1] if inputs else empty
        inputs.append(
            replace(
                empty,
                text=given.text[sentence.start_char : sentence.end_char],
                previous=before.text,
                position=position,
                tokens=tokens_within(words, sentence),
                previous_tokens=before.tokens,
            )
        )
    return inputs


def without_taken_back(tagged: Sequence[SentenceTags]) -> list[SentenceTags]:
    """Return the sentences; one that the next sentence takes back (「いや、違う」) loses its tags."""
    kept = list(tagged)
    for position in range(1, len(kept)):
        if TAKEN_BACK.match(kept[position].text):
            before = kept[position - 1]
            kept[position - 1] = SentenceTags(start=before.start, end=before.end, text=before.text)
    return kept


def evidence(sentence: Span, place: int, found: SentenceTags) -> list[Span]:
    """Return the words around the evidence of every stage of a sentence, their confidence noted beside the Doc."""
    spans = []
    for tag in found.tags:
        words = sentence.doc.char_span(
            sentence.start_char + tag.start,
            sentence.start_char + tag.end,
            label=tag.stage,
            span_id=f"{place}.{tag.stage}",
            alignment_mode="expand",
        )
        if words is not None:
            sentence.doc.user_data["confidence"][words.id_] = tag.confidence
            spans.append(words)
    return spans
