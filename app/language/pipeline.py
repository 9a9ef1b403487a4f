"""The Japanese tokenizer and word vectors of ja_ginza, without its parser and taggers.

Not thread-safe: Sudachi fails when two threads call it, so one thread owns a pipeline.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import spacy
from spacy.language import Language

UNUSED = ["tok2vec", "parser", "ner", "morphologizer", "compound_splitter", "bunsetu_recognizer"]
CHUNK = 2_000
"""Sudachi refuses texts over 49,149 bytes; cutting far below also keeps one call short."""

NATURAL_CUT = re.compile("[。！？!?\n、, ]")


class Token(NamedTuple):
    """One word: offsets in code points, dictionary form, part of speech and inflection."""

    start: int
    end: int
    text: str
    lemma: str
    tag: str
    inflection: str


@dataclass(frozen=True)
class Pipeline:
    """A loaded spaCy language that only cuts text into words."""

    nlp: Language

    def tokens(self, text: str) -> list[Token]:
        """Return the words of a text of any length."""
        found: list[Token] = []
        for offset, part in chunks(text):
            doc = self.nlp.make_doc(part)
            found.extend(
                Token(
                    start=offset + word.idx,
                    end=offset + word.idx + len(word.text),
                    text=word.text,
                    lemma=word.lemma_,
                    tag=word.tag_,
                    inflection="".join(word.morph.get("Inflection", [])),
                )
                for word in doc
            )
        return found


def chunks(text: str) -> Iterator[tuple[int, str]]:
    """Yield the text in parts short enough for the tokenizer, cut at punctuation where there is any."""
    start = 0
    while start < len(text):
        end = min(start + CHUNK, len(text))
        if end < len(text):
            cuts = [match.end() for match in NATURAL_CUT.finditer(text, start + CHUNK // 2, end)]
            end = cuts[-1] if cuts else end
        yield start, text[start:end]
        start = end


def load_pipeline() -> Pipeline:
    """Load ja_ginza's tokenizer and vectors; takes about a second and 400 MB."""
    return Pipeline(nlp=spacy.load("ja_ginza", exclude=UNUSED))
