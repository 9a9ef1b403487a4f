"""`n1 tagger`: journey stages for a file of sentences, and how often they are right; one JSON object a line."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli import tagger_boundaries, tagger_measure, tagger_train
from app.cli.common import faults_told, words
from app.cli.taggers import tagged
from app.language.lines import Line, read_lines
from app.language.schemas import SentenceTags, StageTag

tagger = typer.Typer(help="Propose journey stages.", no_args_is_help=True)


@tagger.callback()
def group() -> None:
    """Propose journey stages."""


@tagger.command("tag")
def tag_file(
    source: Annotated[Path, typer.Option("--in", help="JSON lines, each with at least a text.")],
    target: Annotated[Path, typer.Option("--out", help="Where the same lines go, with their tags.")],
) -> None:
    """Give every line its stages; order, number and unknown fields of the lines stay."""
    with faults_told():
        lines = read_lines(source)
        results = tagged([line.sentence for line in lines])
        target.write_text("".join(f"{dumped(line, one)}\n" for line, one in zip(lines, results, strict=True)), "utf-8")
    typer.echo(words().plural("{n} sentence tagged.", "{n} sentences tagged.", n=len(lines)))


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


tagger.command("evaluate")(tagger_measure.evaluate)
tagger.command("agreement")(tagger_measure.agreement)
tagger.command("corpus-report")(tagger_measure.corpus_report)
tagger.command("train")(tagger_train.train)
tagger.command("learning-curve")(tagger_train.learning_curve)
tagger.command("boundaries")(tagger_boundaries.boundaries)
tagger.command("learn-boundaries")(tagger_boundaries.learn_boundaries)
