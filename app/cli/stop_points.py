"""`n1 purchases stop-points`, `survival` and `surplus`: where people stop, how long subscriptions last, what is left over."""

from typing import Annotated

import typer

from app.cli.common import faults_told, parts, reading, say, say_json, settings, words
from app.core.i18n import N_
from app.purchases.classes import KIND_LABELS
from app.purchases.stopping import queries
from app.purchases.stopping.words import ENDING_LABELS, STANDING_LABELS
from app.serving.documents import stopping as documents

JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
NO_ORDERS = N_("There are no orders yet.")
EVERY = N_("All products")


def stop_points(*, json: JsonFlag = False) -> None:
    """Print after which order of which product people stopped, most people first."""
    with faults_told(), reading() as session:
        found = queries.stop_points(session, parts().orders)
    if json:
        say_json(documents.stop_points(found, settings().locale))
        return
    _ = words()
    for row in found.rows if found else ():
        point = f"{row.nth}\t{row.product}\t{_(KIND_LABELS[row.kind])}\t{_(ENDING_LABELS[row.ending])}"
        say(f"{point}\t{row.people}\t{row.known}\t{row.share:.1%}\t{row.usual_days}")
    if found is None:
        say(_(NO_ORDERS))


def survival(*, json: JsonFlag = False) -> None:
    """Print the share still subscribed after each delivery, observed and by the sBG curve."""
    with faults_told(), reading() as session:
        found = queries.survival(session, parts().orders)
    if json:
        say_json(documents.survival(found))
        return
    _ = words()
    for row in found.rows if found else ():
        for step in row.steps:
            expected = "-" if step.expected is None else f"{step.expected:.1%}"
            say(f"{row.product or _(EVERY)}\t{step.nth}\t{step.had}\t{step.stopped}\t{step.still:.1%}\t{expected}")
    if found is None:
        say(_(NO_ORDERS))


def surplus(*, json: JsonFlag = False) -> None:
    """Print how many days of each product people have left, where a product has days for one piece."""
    with faults_told(), reading() as session:
        found = queries.surplus(session, parts().orders)
    if json:
        say_json(documents.surplus(found))
        return
    _ = words()
    for row in found.rows if found else ():
        for group in row.groups:
            say(
                f"{row.product}\t{_(STANDING_LABELS[group.standing])}\t{group.people}\t{group.median_days}\t{group.above_one}"
            )
    if found is None:
        say(_(NO_ORDERS))
