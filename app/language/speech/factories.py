"""The factories that pipelines are built from; importing this module makes them known to spaCy."""

from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc, Span

from app.language.sentences import split
from app.language.speech.attributes import joined_reading, register
from app.language.speech.personal import personal_spans
from app.language.speech.stages import Stages
from app.language.speech.words import end_words_at, tokens_of

register()
PARTS = {"ja": ("n1_sentences", "n1_personal", "n1_readings"), "en": ("n1_sentences", "n1_personal")}
"""The parts of a language in the order in which they run; `n1_stages` comes last, where there is a tagger."""


@Language.component("n1_sentences")
def sentences(doc: Doc) -> Doc:
    """Fill `doc.spans["sentences"]`; a word that runs over the end of a sentence is cut there.

    The first part of a pipeline: spans made before words are cut would not hold what they held.
    """
    tokens = tokens_of(doc)
    places = split(doc.text, tokens, lang=doc.lang_)
    has_cut = end_words_at(doc, [edge for place in places for edge in place])
    doc._.words = tokens_of(doc) if has_cut else tokens
    doc.spans["sentences"] = spans(doc, [(start, end, "sentence") for start, end in places])
    return doc


@Language.component("n1_personal")
def personal(doc: Doc) -> Doc:
    """Fill `_.personal`, and `doc.spans["personal"]` with the words it stands in; the answer's product is nobody's name."""
    product = doc._.answer.product
    doc._.personal = personal_spans(doc.text, doc._.words, lang=doc.lang_, brands=(product,) if product else ())
    doc.spans["personal"] = spans(doc, [(one.start, one.end, one.kind) for one in doc._.personal])
    return doc


@Language.component("n1_readings")
def readings(doc: Doc) -> Doc:
    """Fill `_.reading` of the sentences; words and the Doc are read when somebody asks."""
    for sentence in doc.spans["sentences"]:
        sentence._.reading = joined_reading(sentence)
    return doc


@Language.factory("n1_stages")
def stages(nlp: Language, name: str) -> Stages:
    """Return the part that asks a tagger."""
    del nlp, name
    return Stages()


def spans(doc: Doc, places: Iterable[tuple[int, int, str]]) -> list[Span]:
    """Return the whole words over each of these stretches."""
    found = (doc.char_span(start, end, label=label, alignment_mode="expand") for start, end, label in places)
    return [span for span in found if span is not None]
