"""How often stages are right on authors nobody learned from, what more sentences bring, and how fast sentences are read.

Alone: `python -m tests.bench.stages`.
"""

import time
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path

from app.cli.tagger_train import CORPUS, SIZES, Step, fitted, step, told
from app.cli.taggers import TaggerName, tagger_named, words_of
from app.language.codebook import Stage
from app.language.lines import Line, read_lines
from app.language.measure.evaluation import Evaluation
from app.language.measure.running import measured
from app.language.training.examples import first_interviews, read_examples
from tests.support.report import table, write_section

N1_STAGES = (Stage.AWARENESS, Stage.PURCHASE_REASON, Stage.LOYALTY_TRIGGER, Stage.CHURN_REASON)
ROUNDS = 4
DEV = CORPUS / "dev.jsonl"


def measure() -> str:
    """Return three tables: taggers side by side, the learning curve, speed and size."""
    lines = read_lines(DEV)
    return "\n\n".join((side_by_side(lines), curve(lines), speed()))


def side_by_side(lines: Sequence[Line]) -> str:
    """Return the question rule, the rules alone and the light model, with and without context."""
    rows: list[tuple[object, ...]] = []
    for name in (TaggerName.QUESTION, TaggerName.RULES, TaggerName.LIGHT):
        for context in (True, False):
            found = measured(lines, tagger_named(name), words_of, context=context)
            rows.append((name.value, "with context" if context else "text only", *figures(found)))
    head = ("dev split, authors not learned from", "", "micro", "macro", "off the question")
    return table((*head, *(stage.value for stage in N1_STAGES), "evidence", "ECE"), rows)


def figures(found: Evaluation) -> list[str]:
    """Return F1 figures, evidence and calibration error with two places, intervals beside the first three."""
    main = [
        "-" if one.value is None else f"{one.value:.2f} [{one.low:.2f}, {one.high:.2f}]"
        for one in (found.micro, found.macro, found.off_question)
    ]
    others = [*(found.stages[stage] for stage in N1_STAGES), found.evidence, found.ece]
    return main + ["-" if one.value is None else f"{one.value:.2f}" for one in others]


def curve(lines: list[Line]) -> str:
    """Return what so many sentences bring."""
    corpus = CORPUS / "train.jsonl"
    examples = read_examples([corpus])
    parts = [first_interviews(examples, size) for size in SIZES] + [examples]
    return table(
        (
            "sentences learned",
            "interviews",
            "micro",
            "macro",
            "off the question",
            "text only, macro",
            "loyalty_trigger",
        ),
        [row(step(part, fitted(part, corpus), lines)) for part in parts],
    )


def row(one: Step) -> tuple[object, ...]:
    """Return one step of the curve."""
    found = (one.micro_f1, one.macro_f1, one.off_question_f1, one.text_only_macro_f1, one.loyalty_trigger_f1)
    return (f"{one.sentences:,}", one.interviews, *map(told, found))


def speed() -> str:
    """Return sentences a second on one core and on two, and the size of the weights."""
    with get_context("spawn").Pool(2) as pool:
        alone = pool.apply(rate)
        both = sum(pool.map(rate_of, range(2)))
    size = sum(path.stat().st_size for path in CORPUS.glob("*.npz"))
    return table(
        ("light tagger, evidence and details included", "measured"),
        [
            ("sentences a second, one process", f"{alone:.0f}"),
            ("sentences a second, two processes", f"{both:.0f}"),
            ("weights of stages, evidence, details and boundaries, MB", f"{size / 1e6:.1f}"),
        ],
    )


def rate_of(_: int) -> float:
    """Return sentences a second, for a pool."""
    return rate()


def rate() -> float:
    """Return sentences a second in this process."""
    tagger = tagger_named(TaggerName.LIGHT)
    sentences = [line.sentence for line in read_lines(DEV)]
    tagger.tag(sentences[:50])
    began = time.perf_counter()
    for _ in range(ROUNDS):
        tagger.tag(sentences)
    return ROUNDS * len(sentences) / (time.perf_counter() - began)


if __name__ == "__main__":
    write_section(Path(__file__).stem.capitalize(), measure())
