"""What a labelled corpus holds: how much of it lies off the question, how often each label occurs, what is repeated."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from app.language.codebook import AnxietyKind, CancelReason, Channel, Stage
from app.language.measure.labelled import Labelled, asked
from app.language.measure.overlaps import Sentence, repeated

Value = TypeVar("Value", bound=StrEnum)


@dataclass(frozen=True)
class Composition:
    """Counts of one corpus; shares are 0 to 1, None of nothing.

    `off_question`: labels that the question does not ask for, of all labels. `without_default`: sentences under a question of
    the guide that do not say what it asks. `no_stage`: sentences without any label. `repeated`: sentences of which another
    interview says the same (see `overlaps`).
    """

    sentences: int
    interviews: int
    authors: int
    products: int
    categories: int
    labels: int
    off_question: float | None
    without_default: float | None
    no_stage: float | None
    repeated: float | None
    stages: dict[Stage, int]
    channel: dict[Channel, int]
    cancel_reason: dict[CancelReason, int]
    anxiety_kind: dict[AnxietyKind, int]


@dataclass(frozen=True)
class Entry:
    """One sentence of a corpus: its labels, its words, and whose it is; a copy stands under another question as well."""

    labelled: Labelled
    sentence: Sentence
    author: str
    product: str
    category: str
    is_copy: bool


def composition(entries: Sequence[Entry]) -> Composition:
    """Return what the sentences of a corpus hold."""
    given = [entry.labelled for entry in entries]
    labels = [(one.question, stage) for one in given for stage in one.labels.stages]
    guided = [one for one in given if asked(one.question)]
    own = [entry.sentence for entry in entries if not entry.is_copy]
    return Composition(
        sentences=len(given),
        interviews=len({one.group for one in given}),
        authors=len({entry.author for entry in entries}),
        products=len({entry.product for entry in entries}),
        categories=len({entry.category for entry in entries}),
        labels=len(labels),
        off_question=_share(sum(asked(question) is not stage for question, stage in labels), len(labels)),
        without_default=_share(sum(asked(one.question) not in one.labels.stages for one in guided), len(guided)),
        no_stage=_share(sum(not one.labels.stages for one in given), len(given)),
        repeated=_share(len(repeated(own)), len(own)),
        stages=_counted(Stage, (stage for _, stage in labels)),
        channel=_counted(Channel, (value for one in given for value in one.labels.channel)),
        cancel_reason=_counted(CancelReason, (value for one in given for value in one.labels.cancel_reason)),
        anxiety_kind=_counted(AnxietyKind, (value for one in given for value in one.labels.anxiety_kind)),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _counted(kind: type[Value], values: Iterable[str]) -> dict[Value, int]:
    found = Counter(values)
    return {value: found[value] for value in kind}
