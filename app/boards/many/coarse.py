"""How finely an attribute may be shown: 5 years → 10 years, prefecture → region, until enough customers share each value."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.purchases.other.prefectures import region

FEWEST = 5
LADDERS: Mapping[str, tuple[str, ...]] = {"age_5": ("age_5", "age_band"), "prefecture": ("prefecture", "region")}
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Shown:
    """An attribute as a reader may see it: the level, and each person's value on it; None is hidden, '' is not known."""

    level: str
    values: Mapping[str, str | None]


def levels(name: str) -> tuple[str, ...]:
    """Return the levels of an attribute, finest first; most have one."""
    return LADDERS.get(name, (name,))


def at_level(level: str, own: Mapping[str, str]) -> str:
    """Return a person's value on a level; empty where it is not known."""
    return region(own["prefecture"]) if level == "region" and "prefecture" in own else own.get(level, "")


def coarsened(name: str, people: Mapping[str, Mapping[str, str]], counts: Counts, *, fewest: int = FEWEST) -> Shown:
    """Return the finest level on which `fewest` customers share every value shown; else the coarsest, rare values hidden.

    `people` are the attributes of each person on the board, `counts` the customers of the shop for each level and value.
    """
    ladder = levels(name)
    for level in ladder:
        values = {person: at_level(level, own) for person, own in people.items()}
        if all(counts.get(level, {}).get(value, 0) >= fewest for value in values.values() if value):
            return Shown(level, dict(values))
    coarsest = ladder[-1]
    enough = counts.get(coarsest, {})
    values = {person: at_level(coarsest, own) for person, own in people.items()}
    return Shown(
        coarsest,
        {person: value if not value or enough.get(value, 0) >= fewest else None for person, value in values.items()},
    )


def region_counts(prefectures: Mapping[str, int]) -> dict[str, int]:
    """Return customers by region from customers by prefecture."""
    found: dict[str, int] = {}
    for name, people in prefectures.items():
        found[region(name)] = found.get(region(name), 0) + people
    return found
