"""The two spaCy pipelines for speech: ja_ginza's tokenizer and vectors, a blank English one, the same parts on both.

Not thread-safe: Sudachi fails when two threads call it, so one thread owns a pipeline.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.lang.ja import JapaneseTokenizer
from spacy.language import Language
from spacy.tokens import Doc
from threadpoolctl import threadpool_limits

from app.language.schemas import TEXT_LIMIT, AnswerInput, Token
from app.language.script import fold, language_of
from app.language.speech.factories import PARTS
from app.language.speech.stages import Stages
from app.language.speech.words import JAPANESE, LongTexts, tokens_of
from app.language.tagger import Tagger

__all__ = ["Pipeline", "Token", "load_pipeline"]
UNUSED = ["tok2vec", "parser", "ner", "morphologizer", "compound_splitter", "bunsetu_recognizer"]
NOTHING = np.zeros(300, np.float32)


@dataclass(frozen=True)
class Pipeline:
    """Both loaded languages; `nlp` is the Japanese one, its vocabulary holds the word vectors."""

    nlp: Language
    english: Language

    def tokens(self, text: str, lang: str = "ja") -> list[Token]:
        """Return the words of a text of any length."""
        return list(tokens_of(self._of(lang).make_doc(text)))

    def vector(self, word: str) -> NDArray[np.float32]:
        """Return the meaning of a word by chiVe, shape (300,), all zero where it has none; the word is not remembered."""
        held = self.nlp.vocab.vectors
        row = int(held.find(key=word))
        return cast("NDArray[np.float32]", held.data[row]) if row >= 0 else NOTHING

    def read(self, given: AnswerInput) -> Doc:
        """Return an answer as a Doc of all its parts; text beyond `TEXT_LIMIT` is left out."""
        text = given.text[:TEXT_LIMIT]
        nlp = self._of(given.lang or language_of(text))
        doc = nlp.make_doc(fold(text))
        doc._.answer = given
        return nlp(doc)

    @contextmanager
    def memory(self) -> Iterator[None]:
        """Forget the words met inside when it ends, and with them every Doc read there: answers never stop coming."""
        with self.nlp.memory_zone(), self.english.memory_zone():
            yield

    def _of(self, lang: str) -> Language:
        return self.english if lang == "en" else self.nlp


def load_pipeline(tagger: Callable[[Pipeline], Tagger] | None = None) -> Pipeline:
    """Load both pipelines, with stages where a maker of a tagger is given; takes about a second and 400 MB.

    From then on numpy counts on one thread in this process: two threads of small matrices wait for each other longer than
    they work, and two processes beside each other got half as far.
    """
    threadpool_limits(1)
    tokenizer = {"nlp.tokenizer": {"@tokenizers": JAPANESE}}
    japanese, english = spacy.load("ja_ginza", exclude=UNUSED, config=tokenizer), spacy.blank("en")
    cast("JapaneseTokenizer", japanese.tokenizer).need_subtokens = False  # the compound splitter alone reads them
    for lang, nlp in (("ja", japanese), ("en", english)):
        nlp.tokenizer = LongTexts(nlp.tokenizer, lang)
        for part in PARTS[lang]:
            nlp.add_pipe(part)
    loaded = Pipeline(nlp=japanese, english=english)
    if tagger is not None:
        made = tagger(loaded)
        for nlp in (japanese, english):
            cast("Stages", nlp.add_pipe("n1_stages")).tagger = made
    return loaded
