"""Reads what authors wrote (`texts/`) and what readers gave it (`labels/`); the README says how both look.

Plain Python that imports nothing of the application: a test holds what it makes against the codebook.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
QUESTIONS = ("q1", "q2", "q3", "q4", "q5", "q6", "q7", "c1", "c2")
STOPPED_ONLY = ("c1", "c2")
CLASSES = ("loyal", "lapsed", "churned")
HEADS = ("product", "category", "customer", "speaker")
LISTS = {"f": "facets", "ch": "channel", "cr": "cancel_reason", "ax": "anxiety_kind"}
DETAILS = {"channel": "awareness", "cancel_reason": "churn_reason", "anxiety_kind": "anxiety"}
BEFORE = 3
"""Sentences of the same answer that stand before a sentence as its context."""

Row = dict[str, Any]


class Fault(ValueError):
    """A line that cannot be read: file, number and what is wrong."""


@dataclass(frozen=True)
class Author:
    """One author: a voice, its language, whether the mix was forced, and the split all its interviews belong to."""

    id: str
    lang: str
    style: str
    split: str


@dataclass
class Place:
    """Where the reading of a text stands."""

    interview: int = 0
    sentence: int = 0
    question: str | None = None
    question_text: str = ""
    is_copy: bool = False
    head: dict[str, str] = field(default_factory=dict)
    answer: list[str] = field(default_factory=list)
    first: dict[str, str] = field(default_factory=dict)


def authors() -> dict[str, Author]:
    """Return the authors by id."""
    with (HERE / "authors.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["id"]: Author(row["id"], row["lang"], row["style"], row["split"]) for row in rows}


def sentences(author: Author) -> Iterator[Row]:
    """Yield the sentences of an author in order, each with its context.

    Raises:
        Fault: a line does not keep to the form.
    """
    place = Place()
    path = HERE / "texts" / f"{author.id}.txt"
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        text = line.strip()
        if text.startswith("@"):
            _turn(place, text, f"{path.name}:{number}")
        elif text and place.question is None:
            _read_head(place, text, f"{path.name}:{number}")
        elif text:
            yield _sentence(author, place, text, f"{path.name}:{number}")


def _turn(place: Place, text: str, where: str) -> None:
    kind, *rest = text[1:].split(None, 1)
    place.answer = []
    if kind == "interview":
        place.interview, place.sentence, place.question = place.interview + 1, 0, None
        place.head, place.first = {}, {}
        return
    place.is_copy = kind == "alt"
    asked = rest[0] if place.is_copy and rest else kind
    code, *wording = asked.split(None, 1) if place.is_copy else [kind, *rest]
    if code not in (*QUESTIONS, "none") or (code in STOPPED_ONLY and place.head.get("customer") == "loyal"):
        raise Fault(f"{where}: no question {code!r} here")
    place.question, place.question_text = ("" if code == "none" else code), (wording[0] if wording else "")


def _read_head(place: Place, text: str, where: str) -> None:
    name, mark, value = text.partition(":")
    if not mark or name not in HEADS or (name == "customer" and value.strip() not in CLASSES):
        raise Fault(f"{where}: no head of an interview: {text}")
    place.head[name] = value.strip()


def _sentence(author: Author, place: Place, text: str, where: str) -> Row:
    place.sentence += 1
    interview = f"{author.id}-{place.interview:02d}"
    row: Row = {
        "id": f"{interview}-{place.sentence:03d}",
        "interview": interview,
        "author": author.id,
        "split": author.split,
        "style": author.style,
        "lang": author.lang,
        **{name: place.head[name] for name in HEADS if name != "speaker"},
        "question": place.question,
        "question_text": place.question_text,
        "position": len(place.answer),
        "previous": place.answer[-BEFORE:],
        "text": text,
    }
    if place.is_copy and text not in place.first:
        raise Fault(f"{where}: a copy of nothing said before: {text}")
    if place.is_copy:
        row["copy_of"] = place.first[text]
    place.first.setdefault(text, row["id"])
    place.answer.append(text)
    return row


def labels(author: Author, reader: str) -> dict[str, Row]:
    """Return what a reader gave, by the id of the sentence; numbers in the file count an author's sentences from 1.

    Raises:
        Fault: a line does not keep to the form, or its evidence is no part of its sentence.
    """
    path = HERE / "labels" / f"{author.id}.{reader}.txt"
    given = list(sentences(author))
    found: dict[str, Row] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        at, *fields = [part.strip() for part in line.split("\t") if part.strip()]
        if not at.isdigit() or not 0 < int(at) <= len(given):
            raise Fault(f"{path.name}:{number}: no sentence {at}")
        row = given[int(at) - 1]
        if row["id"] in found:
            raise Fault(f"{path.name}:{number}: sentence {at} a second time")
        found[row["id"]] = _labels(row["text"], fields, f"{path.name}:{number}")
    return found


def _labels(text: str, fields: list[str], where: str) -> Row:
    found: Row = {"stages": [], **{name: [] for name in LISTS.values()}, "evidence": []}
    for part in fields:
        if listed := re.match(r"(f|ch|cr|ax):(.*)", part):
            found[LISTS[listed[1]]] = [
                value.strip() for value in listed[2].split(",") if value.strip() not in {"", "-"}
            ]
        elif part != "-":
            span = _span(text, part, where)
            found["evidence"].append(span)
            found["stages"] += [span["stage"]] if span["stage"] not in found["stages"] else []
    return _whole(found, where)


def _span(text: str, part: str, where: str) -> Row:
    stage, _, words = part.partition("=")
    start = text.find(words)
    if not words or start < 0:
        raise Fault(f"{where}: {part!r} is no part of the sentence")
    return {"stage": stage, "start": start, "end": start + len(words)}


def _whole(found: Row, where: str) -> Row:
    for name, stage in DETAILS.items():
        if stage not in found["stages"]:
            found[name] = []
        elif not found[name]:
            raise Fault(f"{where}: {stage} without {name}")
    if not found["stages"]:
        found["facets"] = []
    return found
