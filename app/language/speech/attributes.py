"""Custom attributes of Doc, Span and Token that the parts fill.

`Doc._.answer` is the AnswerInput a Doc was made of, `Doc._.words` its words as our own `Token`, `Doc._.personal` its
personal data to the code point. On a sentence `Span._.found` is its SentenceTags, with `facets`, `channel`,
`cancel_reason` and `anxiety_kind` read from it. On a span of "stages" `_.stage` and `_.confidence`; its label is the
stage and its words hold the evidence. `Token._.reading`, `Span._.reading` and `Doc._.reading` are katakana.
"""

from operator import attrgetter

from spacy.tokens import Doc, Span, Token

from app.language.codebook import Stage
from app.language.schemas import AnswerInput, SentenceTags

KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
DETAILS = ("facets", "channel", "cancel_reason", "anxiety_kind")


def register() -> None:
    """Make the attributes known to spaCy; a second call changes nothing."""
    if Doc.has_extension("answer"):
        return
    Doc.set_extension("answer", default=AnswerInput(text=""))
    Doc.set_extension("words", default=())
    Doc.set_extension("personal", default=())
    Doc.set_extension("reading", getter=joined_reading)
    Span.set_extension("reading", default="")
    Token.set_extension("reading", getter=reading_of)
    Span.set_extension("found", default=SentenceTags(start=0, end=0, text=""))
    Span.set_extension("stage", getter=lambda span: Stage(span.label_))
    Span.set_extension("confidence", getter=confidence_of)
    for name in DETAILS:
        Span.set_extension(name, getter=attrgetter(f"_.found.{name}"))


def reading_of(token: Token) -> str:
    """Return how a word is read, in katakana; what the dictionary cannot read stands as it is."""
    return str(token.norm_).translate(KATAKANA)


def joined_reading(words: Doc | Span) -> str:
    """Return the reading of all words, blanks between them kept."""
    return "".join(reading_of(token) + token.whitespace_ for token in words).strip()


def confidence_of(span: Span) -> float:
    """Return how sure the tagger is of a span of "stages"."""
    held: dict[str, float] = span.doc.user_data["confidence"]
    return held[span.id_]
