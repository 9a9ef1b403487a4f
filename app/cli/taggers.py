"""The taggers that the command line can ask, loaded once and only when asked."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from enum import StrEnum
from functools import cache
from multiprocessing import get_context
from typing import TYPE_CHECKING

from app.language.measure.question_rule import QuestionRule
from app.language.schemas import SentenceInput, SentenceTags
from app.language.script import language_of
from app.language.tagger import RuleTagger, Tagger

if TYPE_CHECKING:
    from app.language.pipeline import Pipeline

WORTH_SHARING = 3_000
"""Sentences from which a second process is worth the second it takes to start."""
SHARE = 500


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
    return [(token.start, token.end) for token in pipeline().tokens(text, language_of(text))]


def tagged(sentences: Sequence[SentenceInput]) -> list[SentenceTags]:
    """Return what the light tagger finds in each sentence; many of them are shared between two processes.

    Where one of these is killed, this one does the work alone.
    """
    if len(sentences) < WORTH_SHARING or (os.cpu_count() or 1) < 2:
        return tagger_named(TaggerName.LIGHT).tag(sentences)
    shares = [sentences[at : at + SHARE] for at in range(0, len(sentences), SHARE)]
    try:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            return [one for found in pool.map(_tagged_there, shares) for one in found]
    except BrokenProcessPool:
        return tagger_named(TaggerName.LIGHT).tag(sentences)


def _tagged_there(sentences: Sequence[SentenceInput]) -> list[SentenceTags]:
    return tagger_named(TaggerName.LIGHT).tag(sentences)
