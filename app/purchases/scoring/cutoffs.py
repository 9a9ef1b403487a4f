"""Ranks A to E by fixed cut-offs of days, orders and amount, as shops set them by hand. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

RANKS = ("A", "B", "C", "D", "E")
OTHER = "other"
LEAST_MONEY = Decimal("0.0001")
"""The smallest difference of amounts in the files of a build."""


@dataclass(frozen=True)
class Cutoffs:
    """The limits of A, B, C and D; what meets none is E. `amount` by currency, `other` for those without their own."""

    days: tuple[int, ...] = (30, 60, 120, 240)
    orders: tuple[int, ...] = (10, 5, 3, 2)
    amount: tuple[tuple[str, tuple[Decimal, ...]], ...] = (
        ("JPY", (Decimal(50_000), Decimal(30_000), Decimal(10_000), Decimal(5_000))),
        (OTHER, (Decimal(500), Decimal(300), Decimal(100), Decimal(50))),
    )

    def amounts(self, currency: str) -> tuple[Decimal, ...]:
        """Return the limits of a currency."""
        known = dict(self.amount)
        return known.get(currency, known[OTHER])


def days_rank(column: str, cutoffs: Cutoffs) -> str:
    """Return the SQL of the place of a rank, 1 is A, by days since the last order."""
    return _first_of(f"{column} <= {limit}" for limit in cutoffs.days)


def orders_rank(column: str, cutoffs: Cutoffs) -> str:
    """Return the SQL of the place of a rank, 1 is A, by the number of orders."""
    return _first_of(f"{column} >= {limit}" for limit in cutoffs.orders)


def amount_rank(column: str, currency: str, cutoffs: Cutoffs) -> str:
    """Return the SQL of the place of a rank, 1 is A, by the amount in the currency of its column."""
    own = [(code, limits) for code, limits in cutoffs.amount if code != OTHER]
    tests = " ".join(
        f"WHEN {currency} = '{code}' THEN {_first_of(f'{column} >= {limit}' for limit in limits)}"
        for code, limits in own
    )
    other = _first_of(f"{column} >= {limit}" for limit in cutoffs.amounts(OTHER))
    return f"CASE {tests} ELSE {other} END" if tests else other


def days_span(rank: int, cutoffs: Cutoffs) -> str:
    """Return the days of a rank as a rule writes them: 0-30, 31-60 … 241-."""
    low = cutoffs.days[rank - 2] + 1 if rank > 1 else 0
    return f"{low}-{cutoffs.days[rank - 1]}" if rank < len(RANKS) else f"{low}-"


def orders_span(rank: int, cutoffs: Cutoffs) -> str:
    """Return the orders of a rank as a rule writes them: 10-, 5-9 … -1."""
    high = f"{cutoffs.orders[rank - 2] - 1}" if rank > 1 else ""
    low = f"{cutoffs.orders[rank - 1]}" if rank < len(RANKS) else ""
    return f"{low}-{high}"


def amount_span(rank: int, limits: tuple[Decimal, ...]) -> str:
    """Return the amounts of a rank as a rule writes them; the upper end is what lies just below the next limit."""
    high = f"{limits[rank - 2] - LEAST_MONEY:f}" if rank > 1 else ""
    low = f"{limits[rank - 1]:f}" if rank < len(RANKS) else ""
    return f"{low}-{high}"


def _first_of(tests: Iterable[str]) -> str:
    cases = " ".join(f"WHEN {test} THEN {place}" for place, test in enumerate(tests, start=1))
    return f"CASE {cases} ELSE {len(RANKS)} END"
