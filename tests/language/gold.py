"""Figures of the cue rules on the hand-labelled sentences: micro-F1 in context, of the question alone, off the question."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.language.codebook import QUESTION_STAGE, Stage
from app.language.schemas import SentenceInput
from app.language.tagger import RuleTagger

FOLDER = Path(__file__).parent
SEEN, UNSEEN = "gold.toml", "gold_unseen.toml"


@dataclass(frozen=True)
class Labelled:
    """One sentence in context with the stages a person gave it."""

    given: SentenceInput
    stages: frozenset[Stage]


def labelled(name: str = SEEN) -> list[Labelled]:
    """Return the labelled sentences in answer order."""
    found = []
    for answer in tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))["answer"]:
        previous = ""
        for position, one in enumerate(answer["sentences"]):
            given = SentenceInput(
                text=one["text"],
                question=answer["question"],
                previous=previous,
                position=position,
                customer=answer["customer"],
                lang=answer["lang"],
            )
            found.append(Labelled(given=given, stages=frozenset(map(Stage, one["stages"]))))
            previous = one["text"]
    return found


def micro_f1(pairs: Iterable[tuple[frozenset[Stage], frozenset[Stage]]]) -> float:
    """Return micro-averaged F1 over (right, guessed) pairs."""
    right = wrong = missed = 0
    for truth, guess in pairs:
        right += len(truth & guess)
        wrong += len(guess - truth)
        missed += len(truth - guess)
    return 2 * right / (2 * right + wrong + missed) if right else 0.0


def guessed(one: Labelled) -> frozenset[Stage]:
    """Return the stages by the cue rules."""
    return frozenset(tag.stage for tag in RuleTagger().tag([one.given])[0].tags)


def by_question(one: Labelled) -> frozenset[Stage]:
    """Return the stage the question asks for: the line to beat."""
    return frozenset({QUESTION_STAGE[one.given.question]})


def off_question(one: Labelled, stages: frozenset[Stage]) -> frozenset[Stage]:
    """Return the stages other than the one the question asks for."""
    return stages - by_question(one)


def figures(name: str = SEEN, lang: str = "") -> dict[str, float]:
    """Return the three figures for one language or both."""
    chosen = [one for one in labelled(name) if not lang or one.given.lang == lang]
    return {
        "context": micro_f1((one.stages, guessed(one)) for one in chosen),
        "question_alone": micro_f1((one.stages, by_question(one)) for one in chosen),
        "off_question": micro_f1((off_question(one, one.stages), off_question(one, guessed(one))) for one in chosen),
    }


if __name__ == "__main__":
    for name in (SEEN, UNSEEN):
        for lang in ("", "ja", "en"):
            print(name, lang or "all", {key: round(value, 3) for key, value in figures(name, lang).items()})
