"""`n1 tagger boundaries | learn-boundaries`: how well sentences are found in speech, and learning where they end."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.common import faults_told, say, say_json
from app.core.errors import AppError
from app.core.i18n import N_
from app.language.measure.boundaries import Boundaries, Spoken, answers_of, compare
from app.language.schemas import AnswerInput

if TYPE_CHECKING:
    from app.language.pipeline import Pipeline

Sources = Annotated[list[Path], typer.Argument(help="Texts, one sentence a line; a line with @ begins another answer.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
LANGUAGES = ("ja", "en")


def boundaries(sources: Sources, *, json: JsonFlag = False) -> None:
    """Measure how well the sentences of answers are found: precision, recall and F1 of the boundaries inside answers."""
    from app.language.pipeline import load_pipeline

    with faults_told():
        answers = [answer for source in sources for answer in read_answers(source)]
    pipeline = load_pipeline()
    found = [cut(pipeline, answer) for answer in answers]
    rows = {name: compare(*picked) for name, picked in groups(answers, found).items()}
    if json:
        say_json({name: {**asdict(one), **figures(one)} for name, one in rows.items()})
        return
    for name, one in rows.items():
        told = "\t".join("-" if value is None else f"{value:.3f}" for value in figures(one).values())
        say(f"{name}\t{one.answers}\t{one.true}\t{told}")


def learn_boundaries(sources: Sources) -> None:
    """Learn from answers without marks where sentences end in such; rewrites seed_data/tagger/boundaries.npz."""
    from app.language.pipeline import load_pipeline
    from app.language.speech.learning import learn, save
    from app.language.training.examples import digest

    sources = sorted(sources)
    with faults_told():
        answers = [answer for source in sources for answer in read_answers(source)]
        pipeline = load_pipeline()
        save({lang: learn(answers, pipeline, lang=lang) for lang in LANGUAGES}, digest(sources))
    say(f"{len(answers)}")


def read_answers(source: Path) -> list[Spoken]:
    """Return the answers of a text.

    Raises:
        AppError: the file cannot be read.
    """
    try:
        return list(answers_of(source.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise AppError("unreadable", N_("{name} cannot be read as UTF-8 text."), name=source.name) from error


def cut(pipeline: "Pipeline", answer: Spoken) -> list[str]:
    """Return the sentences found in an answer."""
    with pipeline.memory():
        doc = pipeline.read(AnswerInput(text=answer.text, lang=answer.lang))
        return [sentence.text for sentence in doc.spans["sentences"]]


def groups(answers: list[Spoken], found: list[list[str]]) -> dict[str, tuple[list[Spoken], list[list[str]]]]:
    """Return answers with what was found in them: all, with marks, without, for each language that there is."""
    chosen = {}
    for lang in LANGUAGES:
        for name, marked in ((lang, (True, False)), (f"{lang}.marked", (True,)), (f"{lang}.unmarked", (False,))):
            picked = [
                pair
                for pair in zip(answers, found, strict=True)
                if pair[0].lang == lang and pair[0].is_punctuated in marked
            ]
            if picked:
                chosen[name] = ([one for one, _ in picked], [parts for _, parts in picked])
    return chosen


def figures(one: Boundaries) -> dict[str, float | None]:
    """Return what is printed of a comparison."""
    return {"precision": one.precision, "recall": one.recall, "f1": one.f1}
