"""Labelled sentences: the lines of a file with what readers gave them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.errors import AppError
from app.core.i18n import N_
from app.language.codebook import QUESTION_STAGE, AnxietyKind, CancelReason, Channel, Facet, Stage

LISTS: dict[str, type] = {
    "stages": Stage, "facets": Facet, "channel": Channel, "cancel_reason": CancelReason, "anxiety_kind": AnxietyKind,
}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """A stretch of a sentence that carries a stage, in code points."""

    stage: Stage
    start: int
    end: int


@dataclass(frozen=True)
class Labels:
    """What one reader, or a tagger, gave one sentence."""

    stages: frozenset[Stage] = frozenset()
    facets: frozenset[str] = frozenset()
    channel: frozenset[str] = frozenset()
    cancel_reason: frozenset[str] = frozenset()
    anxiety_kind: frozenset[str] = frozenset()
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Labelled:
    """One sentence with its labels; `group` is what is drawn together: its interview, or the sentence alone."""

    text: str
    question: str
    group: str
    labels: Labels


def asked(question: str) -> Stage | None:
    """Return the stage a question of the guide asks for."""
    return QUESTION_STAGE.get(question)


def labels_of(row: Mapping[str, Any], number: int) -> Labels:
    """Return the labels of one line: lists of ids (or one id), and `evidence` as objects with stage, start and end.

    What is null was not labelled, as if it were not there.

    Raises:
        AppError: a list is none, an id is not of the codebook, or a span lies outside its sentence; the line is named.
    """
    found: dict[str, frozenset[Any]] = {}
    for name, kind in LISTS.items():
        given = row.get(name)
        given = [] if given is None else given
        try:
            found[name] = frozenset(kind(one) for one in given) if isinstance(given, list) else frozenset([kind(given)])
        except (ValueError, TypeError) as error:
            raise wrong_label(number, name) from error
    return Labels(**found, evidence=tuple(_spans(row, number)))


def _spans(row: Mapping[str, Any], number: int) -> Iterable[Span]:
    try:
        for one in row.get("evidence") or []:
            span = Span(Stage(one["stage"]), int(one["start"]), int(one["end"]))
            if not 0 <= span.start < span.end <= len(row["text"]):
                raise wrong_label(number, "evidence")
            yield span
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise wrong_label(number, "evidence") from error


def wrong_label(number: int, name: str) -> AppError:
    """Return the fault of one line."""
    return AppError(
        "bad_label", N_("Line {number}: {name} holds what is not in the codebook."), number=number, name=name
    )
