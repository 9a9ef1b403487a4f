"""`n1 purchases cohorts`, `repeat` and `value`: who comes back, when, and what customers bring."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from app.cli.common import faults_told, parts, plain_decimal, reading, say, say_json, words
from app.core.i18n import N_
from app.purchases.repeat import queries
from app.purchases.repeat.schemas import (
    Attributes,
    CohortTable,
    CountedBy,
    CrossTable,
    Cycles,
    Gaps,
    Share,
    Steps,
    ValueRow,
    Values,
    Within,
)

JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
ByOption = Annotated[CountedBy, typer.Option("--by", help="steps are orders, or days with an order")]
NO_ORDERS = N_("There are no orders in the store.")


def cohorts(*, json: JsonFlag = False) -> None:
    """Print who ordered in the nth month after the month of their first order."""
    with faults_told(), reading() as session:
        found = queries.read_cohorts(session, parts().orders)
    if json:
        say_json(_cohorts(found) if found else {})
    elif found is None:
        say(words()(NO_ORDERS))
    else:
        for cohort in found.cohorts:
            later = (f"{cell.share:.1%}{'' if cell.over else '*'}" for cell in cohort.cells[1:])
            say("\t".join((f"{cohort.month:%Y-%m}", str(cohort.people), *later)))
        say("\t".join((words()(N_("Average")), "", *(_percent(one) for one in found.averages))))


def repeat(*, json: JsonFlag = False, by: ByOption = "orders") -> None:
    """Print who went on from order to order, within which days, and how soon products are bought again."""
    with faults_told(), reading() as session:
        found = queries.read_steps(session, parts().orders, counted_by=by)
        cycles = queries.read_cycles(session, parts().orders)
    if json:
        say_json(_steps(found, cycles) if found and cycles else {})
    elif found is None or cycles is None:
        say(words()(NO_ORDERS))
    else:
        for step in found.steps:
            shares = (f"{one.days}: {_percent(one.went_on)}" for one in step.within)
            half = step.gaps.quantiles.get(50, "-")
            say("\t".join((str(step.number), str(step.ever.base), _percent(step.ever), *shares, str(half))))
        for one in cycles.rows:
            say(f"{one.product}\t{one.gaps.quantiles[50]:g}\t{one.gaps.count}\t{one.bought_again}\t{one.people}")


def value(*, json: JsonFlag = False) -> None:
    """Print what customers bring after the first order by where they began, and what they buy later."""
    with faults_told(), reading() as session:
        found = queries.read_values(session, parts().orders)
        cross = queries.read_cross(session, parts().orders)
        attributes = queries.read_attributes(session, parts().orders)
    if json:
        say_json(_values(found, cross, attributes) if found and cross and attributes else {})
    elif found is None:
        say(words()(NO_ORDERS))
    else:
        for row in (*found.whole, *found.by_product):
            worth = ("-" if one.mean is None else plain_decimal(one.mean, row.currency) for one in row.worth)
            say("\t".join((row.key or "-", row.currency, str(row.people), *worth)))


def _percent(share: Share) -> str:
    return "-" if share.share is None else f"{share.share:.1%}"


def _share(share: Share) -> dict[str, Any]:
    return {"people": share.people, "base": share.base, "share": share.share}


def _cohorts(found: CohortTable) -> dict[str, Any]:
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


def _steps(found: Steps, cycles: Cycles) -> dict[str, Any]:
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


def _values(found: Values, cross: CrossTable, attributes: Attributes) -> dict[str, Any]:
    return {
        "as_of": found.as_of,
        "first_order_on": found.first_order_on,
        "customers": found.customers,
        "whole": [_value(row, "") for row in found.whole],
        "by_first_product": [_value(row, "first_product") for row in found.by_product],
        "by_sales_channel": [_value(row, "sales_channel") for row in found.by_channel],
        "by_first_month": [_value(row, "first_month") for row in found.by_month],
        "first_products_not_listed": found.products_more,
        "people_not_listed": found.people_more,
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
