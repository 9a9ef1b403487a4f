"""The taggers that the command line can ask, loaded once and only when asked."""

from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from app.language.measure.question_rule import QuestionRule
from app.language.tagger import RuleTagger, Tagger

if TYPE_CHECKING:
    from app.language.pipeline import Pipeline


class TaggerName(StrEnum):
    """What can propose stages."""

    LIGHT = "light"
    RULES = "rules"
    QUESTION = "question"


@cache
def pipeline() -> "Pipeline":
    """Return the loaded pipelines; takes a second."""
    from app.language.pipeline import load_pipeline

    return load_pipeline()


@cache
def tagger_named(name: TaggerName) -> Tagger:
    """Return a tagger; the light one is the rules alone where its weights are not there."""
    from app.language.light.tagger import shipped_tagger

    if name is TaggerName.LIGHT:
        return shipped_tagger(pipeline())
    return RuleTagger() if name is TaggerName.RULES else QuestionRule()


def words_of(text: str) -> list[tuple[int, int]]:
    """Return where the words of a text stand."""
    return [(token.start, token.end) for token in pipeline().tokens(text)]
