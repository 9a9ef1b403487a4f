"""Runs a tagger over labelled lines."""

from collections.abc import Sequence

from app.language.lines import Line, text_only
from app.language.measure.evaluation import Evaluation, Proposed, evaluate
from app.language.measure.labelled import Labelled, Labels, Span, labels_of
from app.language.measure.spans import Cut
from app.language.schemas import SentenceTags
from app.language.tagger import Tagger


def measured(lines: Sequence[Line], tagger: Tagger, cut: Cut, *, context: bool = True) -> Evaluation:
    """Return the figures of a tagger on labelled lines; without `context` it sees the text alone.

    Off the question is counted by the question of the line either way.

    Raises:
        AppError: the labels of a line are not of the codebook.
    """
    gold = [labelled(line) for line in lines]
    return evaluate(gold, proposals(lines, tagger, context=context), cut)


def proposals(lines: Sequence[Line], tagger: Tagger, *, context: bool) -> list[Proposed]:
    """Return what a tagger gives each line; both questions follow on each other, for taggers that remember a sentence."""
    given = [line.sentence if context else text_only(line.sentence) for line in lines]
    return [Proposed(proposed(*tagger.tag([one])), *tagger.chances([one])) for one in given]


def labelled(line: Line) -> Labelled:
    """Return a line with the labels it carries; lines of one `interview` belong together."""
    interview = line.given.get("interview")
    return Labelled(
        text=line.sentence.text,
        question=line.sentence.question,
        group=str(interview) if isinstance(interview, str | int) else f"line {line.number}",
        labels=labels_of(line.given, line.number),
    )


def proposed(found: SentenceTags) -> Labels:
    """Return what a tagger gave as labels."""
    return Labels(
        stages=frozenset(tag.stage for tag in found.tags),
        facets=frozenset(found.facets),
        channel=frozenset(found.channel),
        cancel_reason=frozenset(found.cancel_reason),
        anxiety_kind=frozenset(found.anxiety_kind),
        evidence=tuple(Span(tag.stage, tag.start, tag.end) for tag in found.tags),
    )
