"""The line to beat: a sentence says what its question asks."""

from collections.abc import Sequence

from app.language.codebook import QUESTION_STAGE, STAGES, Stage
from app.language.details import details_of
from app.language.schemas import SentenceInput, SentenceTags, StageTag


class QuestionRule:
    """Gives every sentence the stage its question asks for, and none without a question."""

    def tag(self, sentences: Sequence[SentenceInput]) -> list[SentenceTags]:
        """Return one result per sentence, in the same order."""
        return [details_of(sentence, tags_of(sentence)) for sentence in sentences]

    def chances(self, sentences: Sequence[SentenceInput]) -> list[dict[Stage, float]]:
        """Return one for the stage the question asks for, nought for the others."""
        return [{stage: float(QUESTION_STAGE.get(one.question) is stage) for stage in STAGES} for one in sentences]


def tags_of(sentence: SentenceInput) -> tuple[StageTag, ...]:
    """Return the stage of the question on the whole sentence."""
    asked = QUESTION_STAGE.get(sentence.question)
    return (StageTag(stage=asked, confidence=1.0, start=0, end=len(sentence.text)),) if asked else ()
