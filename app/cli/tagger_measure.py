"""`n1 tagger evaluate | agreement | corpus-report`: how often the tagger is right, how far readers agree, what a corpus holds."""

import csv
from collections.abc import Sequence
from dataclasses import asdict
from itertools import combinations, compress
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.common import faults_told, say, say_json, words
from app.cli.taggers import TaggerName, tagger_named, words_of
from app.core import clock
from app.core.errors import AppError
from app.core.i18n import N_
from app.language.codebook import STAGE_LABELS, Stage
from app.language.lines import Line, read_lines
from app.language.measure.agreement import Agreement, agreements, mean_kappa
from app.language.measure.composition import Composition, Entry, composition
from app.language.measure.evaluation import Evaluation, Proposed
from app.language.measure.evaluation import evaluate as measured
from app.language.measure.intervals import Figure
from app.language.measure.labelled import Labelled, labels_of
from app.language.measure.overlaps import Sentence
from app.language.measure.running import labelled, proposals
from app.language.tagger import RuleTagger

RUNS = Path(__file__).resolve().parents[2] / "docs" / "tagger_runs.csv"
KEPT_APART = frozenset({"test", "test_natural"})
"""Splits that are for measuring only: every look at them is written down."""
NAMES = ("micro_f1", "macro_f1", "off_question_f1", "channel_f1", "cancel_reason_f1", "anxiety_kind_f1", "facets_f1", "evidence_f1", "ece")  # fmt: skip
RUN_STAGES = (Stage.AWARENESS, Stage.PURCHASE_REASON, Stage.LOYALTY_TRIGGER, Stage.CHURN_REASON)

Source = Annotated[Path, typer.Argument(help="JSON lines, each with a text and its true stages.")]
Sources = Annotated[list[Path], typer.Argument(help="Files of the corpus.")]
Context = Annotated[
    bool, typer.Option(help="Let the tagger see the question, the sentences before, class and product.")
]
Which = Annotated[TaggerName, typer.Option(help="The light model, the cue rules alone, or “what the question asks”.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]


def evaluate(
    source: Source, *, context: Context = True, tagger: Which = TaggerName.LIGHT, json: JsonFlag = False
) -> None:
    """Measure a tagger on labelled sentences."""
    with faults_told():
        lines = read_lines(source)
        gold = [labelled(line) for line in lines]
        proposer = tagger_named(tagger)
        given = proposals(lines, proposer, context=context)
        found = measured(gold, given, words_of)
        languages = by_language([line.sentence.lang for line in lines], gold, given)
        if any(line.given.get("split") in KEPT_APART for line in lines):
            used = TaggerName.RULES if isinstance(proposer, RuleTagger) else tagger  # also where weights cannot be used
            note(source, found, languages, context=context, tagger=used)
    if json:
        say_json(document(found, context=context) | {"languages": {name: flat(one) for name, one in languages.items()}})
        return
    for name, figure in named(found).items():
        say(f"{name}\t{told(figure)}")
    for stage, figure in found.stages.items():
        say(f"{words()(STAGE_LABELS[stage])}\t{told(figure)}")


def by_language(spoken: Sequence[str], gold: Sequence[Labelled], given: Sequence[Proposed]) -> dict[str, Evaluation]:
    """Return the figures of each language, where sentences are of more than one."""
    parts = {lang: [one == lang for one in spoken] for lang in sorted(set(spoken))}
    if len(parts) < 2:
        return {}
    return {
        lang: measured(list(compress(gold, part)), list(compress(given, part)), words_of)
        for lang, part in parts.items()
    }


def flat(found: Evaluation) -> dict[str, Any]:
    """Return figures without their intervals."""
    return {
        "sentences": found.sentences,
        **{name: figure.value for name, figure in named(found).items()},
        "stages": {stage: figure.value for stage, figure in found.stages.items()},
    }


def named(found: Evaluation) -> dict[str, Figure]:
    """Return the figures that are not of one stage, by the names they are printed under."""
    values = (found.micro, found.macro, found.off_question, *found.lists.values(), found.evidence, found.ece)
    return dict(zip(NAMES, values, strict=True))


def document(found: Evaluation, *, context: bool) -> dict[str, Any]:
    """Return what is printed as JSON: figures flat, their 95 % intervals beside them under the same names."""
    figures = named(found)
    return {
        **flat(found),
        "groups": found.groups,
        "context": context,
        "intervals": {
            **{name: [figure.low, figure.high] for name, figure in figures.items()},
            "stages": {stage: [figure.low, figure.high] for stage, figure in found.stages.items()},
        },
    }


def told(figure: Figure) -> str:
    """Return a figure with its interval."""
    return "-" if figure.value is None else f"{figure.value:.3f}\t[{figure.low:.3f}, {figure.high:.3f}]"


def note(
    source: Path, found: Evaluation, languages: dict[str, Evaluation], *, context: bool, tagger: TaggerName
) -> None:
    """Write down that sentences kept for measuring were looked at; where that cannot be, the row is told instead."""
    row = {
        "at": clock.utc_now().isoformat(timespec="seconds"),
        "file": source.name,
        "sentences": found.sentences,
        "context": context,
        "tagger": tagger.value,
        **{name: figure.value for name, figure in named(found).items()},
        **{stage.value: found.stages[stage].value for stage in RUN_STAGES},
        "macro_f1_by_language": "; ".join(
            f"{lang} {told(one.macro)}".replace("\t", " ") for lang, one in languages.items()
        ),
    }
    fresh = not RUNS.exists()
    try:
        with RUNS.open("a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, row, lineterminator="\n")
            if fresh:
                writer.writeheader()
            writer.writerow(row)
    except OSError:
        text = words()(N_("{name} cannot be written. Add this look to it by hand: {row}"), name=RUNS.name, row=row)
        typer.echo(text, err=True)


def agreement(sources: Sources, *, json: JsonFlag = False) -> None:  # fmt: skip
    """Print how far the readers agree on each stage (Cohen's kappa)."""
    with faults_told():
        found = agreements([pair for source in sources for line in read_lines(source) for pair in pairs(line)])
    if json:
        say_json({"stages": {one.stage: asdict(one) for one in found}, "mean_kappa": mean_kappa(found)})
        return
    for one in found:
        say(
            f"{words()(STAGE_LABELS[one.stage])}\t{one.sentences}\t{one.first}\t{one.second}\t{one.both}\t{kappa_told(one)}"
        )


def kappa_told(one: Agreement) -> str:
    """Return a kappa, or a dash where there is none."""
    return "-" if one.kappa is None else f"{one.kappa:.3f}"


def pairs(line: Line) -> list[tuple[frozenset[Stage], frozenset[Stage]]]:
    """Return the stages that each two readers of a sentence gave it; `readers` holds one object for each reader.

    Raises:
        AppError: a line holds no readers, or labels that are not of the codebook.
    """
    readers = line.given.get("readers")
    if not isinstance(readers, dict) or not all(isinstance(one, dict) for one in readers.values()):
        raise AppError("no_readers", N_("Line {number} holds no labels of readers."), number=line.number)
    given = [labels_of({"text": line.given["text"], **one}, line.number).stages for one in readers.values()]
    return list(combinations(given, 2))


def corpus_report(sources: Sources, *, json: JsonFlag = False) -> None:
    """Print what a labelled corpus holds: its size, what lies off the question, how often each label occurs."""
    with faults_told():
        found = composition([entry(line) for source in sources for line in read_lines(source)])
    if json:
        say_json(asdict(found))
        return
    for name, value in plain(found).items():
        say(f"{name}\t{value}")


def entry(line: Line) -> Entry:
    """Return one line of a corpus."""
    found = labelled(line)
    return Entry(
        labelled=found,
        sentence=Sentence(found.group, line.sentence.lang, found.text),
        author=str(line.given.get("author", "")),
        product=line.sentence.product,
        category=str(line.given.get("category", "")),
        is_copy="copy_of" in line.given,
    )


def plain(found: Composition) -> dict[str, str]:
    """Return the figures by name, shares in per cent, counts of labels after them."""
    shown: dict[str, str] = {}
    for name, value in asdict(found).items():
        if isinstance(value, dict):
            shown |= {f"{name}.{label}": str(count) for label, count in value.items()}
        else:
            shown[name] = f"{value:.1%}" if isinstance(value, float) else str(value)
    return shown
