"""Reads the class rules' numbers from TOML."""

import tomllib
from decimal import Decimal
from pathlib import Path

from app.purchases.classes import Segments

DEFAULT_SEGMENTS = Path(__file__).resolve().parents[2] / "seed_data" / "segments" / "default.toml"


def read_segments(path: Path = DEFAULT_SEGMENTS) -> Segments:
    """Return the numbers of the file.

    Raises:
        KeyError: a number is missing; a rule without its number is never guessed.
    """
    with path.open("rb") as file:
        tables = tomllib.load(file, parse_float=Decimal)
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
