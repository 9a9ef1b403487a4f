"""Reads the cue files of `seed_data/tagging`: patterns with a stage, a weight and conditions."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.language.codebook import Stage

FOLDER = Path(__file__).resolve().parents[2] / "seed_data" / "tagging"
NAME = re.compile("<([A-Z]+)>")
STOPPED = frozenset({"lapsed", "churned"})


@dataclass(frozen=True)
class Cue:
    """One rule: any of its patterns speaks for (or, below zero, against) a stage."""

    id: str
    stage: Stage
    weight: float
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    questions: frozenset[str]
    unless_questions: frozenset[str]
    customers: str
    negatable: bool
    example: str
    size: int

    def applies(self, question: str, customer: str) -> bool:
        """Return whether the rule is meant for this question and customer class."""
        if self.questions and question not in self.questions:
            return False
        if question in self.unless_questions:
            return False
        stopped = customer in STOPPED or (not customer and question in {"c1", "c2"})
        return not self.customers or (self.customers == "stopped") == stopped


def words_of(lang: str) -> dict[str, str]:
    """Return the named word groups of a language."""
    with (FOLDER / f"{lang}_words.toml").open("rb") as file:
        groups: dict[str, str] = tomllib.load(file)["words"]
    return groups


def compiled(patterns: list[str], words: Mapping[str, str]) -> re.Pattern[str]:
    """Return one pattern for several, with `<NAME>` replaced by its word group."""
    joined = "|".join(f"(?:{NAME.sub(lambda match: words[match[1]], pattern)})" for pattern in patterns)
    return re.compile(joined, re.IGNORECASE)


def cue(entry: Mapping[str, Any], words: Mapping[str, str]) -> Cue:
    """Return one rule of a cue file."""
    return Cue(
        id=entry["id"],
        stage=Stage(entry["stage"]),
        weight=float(entry["weight"]),
        pattern=compiled(entry["patterns"], words),
        unless=compiled(entry["unless"], words) if "unless" in entry else None,
        questions=frozenset(entry.get("questions", ())),
        unless_questions=frozenset(entry.get("unless_questions", ())),
        customers=entry.get("customers", ""),
        negatable=entry.get("negatable", True),
        example=entry["example"],
        size=len(entry["patterns"]),
    )


@cache
def load_cues(lang: str) -> tuple[Cue, ...]:
    """Return every stage rule of a language."""
    words = words_of(lang)
    found: list[Cue] = []
    for name in ("before", "after"):
        with (FOLDER / f"{lang}_{name}.toml").open("rb") as file:
            found.extend(cue(entry, words) for entry in tomllib.load(file)["cue"])
    return tuple(found)


@cache
def load_details(lang: str) -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    """Return detail name → (value, pattern) pairs in file order (facets, channel …)."""
    words = words_of(lang)
    with (FOLDER / f"{lang}_details.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {
        name: tuple((value, compiled(cues, words)) for value, cues in table.items()) for name, table in tables.items()
    }
