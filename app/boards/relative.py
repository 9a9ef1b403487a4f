"""Relative time and rounded money: what a planner may see of a purchase record."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.boards.schemas import Ago, AgoUnit, Amount, BoardEvent, BoardOrder, Change, ChangeKind, TurningPoint, View
from app.purchases.schemas import CANCELLED, Order, PurchaseEvent, Timeline
from app.purchases.timelines import order_kind

SIGNIFICANT_DIGITS = 2
DAYS_PER_MONTH = Decimal("30.4375")
DAYS_PER_WEEK = 7
WEEKS_BELOW_DAYS = 60
DAYS_IN = {AgoUnit.DAY: Decimal(1), AgoUnit.WEEK: Decimal(DAYS_PER_WEEK), AgoUnit.MONTH: DAYS_PER_MONTH}


def rounded(value: Decimal) -> Decimal:
    """Return the value to two significant digits: 101,240 → 100,000, 4,380 → 4,400."""
    if value == 0:
        return Decimal(0)
    step = Decimal(1).scaleb(value.adjusted() - SIGNIFICANT_DIGITS + 1)
    return (value / step).quantize(Decimal(1)) * step


def amount(value: Decimal, currency: str, view: View) -> Amount:
    """Return money as this reader may see it."""
    if view is View.PLANNER:
        return Amount(value=rounded(value), currency=currency, rounded=True)
    return Amount(value=value, currency=currency, rounded=False)


def months(days: int) -> int:
    """Return whole months in a number of days, by the mean month."""
    return int(Decimal(days) / DAYS_PER_MONTH)


def ago(days: int, view: View) -> Ago:
    """Return how long ago; for planners in weeks up to two months, then in months, so that no date can be counted."""
    if view is View.RESEARCHER:
        return Ago(AgoUnit.DAY, days)
    if days < WEEKS_BELOW_DAYS:
        return Ago(AgoUnit.WEEK, round(days / DAYS_PER_WEEK))
    return Ago(AgoUnit.MONTH, round(Decimal(days) / DAYS_PER_MONTH))


def days_of(since: Ago) -> int:
    """Return the length in days, as coarse as it is."""
    return round(since.n * DAYS_IN[since.unit])


def as_of_day(timeline: Timeline, since: Ago | None, events: tuple[BoardEvent, ...]) -> int:
    """Return the as-of date in days from the first order, as exact as `since`, never before what is drawn."""
    if since is None:
        return 0
    span = (timeline.orders[-1].ordered_on - timeline.orders[0].ordered_on).days
    return max([span + days_of(since), *(event.day for event in events)])


def board_orders(timeline: Timeline, view: View) -> tuple[BoardOrder, ...]:
    """Return orders with days since the first one; no date in the planner view."""
    if not timeline.orders:
        return ()
    first = timeline.orders[0].ordered_on
    gaps: list[int | None] = [None]
    gaps += [
        (later.ordered_on - earlier.ordered_on).days
        for earlier, later in zip(timeline.orders, timeline.orders[1:], strict=False)
    ]
    return tuple(
        board_order(order, first=first, gap=gap, currency=timeline.currency, view=view)
        for order, gap in zip(timeline.orders, gaps, strict=True)
    )


def board_order(order: Order, *, first: date, gap: int | None, currency: str, view: View) -> BoardOrder:
    """Return one order as this reader may see it."""
    return BoardOrder(
        number=order.number,
        day=(order.ordered_on - first).days,
        on=order.ordered_on if view is View.RESEARCHER else None,
        amount=amount(order.amount, order.currency or currency, view),
        kind=order_kind(order),
        items=len({line.product_code or line.product_name for line in order.lines}),
        products=tuple(dict.fromkeys(line.product_name for line in order.lines if line.product_name)),
        gap_days=gap,
    )


def board_events(events: tuple[PurchaseEvent, ...], *, first: date | None, view: View) -> tuple[BoardEvent, ...]:
    """Return events with days since the first order; none without an order to count from.

    Planners see the month only of what is not in the order record: the day of a price change is known to the whole firm,
    and would tell them the day of the first order.
    """
    if first is None:
        return ()
    known = [(event, (event.happened_on - first).days) for event in events]
    return tuple(
        BoardEvent(
            kind=event.kind,
            day=day if view is View.RESEARCHER or event.kind == CANCELLED else month_start(day),
            on=event.happened_on if view is View.RESEARCHER else None,
            own=event.own,
        )
        for event, day in known
        if day >= 0 or event.kind == CANCELLED
    )


def month_start(day: int) -> int:
    """Return the first day of the month, counted from the first order, in which a day lies."""
    return round(months(day) * DAYS_PER_MONTH)


def turning_for(turning: TurningPoint | None, view: View) -> TurningPoint | None:
    """Return the turning point with mean amounts rounded for planners; the interval stays where it is."""
    if turning is None or view is View.RESEARCHER:
        return turning
    return replace(turning, changes=tuple(coarse(change) for change in turning.changes))


def coarse(change: Change) -> Change:
    """Return a change with rounded money; days and items are no secret."""
    if change.kind is not ChangeKind.AMOUNT:
        return change
    sides = [rounded(side) if isinstance(side, Decimal) else side for side in (change.before, change.after)]
    return replace(change, before=sides[0], after=sides[1])
