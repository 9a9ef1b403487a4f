"""Amounts as text: exact, by currency, never added."""

from collections.abc import Mapping
from decimal import Decimal


def plain_decimal(amount: Decimal, currency: str) -> str:
    """Return an exact decimal as text: 2500315.63; yen without decimals unless the file has some."""
    least = 0 if currency == "JPY" else 2
    text = f"{amount:f}"
    whole, _, rest = text.partition(".")
    rest = rest.rstrip("0").ljust(least, "0")
    return f"{whole}.{rest}" if rest else whole


def by_currency(amount: Mapping[str, Decimal]) -> dict[str, str]:
    """Return amounts as text by currency."""
    return {currency: plain_decimal(value, currency) for currency, value in amount.items()}
