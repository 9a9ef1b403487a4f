"""Which events belong on a customer's timeline. Pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from app.purchases.catalogue.words import plain
from app.purchases.schemas import Order, PurchaseEvent

BEFORE_FIRST = timedelta(days=30)


def fitting(
    events: Iterable[PurchaseEvent], orders: Sequence[Order], names: Collection[str], as_of: date | None
) -> tuple[PurchaseEvent, ...]:
    """Return the events that belong on a timeline: up to the as-of date, a shop's from shortly before the first order on.

    An event of a product is left out for those who never bought it; `names` are the codes, names and families they bought.
    """
    first = orders[0].ordered_on - BEFORE_FIRST if orders else date.max
    bought = {plain(name) for name in names if name}
    return tuple(
        event
        for event in events
        if (as_of is None or event.happened_on <= as_of)
        and (event.own or (event.happened_on >= first and _concerns(event, bought)))
    )


def _concerns(event: PurchaseEvent, bought: Collection[str]) -> bool:
    wanted = plain(event.product)
    return not wanted or any(wanted in name or (name in wanted and len(name) > 1) for name in bought)
