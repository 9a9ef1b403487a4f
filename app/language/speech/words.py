"""Words of a Doc: cutting texts of any length, reading tokens, and making a word end where a span does."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from spacy.lang.ja import DetailedToken, JapaneseTokenizer
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import registry

from app.language.schemas import Token

CHUNK = {"ja": 2_000, "en": 200}
"""Sudachi refuses texts over 49,149 bytes, spaCy's English rules take the square of what has no blanks."""

NATURAL_CUT = {"ja": re.compile("[。！？!?\n、, ]"), "en": re.compile(r"\s(?=\S)")}
JAPANESE = "n1.ForgetfulTokenizer"
Tokenizer = Callable[[str], Doc]


def chunks(text: str, lang: str) -> Iterator[str]:
    """Yield the text in parts short enough for a tokenizer, cut at marks (ja) or blanks (en) where there are any."""
    start, most = 0, CHUNK[lang]
    while start < len(text):
        end = min(start + most, len(text))
        if end < len(text):
            cuts = [match.end() for match in NATURAL_CUT[lang].finditer(text, start + most // 2, end)]
            end = cuts[-1] if cuts else end
        yield text[start:end]
        start = end


class ForgetfulTokenizer(JapaneseTokenizer):
    """Sudachi's words with their readings as `norm_`: as morphology they would outlive the memory zone they were met in."""

    def _get_dtokens(self, sudachipy_tokens: Iterable[object], *given: bool) -> list[DetailedToken]:
        found = super()._get_dtokens(sudachipy_tokens, *given)
        return [one._replace(norm=one.reading or one.surface, reading="") for one in found]


def forgetful_tokenizer() -> Callable[[Language], ForgetfulTokenizer]:
    """Return what makes the Japanese tokenizer; its mode of splitting is read with the model."""
    return lambda nlp: ForgetfulTokenizer(nlp.vocab)


registry.tokenizers.register(JAPANESE, func=forgetful_tokenizer)


class LongTexts:
    """A tokenizer for texts of any length around one that takes short texts only."""

    def __init__(self, tokenizer: Tokenizer, lang: str) -> None:
        """Take the tokenizer of a language."""
        self._tokenizer = tokenizer
        self._lang = lang

    def __call__(self, text: str) -> Doc:
        """Return one Doc of the whole text."""
        parts = [self._tokenizer(part) for part in chunks(text, self._lang)]
        if len(parts) > 1:
            return Doc.from_docs(parts, ensure_whitespace=False)
        return parts[0] if parts else self._tokenizer(text)


def tokens_of(doc: Doc) -> list[Token]:
    """Return the words of a Doc."""
    japanese = doc.lang_ == "ja"
    found = []
    for word in doc:
        text, start = word.text, word.idx
        lemma, tag = (word.lemma_, word.tag_) if japanese else (word.lower_, "")
        inflection = "".join(word.morph.get("Inflection", [])) if japanese else ""
        found.append(Token(start, start + len(text), text, lemma, tag, inflection))
    return found


def tokens_within(tokens: Sequence[Token], span: Span) -> tuple[Token, ...]:
    """Return those of a Doc's words that a Span of it holds, with offsets from its start."""
    offset = span.start_char
    return tuple(
        Token(one.start - offset, one.end - offset, one.text, one.lemma, one.tag, one.inflection)
        for one in tokens[span.start : span.end]
    )


def end_words_at(doc: Doc, places: Iterable[int]) -> bool:
    """Cut the words that run over one of these code points, so that a span can begin or end there; say whether any did."""
    inside: dict[int, list[int]] = {}
    words = iter(doc)
    word = next(words, None)
    for place in sorted(set(places)):
        while word is not None and word.idx + len(word.text) <= place:
            word = next(words, None)
        if word is not None and word.idx < place:
            inside.setdefault(word.i, []).append(place - word.idx)
    if not inside:
        return False
    with doc.retokenize() as retokenizer:
        for index, cuts in inside.items():
            text = doc[index].text
            edges = [0, *cuts, len(text)]
            parts = [text[start:end] for start, end in pairwise(edges)]
            tag, lemma = doc[index].tag_, doc[index].lemma_
            retokenizer.split(
                doc[index],
                parts,
                heads=[doc[index]] * len(parts),
                attrs={"TAG": [tag] * len(parts), "LEMMA": [lemma] * len(parts)},
            )
    return True
