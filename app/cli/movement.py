"""`n1 purchases movement`: who moved from class to class between two days, or with the last change of the data."""

from datetime import date, datetime
from typing import Annotated, Any

import typer

from app.cli.common import faults_told, parts, reading, say, say_json, words
from app.core.i18n import N_
from app.purchases.movement import queries
from app.purchases.movement.schemas import Arrows, Between, Kept, Moves
from app.purchases.movement.words import PLACES

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
        say_json(_json(found))
    elif found is None:
        say(_(NOT_KEPT if since_change else NO_ORDERS))
    else:
        for one in _rows(found.moves.classes):
            share = "-" if one["share"] is None else f"{one['share']:.1%}"
            say(f"{_(PLACES[one['from']])}\t{_(PLACES[one['to']])}\t{one['people']}\t{share}")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _json(found: Between | Kept | None) -> dict[str, Any]:
    if found is None:
        return {"from_on": None, "to_on": None, "rows": [], "types": []}
    if isinstance(found, Kept):
        head: dict[str, Any] = {"from_on": found.as_of_before, "to_on": found.as_of, "made_by": found.made_by}
    else:
        head = {"from_on": found.from_on, "to_on": found.to_on}
    return head | _moves(found.moves)


def _moves(moves: Moves) -> dict[str, Any]:
    counts = {"moved": moves.classes.moved, "new_customers": moves.classes.came, "gone": moves.classes.went}
    return {**moves.headlines(), **counts, "rows": _rows(moves.classes), "types": _rows(moves.types)}


def _rows(arrows: Arrows) -> list[dict[str, Any]]:
    return [
        {
            "from": one.before,
            "to": one.after,
            "people": one.people,
            "share": _rounded(arrows.share(one.before, one.after)),
        }
        for one in arrows.rows
    ]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 6)
