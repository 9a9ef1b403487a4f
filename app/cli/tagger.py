"""`n1 tagger`: journey stages for a file of sentences, one JSON object a line."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.common import fail, faults_told, words
from app.core.errors import AppError
from app.core.i18n import N_
from app.language.schemas import TEXT_LIMIT, SentenceInput, SentenceTags, StageTag
from app.language.script import language_of
from app.language.tagger import RuleTagger, Tagger

tagger = typer.Typer(help="Propose journey stages.", no_args_is_help=True)
CONTEXT = ("question", "question_text", "previous", "customer", "product", "lang")


@tagger.callback()
def group() -> None:
    """Propose journey stages."""


@dataclass(frozen=True)
class Line:
    """One line of the file as it stands, and what the tagger reads of it."""

    given: dict[str, Any]
    sentence: SentenceInput


@tagger.command("tag")
def tag_file(
    source: Annotated[Path, typer.Option("--in", help="JSON lines, each with at least a text.")],
    target: Annotated[Path, typer.Option("--out", help="Where the same lines go, with their tags.")],
) -> None:
    """Give every line its stages; order, number and unknown fields of the lines stay."""
    with faults_told():
        lines = read_lines(source)
        results = tagged(lines, RuleTagger())
        target.write_text("".join(f"{dumped(line, one)}\n" for line, one in zip(lines, results, strict=True)), "utf-8")
    typer.echo(words().plural("{n} sentence tagged.", "{n} sentences tagged.", n=len(lines)))


def read_lines(source: Path) -> list[Line]:
    """Return the lines of a file.

    Raises:
        AppError: the file cannot be read, or a line holds no JSON object with a text; the line is named.
    """
    try:
        rows = source.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise AppError("unreadable", N_("{name} cannot be read as UTF-8 text."), name=source.name) from error
    if rows and not rows[-1].strip():
        rows.pop()
    return [read_line(number, row) for number, row in enumerate(rows, 1)]


def read_line(number: int, row: str) -> Line:
    """Return one line.

    Raises:
        AppError: it holds no JSON object with a text.
    """
    try:
        given = json.loads(row)
        text = given["text"]
        json.dumps(given, ensure_ascii=False).encode()  # half a surrogate pair cannot be written again
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise bad_line(number) from error
    if not isinstance(text, str):
        raise bad_line(number)
    context = {name: value for name in CONTEXT if isinstance(value := given.get(name), str)}
    position = given.get("position", 1 if context.get("previous") else 0)
    return Line(
        given=given,
        sentence=SentenceInput(
            text=text[:TEXT_LIMIT],
            **{**context, "lang": context.get("lang") or language_of(text)},
            position=position if isinstance(position, int) else 0,
        ),
    )


def bad_line(number: int) -> AppError:
    """Return the fault of one line."""
    return AppError("bad_line", N_("Line {number} is not a JSON object with a text."), number=number)


def tagged(lines: list[Line], model: Tagger) -> list[SentenceTags]:
    """Return one result per line."""
    unknown = next((line for line in lines if line.sentence.lang not in {"ja", "en"}), None)
    if unknown:
        fail(words()("The language must be ja or en."))
    return model.tag([line.sentence for line in lines])


def dumped(line: Line, one: SentenceTags) -> str:
    """Return a line with what was found."""
    found = {
        "tags": [shown(tag) for tag in one.tags],
        "facets": one.facets,
        "channel": one.channel,
        "cancel_reason": one.cancel_reason,
        "anxiety_kind": one.anxiety_kind,
    }
    return json.dumps({**line.given, **found}, ensure_ascii=False)


def shown(tag: StageTag) -> dict[str, object]:
    """Return one tag; offsets are code points of the text."""
    return {"stage": tag.stage, "confidence": tag.confidence, "start": tag.start, "end": tag.end, "rule": tag.rule}
