"""Coverage cells (聞き取り区画): class × first product × stop point × sales channel."""

from dataclasses import dataclass

from app.purchases.classes import CustomerClass
from app.purchases.schemas import CustomerSummary, StopPoint

MANY = 5
LANES = (CustomerClass.LOYAL, CustomerClass.LAPSED, CustomerClass.CHURNED)


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One kind of customer to listen to."""

    lane: str
    first_product: str
    stop_point: str
    sales_channel: str


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """How somebody came in: one row of the coverage table."""

    first_product: str
    sales_channel: str


def stop_key(stop: StopPoint | None) -> str:
    """Return a stop point as one word: its kind, number and ending; from the fifth order on numbers are one."""
    return f"{stop.kind}:{min(stop.number, MANY)}:{stop.ending}" if stop else ""


def cell_of(summary: CustomerSummary) -> Cell:
    """Return the cell of a customer."""
    return Cell(
        lane=summary.customer_class.value,
        first_product=summary.first_product,
        stop_point=stop_key(summary.stop_point),
        sales_channel=summary.sales_channel,
    )


def entry_of(summary: CustomerSummary) -> Entry:
    """Return how a customer came in."""
    return Entry(first_product=summary.first_product, sales_channel=summary.sales_channel)
