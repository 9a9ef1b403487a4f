"""`n1 purchases movement`: who moved from class to class between two days, or with the last change of the data."""

from datetime import date, datetime
from typing import Annotated

import typer

from app.cli.common import faults_told, parts, reading, say, say_json, words
from app.core.i18n import N_
from app.purchases.movement import queries
from app.purchases.movement.schemas import Between, Kept
from app.purchases.movement.words import PLACES
from app.serving.documents import movement as documents

NO_ORDERS = N_("There are no orders yet.")
NOT_KEPT = N_(
    "Of the data before the last change nothing is kept. From the next import on it is shown here who moved with it."
)


def movement(
    *,
    from_on: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="earlier day; else 30 days before the later")
    ] = None,
    to_on: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="later day; else the as-of date")
    ] = None,
    since_change: Annotated[
        bool, typer.Option("--since-change", help="what the last import, undo or new count moved, instead of two days")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Print from which class to which people moved, and how many became loyal, lapsed, churned or came back."""
    found: Between | Kept | None
    with faults_told(), reading() as session:
        if since_change:
            found = queries.last_change(session, parts().orders)
        else:
            found = queries.between(session, parts().orders, from_on=_day(from_on), to_on=_day(to_on))
    _ = words()
    if json:
        say_json(documents.movement(found))
    elif found is None:
        say(_(NOT_KEPT if since_change else NO_ORDERS))
    else:
        classes = found.moves.classes
        for one in classes.rows:
            share = classes.share(one.before, one.after)
            told = "-" if share is None else f"{share:.1%}"
            say(f"{_(PLACES[one.before])}\t{_(PLACES[one.after])}\t{one.people}\t{told}")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
