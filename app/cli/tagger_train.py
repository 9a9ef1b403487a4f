"""`n1 tagger train` and `learning-curve`: the light model from the corpus, and what more sentences bring."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.common import faults_told, say, say_json, words
from app.cli.taggers import pipeline, words_of
from app.language.codebook import Stage
from app.language.lines import Line, read_lines
from app.language.measure.running import measured

if TYPE_CHECKING:
    from app.language.light.model import LightModel
    from app.language.training.examples import Examples

CORPUS = Path(__file__).resolve().parents[2] / "seed_data" / "tagger"
SIZES = (1_000, 2_000, 4_000)
Learned = Annotated[Path, typer.Option("--corpus", help="Labelled sentences to learn from.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]


def train(
    corpus: Learned = CORPUS / "train.jsonl",
    target: Annotated[
        Path,
        typer.Option(
            "--out",
            exists=True,
            file_okay=False,
            writable=True,
            help="Where light.npz, evidence.npz and details.npz go.",
        ),
    ] = CORPUS,
) -> None:
    """Learn the weights of stages, evidence and details; the same corpus gives the same weights."""
    from app.language.training.details import read_told, train_details
    from app.language.training.evidence import read_marked, train_evidence
    from app.language.training.examples import read_examples

    with faults_told():
        examples = read_examples([corpus])
        stages = fitted(examples, corpus)
        details = train_details(read_told([corpus], pipeline().tokens, pipeline().vector))
        evidence = train_evidence(read_marked([corpus], pipeline().tokens))
    stages.save(target / "light.npz")
    details.save(target / "details.npz")
    evidence.save(target / "evidence.npz")
    say(words().plural("{n} sentence learned.", "{n} sentences learned.", n=len(examples.sentences)))


def fitted(examples: "Examples", corpus: Path) -> "LightModel":
    """Return the light model of these examples."""
    from app.language.training.examples import digest
    from app.language.training.stages import fit

    return fit(examples, pipeline(), digest([corpus]))


@dataclass(frozen=True)
class Step:
    """What so many sentences bring: four figures that are always read together, and the trigger for loyalty."""

    sentences: int
    interviews: int
    micro_f1: float | None
    macro_f1: float | None
    off_question_f1: float | None
    text_only_macro_f1: float | None
    loyalty_trigger_f1: float | None


def learning_curve(
    corpus: Learned = CORPUS / "train.jsonl",
    measured_on: Annotated[Path, typer.Option("--on", help="Labelled sentences of other authors.")] = CORPUS
    / "dev.jsonl",
    *,
    json: JsonFlag = False,
) -> None:
    """Print what 1,000, 2,000, 4,000 and all sentences bring."""
    from app.language.training.examples import first_interviews, read_examples

    with faults_told():
        examples, lines = read_examples([corpus]), read_lines(measured_on)
        sizes = [size for size in SIZES if size < len(examples.sentences)]
        parts = [first_interviews(examples, size) for size in sizes] + [examples]
        steps = [step(part, fitted(part, corpus), lines) for part in parts]
    if json:
        say_json([asdict(one) for one in steps])
        return
    for one in steps:
        say("\t".join(f"{name} {told(value)}" for name, value in asdict(one).items()))


def step(part: "Examples", model: "LightModel", lines: list[Line]) -> Step:
    """Return the figures of a model."""
    from app.language.evidence.finder import EvidenceFinder
    from app.language.light.details import FILE, DetailsModel
    from app.language.light.tagger import LightTagger

    tagger = LightTagger(model, EvidenceFinder.load(), DetailsModel.load(FILE), pipeline())
    with_context = measured(lines, tagger, words_of)
    alone = measured(lines, tagger, words_of, context=False)
    return Step(
        sentences=len(part.sentences),
        interviews=len(set(part.interviews)),
        micro_f1=with_context.micro.value,
        macro_f1=with_context.macro.value,
        off_question_f1=with_context.off_question.value,
        text_only_macro_f1=alone.macro.value,
        loyalty_trigger_f1=with_context.stages[Stage.LOYALTY_TRIGGER].value,
    )


def told(value: float | None) -> str:
    """Return a figure with three places, a count as it is."""
    return f"{value:.3f}" if isinstance(value, float) else str(value)
