"""Quotes to the journey: nine stages in order, each with its rows, nothing missing left blank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.boards.schemas import BoardQuote, Cell, Row, StageColumn, StageStatus, Unheard
from app.interviews.models import AnswerState
from app.language.codebook import STAGES, Channel, Facet, Stage

FACET_ROW = {Facet.ACTION: Row.ACTION, Facet.THOUGHT: Row.THOUGHT, Facet.EMOTION: Row.EMOTION}
TELLING = 20
"""Evidence longer than this says no more by being longer."""
TRIGGER_QUESTION = "q6"
"""No question asks for the loyalty trigger; the probes under q6 do, for people with two or more orders."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was put to one person: stage of each guide question, state of each answer."""

    interviewed: bool
    question_stage: Mapping[str, Stage]
    states: Mapping[str, AnswerState]
    probed_for_trigger: bool


def journey(quotes: Sequence[BoardQuote], asked: Asked, *, hidden: frozenset[Stage]) -> tuple[StageColumn, ...]:
    """Return one column per stage; `hidden` are stages whose quotes are out of the reader's scope."""
    return tuple(stage_column(stage, quotes, asked, hidden=stage in hidden) for stage in STAGES)


def stage_column(stage: Stage, quotes: Sequence[BoardQuote], asked: Asked, *, hidden: bool) -> StageColumn:
    """Return one stage with its cells and, where nothing is there, the reason."""
    own = tuple(quote for quote in quotes if quote.stage is stage)
    questions = stage_questions(stage, asked)
    was_asked = any(asked.states.get(question) is AnswerState.ASKED for question in questions)
    if stage is Stage.LOYALTY_TRIGGER:
        was_asked = was_asked and asked.probed_for_trigger
    why = None if own else missing_reason(questions, asked, was_asked=was_asked, hidden=hidden)
    status = StageStatus.HEARD if own else StageStatus.UNHEARD if why else StageStatus.NOTHING
    return StageColumn(
        stage=stage, status=status, why=why, questions=questions, asked=was_asked, cells=cells(own), quotes=own
    )


def stage_questions(stage: Stage, asked: Asked) -> tuple[str, ...]:
    """Return ids of the guide's questions that ask for the stage."""
    if stage is Stage.LOYALTY_TRIGGER:
        return (TRIGGER_QUESTION,) if TRIGGER_QUESTION in asked.question_stage else ()
    return tuple(question for question, asks_for in asked.question_stage.items() if asks_for is stage)


def missing_reason(questions: tuple[str, ...], asked: Asked, *, was_asked: bool, hidden: bool) -> Unheard | None:
    """Return why a stage has no voice, or None when it was asked and nothing was said."""
    if hidden:
        return Unheard.LEFT_OUT
    if not asked.interviewed:
        return Unheard.NOT_INTERVIEWED
    if not questions:
        return Unheard.NO_QUESTION
    if was_asked:
        return None
    skipped = all(asked.states.get(question) is AnswerState.SKIPPED for question in questions)
    return Unheard.SKIPPED if skipped else Unheard.NOT_ASKED


def cells(quotes: Sequence[BoardQuote]) -> tuple[Cell, ...]:
    """Return the rows of one stage: the channel is the touchpoint, facets decide the rest.

    The row for voices without a facet is there only when it is needed.
    """
    channels = tuple(
        dict.fromkeys(channel for quote in quotes for channel in quote.channels if channel is not Channel.NOT_STATED)
    )
    touch = Cell(row=Row.TOUCHPOINT, channels=channels, quotes=())
    by_facet = tuple(
        Cell(row=row, channels=(), quotes=tuple(quote for quote in quotes if facet in quote.facets))
        for facet, row in FACET_ROW.items()
    )
    other = tuple(quote for quote in quotes if not quote.facets)
    rest = (Cell(row=Row.OTHER, channels=(), quotes=other),) if other else ()
    return (touch, *by_facet, *rest)


def of_stage(quotes: Sequence[BoardQuote], stage: Stage) -> tuple[BoardQuote, ...]:
    """Return the quotes of one stage: confirmed ones first, then those that say most."""
    own = [quote for quote in quotes if quote.stage is stage]
    return tuple(sorted(own, key=lambda quote: (not quote.confirmed, -min(len(quote.evidence), TELLING))))


def mixed(quotes: Sequence[BoardQuote]) -> tuple[BoardQuote, ...]:
    """Return sentences that carry both the first reason and the trigger: to be read twice."""
    reasons = {quote.sentence_id for quote in quotes if quote.stage is Stage.PURCHASE_REASON}
    return tuple(quote for quote in quotes if quote.stage is Stage.LOYALTY_TRIGGER and quote.sentence_id in reasons)
