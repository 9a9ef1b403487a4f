"""Code names (コード名): bird names that say nothing about a person."""

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path

NAMES_FILE = Path(__file__).resolve().parents[3] / "seed_data" / "guides" / "code_names.toml"


@cache
def birds() -> tuple[str, ...]:
    """Return the names in the order in which they are given."""
    return tuple(tomllib.loads(NAMES_FILE.read_text(encoding="utf-8"))["birds"])


def next_code_name(taken: Collection[str]) -> str:
    """Return the first free name; once all birds are given, they come again with a number."""
    used = set(taken)
    number = 1
    while True:
        for bird in birds():
            name = bird if number == 1 else f"{bird}{number}"
            if name not in used:
                return name
        number += 1
