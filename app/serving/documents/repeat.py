"""Who comes back, when, and what customers bring, as documents."""

from collections.abc import Iterable
from typing import Any

from app.purchases.repeat.schemas import (
    Attributes,
    CohortTable,
    CrossTable,
    Cycles,
    Gaps,
    Share,
    Steps,
    ValueRow,
    Values,
    Within,
)
from app.serving.documents.amounts import plain_decimal


def _share(share: Share) -> dict[str, Any]:
    return {"people": share.people, "base": share.base, "share": share.share}


def cohorts(found: CohortTable | None) -> dict[str, Any]:
    """Return customers by first month and months after it; empty while there are no orders."""
    if found is None:
        return {}
    return {
        "as_of": found.as_of,
        "first_order_on": found.first_order_on,
        "customers": found.customers,
        "cohorts": [
            {
                "first_month": f"{cohort.month:%Y-%m}",
                "people": cohort.people,
                "months": [
                    {
                        "nth": cell.nth, "month": f"{cell.month:%Y-%m}", "people": cell.people, "share": cell.share,
                        "over": cell.over,
                    }
                    for cell in cohort.cells
                ],
            }
            for cohort in found.cohorts
        ],
        "averages": [{"nth": nth, **_share(one)} for nth, one in enumerate(found.averages, start=1)],
    }  # fmt: skip


def steps(found: Steps | None, cycles: Cycles | None) -> dict[str, Any]:
    """Return how people went on, and how soon products are bought again; empty while there are no orders."""
    if found is None or cycles is None:
        return {}
    return {
        "as_of": found.as_of,
        "first_order_on": found.first_order_on,
        "counted_by": found.counted_by,
        "customers": found.customers,
        "another_day": _share(found.another_day),
        "steps": [
            {"number": step.number, **_share(step.ever), "within": _within(step.within), **_gaps(step.gaps)}
            for step in found.steps
        ],
        "curve": _within(found.curve),
        "second_order_weeks": [
            {"from_days": week.first, "to_days": week.last, "people": week.people} for week in found.weeks
        ],
        **_gaps(found.gaps),
        "cycles": [
            {
                "product": one.product, "is_family": one.is_family, "people": one.people, "bought_again": one.bought_again,
                **_gaps(one.gaps),
            }
            for one in cycles.rows
        ],
        "cycles_not_listed": cycles.more,
    }  # fmt: skip


def _within(found: Iterable[Within]) -> list[dict[str, Any]]:
    return [{"days": one.days, **_share(one.went_on)} for one in found]


def _gaps(gaps: Gaps) -> dict[str, Any]:
    return {"gaps": gaps.count, "gap_days": {f"p{percent}": days for percent, days in gaps.quantiles.items()}}


def values(found: Values | None, cross: CrossTable | None, attributes: Attributes | None) -> dict[str, Any]:
    """Return what customers bring and what they buy later; empty while there are no orders."""
    if found is None or cross is None or attributes is None:
        return {}
    return {
        "as_of": found.as_of,
        "first_order_on": found.first_order_on,
        "customers": found.customers,
        "whole": [_value(row, "") for row in found.whole],
        "by_first_product": [_value(row, "first_product") for row in found.by_product],
        "by_sales_channel": [_value(row, "sales_channel") for row in found.by_channel],
        "by_acquisition_channel": [_value(row, "acquisition_channel") for row in found.by_acquisition],
        "by_first_month": [_value(row, "first_month") for row in found.by_month],
        "first_products_not_listed": found.products_more,
        "people_not_listed": found.people_more,
        "acquisition_channels_not_listed": found.acquisitions_more,
        "people_of_acquisition_channels_not_listed": found.acquired_more,
        "order_sizes": [
            {"number": size.number, "currency": size.currency, "orders": size.orders, "mean": plain_decimal(size.mean, size.currency)}
            for size in found.sizes
        ],
        "cross_sales": _cross(cross),
        "attributes": [
            {
                "name": table.name,
                "values": [
                    {
                        "value": row.value, "currency": row.currency, "people": row.people, "share": row.share,
                        "mean_orders": row.mean_orders, "mean_amount": plain_decimal(row.mean_amount, row.currency),
                        "f2": _share(row.f2),
                    }
                    for row in table.rows
                ],
            }
            for table in attributes.tables
        ],
        "attributes_exposure_days": attributes.exposure,
    }  # fmt: skip


def _value(row: ValueRow, name: str) -> dict[str, Any]:
    key = row.key[:7] if name == "first_month" else row.key
    return ({name: key} if name else {}) | {
        "currency": row.currency,
        "people": row.people,
        "orders": row.orders,
        "mean_order": plain_decimal(row.mean_order, row.currency),
        "worth": [
            {
                "days": one.days, "people": one.people,
                "mean": None if one.mean is None else plain_decimal(one.mean, row.currency),
            }
            for one in row.worth
        ],
    }  # fmt: skip


def _cross(cross: CrossTable) -> dict[str, Any]:
    return {
        "rows": [
            {
                "first": row.product, "is_family": row.is_family, "people": row.people, "bought_later": row.again,
                "later": [
                    {"product": to, "people": people, "share": people / row.people}
                    for (to, _), people in zip(cross.to, row.later, strict=True)
                ],
            }
            for row in cross.rows
        ],
        "first_not_listed": cross.from_more,
        "people_not_listed": cross.people_more,
        "later_not_listed": cross.to_more,
    }  # fmt: skip
