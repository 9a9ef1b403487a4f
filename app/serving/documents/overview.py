"""The shop at a glance, as documents."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from app.purchases.schemas import CountElapsedTable, Group, Overview
from app.serving.documents.amounts import by_currency


def overview(found: Overview | None) -> dict[str, Any]:
    """Return the shop on the as-of date; `as_of` is null while there are no orders."""
    if found is None:
        return {"as_of": None}
    return {
        "as_of": found.as_of, "as_of_is_set": found.as_of_is_set,
        "observed_until": found.observed_until, "customers": found.customers, "orders": found.orders,
        "amount": by_currency(found.amount), "first_order_on": found.first_order_on, "last_order_on": found.last_order_on,
        "classes": _groups("customer_class", found.classes), "types": _groups("purchase_type", found.types),
        "super_loyal": found.super_loyal, "sources": [asdict(one) for one in found.sources],
        "months": [
            {"month": f"{month:%Y-%m}", "orders": orders, "amount": by_currency(amount)}
            for month, orders, amount in found.months
        ],
        "unknown_orders": found.unknown_orders, "unknown_amount": by_currency(found.unknown_amount),
    }  # fmt: skip


def _groups(name: str, groups: Iterable[Group]) -> list[dict[str, Any]]:
    return [{name: one.key, "people": one.people, "amount": by_currency(one.amount)} for one in groups]


def count_elapsed(found: CountElapsedTable | None) -> dict[str, Any]:
    """Return order count × days since the last order; `cells` is null while there are no orders."""
    if found is None:
        return {"cells": None}
    return {
        "as_of": found.as_of,
        "past": {"cutoff": found.cutoff, "within_days": found.within_days, "measured": found.measured},
        "cells": [
            {
                "count": one.count, "elapsed": one.elapsed, "people": one.people, "amount": by_currency(one.amount),
                "measured_people": one.measured_people, "returned_share": one.returned_share,
            }
            for one in found.cells
        ],
    }  # fmt: skip
