"""`n1 purchases cohorts`, `repeat` and `value`: who comes back, when, and what customers bring."""

from typing import Annotated

import typer

from app.cli.common import faults_told, parts, reading, say, say_json, words
from app.core.i18n import N_
from app.purchases.repeat import queries
from app.purchases.repeat.schemas import CountedBy, Share
from app.serving.documents import repeat as documents
from app.serving.documents.amounts import plain_decimal

JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
ByOption = Annotated[CountedBy, typer.Option("--by", help="steps are orders, or days with an order")]
NO_ORDERS = N_("There are no orders in the store.")


def cohorts(*, json: JsonFlag = False) -> None:
    """Print who ordered in the nth month after the month of their first order."""
    with faults_told(), reading() as session:
        found = queries.read_cohorts(session, parts().orders)
    if json:
        say_json(documents.cohorts(found))
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
        say_json(documents.steps(found, cycles))
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
        say_json(documents.values(found, cross, attributes))
    elif found is None:
        say(words()(NO_ORDERS))
    else:
        for row in (*found.whole, *found.by_product):
            worth = ("-" if one.mean is None else plain_decimal(one.mean, row.currency) for one in row.worth)
            say("\t".join((row.key or "-", row.currency, str(row.people), *worth)))


def _percent(share: Share) -> str:
    return "-" if share.share is None else f"{share.share:.1%}"
