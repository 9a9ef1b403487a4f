"""The rules that name a customer, as Ibis expressions: purchase type, customer class, bands, stop point.

A row holds the customer's figures and the numbers of its source: long_days, high_amount, lapse_days, churn_days.
"""

import ibis

from app.purchases.classes import STOPPED, CustomerClass, PurchaseType
from app.purchases.figures.stored import Table, Value

ELAPSED_BOUNDS = (30, 60, 90, 120)
ENDINGS = ("cancelled", "stopped")


def count_band(orders: Value) -> Value:
    """Return 1, 2, 3 or 4+."""
    return ibis.ifelse(orders < 4, orders.cast("string"), "4+")


def elapsed_band(days_since_last: Value) -> Value:
    """Return the upper bound of the band (30, 60, 90, 120) or `over`."""
    return ibis.cases(*((days_since_last <= bound, str(bound)) for bound in ELAPSED_BOUNDS), else_="over")


def purchase_type(row: Table) -> Value:
    """Return the cell of count × period × amount."""
    long = row.last_order_on.delta(row.first_order_on, unit="day") >= row.long_days
    high = row.amount >= row.high_amount
    return ibis.cases(
        (row.orders <= 1, PurchaseType.FIRST_TIME.value),
        (long & high, PurchaseType.FAN.value),
        (long, PurchaseType.REPEAT.value),
        (high, PurchaseType.TREND.value),
        else_=PurchaseType.BUDDING.value,
    )


def subscription_ended(row: Table) -> Value:
    """Return whether the last subscription was cancelled and nothing was ordered since."""
    return row.cancelled_on.notnull() & (row.cancelled_on >= row.last_order_on)


def customer_class(row: Table) -> Value:
    """Return the first class that fits: churned, lapsed, new, loyal, active. `row` has its purchase_type."""
    return ibis.cases(
        (subscription_ended(row) | (row.days_since_last > row.churn_days), CustomerClass.CHURNED.value),
        (row.days_since_last > row.lapse_days, CustomerClass.LAPSED.value),
        (row.orders == 1, CustomerClass.NEW.value),
        (row.purchase_type == PurchaseType.FAN.value, CustomerClass.LOYAL.value),
        else_=CustomerClass.ACTIVE.value,
    )


def stopped(row: Table) -> Value:
    """Return whether a customer is of a class that no longer buys."""
    return row.customer_class.isin([kind.value for kind in STOPPED])


def gave_up(row: Table) -> Value:
    """Return whether somebody stopped by cancelling: after the last delivery of what they cancelled, whatever they bought beside.

    Who cancelled a subscription of which no delivery is known stopped after the last order like anybody else.
    """
    return subscription_ended(row) & row.ended_product.notnull()


def stop_number(row: Table) -> Value:
    """Return how many orders of that kind there were; a subscription's own count (定期回数) wins.

    `last_kind` and `last_number` are those of the last order, or of the subscription that ended where they gave up.
    """
    counted = ibis.cases(
        (row.last_kind == "trial", row.trial_orders),
        (row.last_kind == "single", row.single_orders),
        else_=ibis.ifelse(row.last_number > 0, row.last_number, row.subscription_orders),
    )
    return ibis.ifelse(stopped(row), counted, ibis.null("int64"))


def stop_ending(row: Table) -> Value:
    """Return cancelled where the last subscription was ended, else stopped."""
    return ibis.ifelse(stopped(row), ibis.ifelse(gave_up(row), "cancelled", "stopped"), ibis.null("string"))
