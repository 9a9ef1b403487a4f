"""The numbers behind classes, types and ranks: the file has the defaults, the app store what a shop has set instead."""

import tomllib
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.purchases.classes import Segments
from app.purchases.models import PurchaseSettings
from app.purchases.scoring.cutoffs import Cutoffs

DEFAULT_SEGMENTS = Path(__file__).resolve().parents[2] / "seed_data" / "segments" / "default.toml"


@dataclass(frozen=True)
class Numbers:
    """All that is editable: what names people (`segments`, a change of it needs a build), and the fixed cut-offs of ranks."""

    segments: Segments = field(default_factory=Segments)
    cutoffs: Cutoffs = field(default_factory=Cutoffs)


def read_segments(path: Path = DEFAULT_SEGMENTS) -> Segments:
    """Return the numbers of the file that name people.

    Raises:
        KeyError: a number is missing; a rule without its number is never guessed.
    """
    tables = _tables(path)
    kind, lapse, churn, best = (tables[name] for name in ("purchase_type", "lapse", "churn", "super_loyal"))
    return Segments(
        long_days=int(kind["long_days"]),
        high_orders=Decimal(kind["high_orders"]),
        lapse_share=float(lapse["share"]),
        lapse_least=int(lapse["least"]),
        lapse_most=int(lapse["most"]),
        churn_days=int(churn["days"]),
        churn_times_lapse=int(churn["times_lapse"]),
        super_loyal_share=float(best["share"]),
        super_loyal_days=int(best["days"]),
    )


def read_cutoffs(path: Path = DEFAULT_SEGMENTS) -> Cutoffs:
    """Return the fixed cut-offs of the file.

    Raises:
        KeyError: a number is missing.
    """
    ranks = _tables(path)["rfm"]
    return Cutoffs(
        days=tuple(ranks["days"]),
        orders=tuple(ranks["orders"]),
        amount=tuple((code, tuple(map(Decimal, limits))) for code, limits in ranks["amount"].items()),
    )


@cache
def defaults() -> Numbers:
    """Return the numbers of the file."""
    return Numbers(read_segments(), read_cutoffs())


def in_force(session: Session) -> Numbers:
    """Return the numbers that count: what is set in the app store, else those of the file."""
    row = session.get(PurchaseSettings, 1)
    return from_stored(row.segments if row else {})


def from_stored(stored: dict[str, Any]) -> Numbers:
    """Return the numbers of what the app store holds; it names only those that differ from the file."""
    base = defaults()
    kinds = {one.name: type(getattr(base.segments, one.name)) for one in fields(Segments)}
    own = {name: kind(stored[name]) for name, kind in kinds.items() if name in stored}
    ranks: dict[str, Any] = {name: tuple(stored[name]) for name in ("days", "orders") if name in stored}
    if "amount" in stored:
        ranks["amount"] = tuple((code, tuple(map(Decimal, limits))) for code, limits in stored["amount"])
    return Numbers(replace(base.segments, **own), replace(base.cutoffs, **ranks))


def to_stored(numbers: Numbers) -> dict[str, Any]:
    """Return what the app store keeps of these numbers: those that differ from the file, in plain values."""
    base = defaults()
    found: dict[str, Any] = {}
    for one in fields(Segments):
        value = getattr(numbers.segments, one.name)
        if value != getattr(base.segments, one.name):
            found[one.name] = str(value) if isinstance(value, Decimal) else value
    for name in ("days", "orders"):
        if getattr(numbers.cutoffs, name) != getattr(base.cutoffs, name):
            found[name] = list(getattr(numbers.cutoffs, name))
    if numbers.cutoffs.amount != base.cutoffs.amount:
        found["amount"] = [[code, [str(limit) for limit in limits]] for code, limits in numbers.cutoffs.amount]
    return found


def _tables(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)
