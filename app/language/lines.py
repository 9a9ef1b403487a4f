"""Files of sentences: JSON lines, each a sentence with its context, read strictly and written back as they came."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.core.errors import AppError
from app.core.i18n import N_
from app.language.schemas import TEXT_LIMIT, SentenceInput
from app.language.script import language_of

CONTEXT = ("question", "question_text", "customer", "product")


@dataclass(frozen=True)
class Line:
    """One line of a file: its number from 1, the object as it stands, and what a tagger reads of it."""

    number: int
    given: dict[str, Any]
    sentence: SentenceInput


def read_lines(source: Path) -> list[Line]:
    """Return the lines of a file.

    Raises:
        AppError: the file cannot be read, a line holds no JSON object with a text, or its language is neither ja nor en;
            the line is named.
    """
    try:
        rows = source.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise AppError("unreadable", N_("{name} cannot be read as UTF-8 text."), name=source.name) from error
    while rows and not rows[-1].strip():
        rows.pop()
    return [read_line(number, row) for number, row in enumerate(rows, 1)]


def read_line(number: int, row: str) -> Line:
    """Return one line.

    Raises:
        AppError: it holds no JSON object with a text, or its language is neither ja nor en.
    """
    try:
        given = json.loads(row)
        text = given["text"]
        json.dumps(given, ensure_ascii=False).encode()  # half a surrogate pair cannot be written again
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _bad(number) from error
    if not isinstance(text, str):
        raise _bad(number)
    lang = given.get("lang") or language_of(text)
    if lang not in ("ja", "en"):
        raise AppError("bad_language", N_("Line {number}: the language must be ja or en."), number=number)
    return Line(number, given, _sentence(given, text[:TEXT_LIMIT], lang))


def _sentence(given: dict[str, Any], text: str, lang: str) -> SentenceInput:
    context = {name: value for name in CONTEXT if isinstance(value := given.get(name), str)}
    previous = tuple(_texts(given.get("previous")))
    position = given.get("position")
    return SentenceInput(
        text=text,
        **context,
        previous=previous[-1][:TEXT_LIMIT] if previous else "",
        position=min(max(position, 0), TEXT_LIMIT) if isinstance(position, int) else len(previous),
        lang=lang,
        tokens=(),
        previous_tokens=(),
    )


def _texts(given: object) -> Iterator[str]:
    if isinstance(given, str):
        given = [given]
    if isinstance(given, list):
        yield from (one for one in given if isinstance(one, str) and one)


def text_only(sentence: SentenceInput) -> SentenceInput:
    """Return a sentence without its context."""
    return replace(
        sentence, question="", question_text="", previous="", position=0, customer="", product=""
    )  # fmt: skip


def _bad(number: int) -> AppError:
    return AppError("bad_line", N_("Line {number} is not a JSON object with a text."), number=number)
