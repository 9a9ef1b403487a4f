"""A language client that needs no model: every sentence gets the stage its question asks about."""

import re

from app.language.codebook import QUESTION_STAGE, Facet, Stage
from app.language.schemas import SentenceTags, StageTag


class FakeLanguage:
    """Same calls and results as the real client; one sentence ends at 。 or a line break."""

    def analyse_answer_now(
        self,
        text: str,
        *,
        question: str = "",
        question_text: str = "",
        customer: str = "",
        lang: str = "",
        product: str = "",
    ) -> tuple[SentenceTags, ...]:
        del question_text, customer, lang, product
        stage = QUESTION_STAGE.get(question, Stage.EXPERIENCE)
        return tuple(
            SentenceTags(
                start=found.start(),
                end=found.end(),
                text=found[0],
                tags=(StageTag(stage=stage, confidence=0.8, start=0, end=len(found[0]), rule="fake"),),
                facets=(Facet.THOUGHT,),
            )
            for found in re.finditer(r"[^。\n]+。?", text)
            if found[0].strip()
        )

    async def analyse_answer(
        self,
        text: str,
        *,
        question: str = "",
        question_text: str = "",
        customer: str = "",
        lang: str = "",
        product: str = "",
    ) -> tuple[SentenceTags, ...]:
        return self.analyse_answer_now(
            text, question=question, question_text=question_text, customer=customer, lang=lang, product=product
        )
