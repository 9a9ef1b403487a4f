"""Steps from the first order on: how many came so far, and who of them went on."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from app.purchases.repeat.schemas import Share, Steps


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """From the nth order to the next; `width` is the percent of all customers who came as far as the nth.

    `given` had `days` days since the nth order, `in_time` of them went on within those; queries name the people.
    """

    number: int
    people: int
    width: float
    ever: Share
    given: Share
    median: float | None
    people_query: str
    ever_query: str
    given_query: str
    in_time_query: str


def funnel(steps: Steps, days: int) -> tuple[FunnelStep, ...]:
    """Return the steps; `days` is one of those that `steps.within` holds."""
    found = []
    for one in steps.steps:
        given = next(within.went_on for within in one.within if within.days == days)
        pair = f"{one.number}={days}"
        found.append(
            FunnelStep(
                number=one.number,
                people=one.ever.base,
                width=round(100 * one.ever.base / steps.customers, 1),
                ever=one.ever,
                given=given,
                median=one.gaps.quantiles.get(50),
                people_query=urlencode({"reached": one.number}),
                ever_query=urlencode({"reached": one.number + 1}),
                given_query=urlencode({"step_given": pair}),
                in_time_query=urlencode({"step_within": pair}),
            )
        )
    return tuple(found)


def had_time(as_of: date, days: int) -> str:
    """Return the query of the customers whose first order is at least so many days ago."""
    return urlencode({"first_on": f"~{(as_of - timedelta(days=days)).isoformat()}"})


def in_time(as_of: date, days: int) -> str:
    """Return the query of those of them whose second order came within so many days."""
    return urlencode({"first_on": f"~{(as_of - timedelta(days=days)).isoformat()}", "second_within": days})
