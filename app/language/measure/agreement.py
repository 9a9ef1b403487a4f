"""How far two readers agree: Cohen's kappa of each stage (Cohen 1960), over the sentences both read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.language.codebook import STAGES, Stage


@dataclass(frozen=True)
class Agreement:
    """One stage: sentences both read, how many each gave it, how many both, and kappa (None where chance explains all)."""

    stage: Stage
    sentences: int
    first: int
    second: int
    both: int
    kappa: float | None


Pair = tuple[frozenset[Stage], frozenset[Stage]]


def agreements(pairs: Sequence[Pair]) -> tuple[Agreement, ...]:
    """Return the agreement on every stage, of the stages that the first and the second reader gave each sentence."""
    return tuple(_agreement(stage, pairs) for stage in STAGES)


def _agreement(stage: Stage, pairs: Sequence[Pair]) -> Agreement:
    first = sum(stage in one for one, _ in pairs)
    second = sum(stage in other for _, other in pairs)
    both = sum(stage in one and stage in other for one, other in pairs)
    return Agreement(stage, len(pairs), first, second, both, kappa(len(pairs), first, second, both))


def kappa(sentences: int, first: int, second: int, both: int) -> float | None:
    """Return (observed - by chance) / (1 - by chance); None where both readers always say the same thing."""
    if not sentences:
        return None
    observed = (sentences - first - second + 2 * both) / sentences
    chance = (first * second + (sentences - first) * (sentences - second)) / sentences**2
    return None if chance == 1 else (observed - chance) / (1 - chance)


def mean_kappa(found: Iterable[Agreement]) -> float | None:
    """Return the mean over the stages that have a kappa."""
    known = [one.kappa for one in found if one.kappa is not None]
    return sum(known) / len(known) if known else None
