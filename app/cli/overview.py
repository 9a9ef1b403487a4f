"""`n1 purchases overview` and `count-elapsed`: the shop at a glance."""

from typing import Annotated

import typer

from app.cli.common import faults_told, parts, reading, say, say_json, words
from app.core.i18n import N_
from app.purchases import queries
from app.purchases.classes import CLASS_LABELS, COUNT_LABELS, ELAPSED_LABELS, TYPE_LABELS
from app.serving.documents import overview as documents
from app.serving.documents.amounts import plain_decimal

JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
NO_ORDERS = N_("There are no orders in the store.")


def overview(*, json: JsonFlag = False) -> None:
    """Print customers, orders and amounts on the as-of date, and people by class and type."""
    with faults_told(), reading() as session:
        found = queries.overview(session, parts().orders)
    if json:
        say_json(documents.overview(found))
        return
    t = words()
    if found is None:
        say(t(NO_ORDERS))
        return
    say(f"{found.as_of}\t{found.customers}\t{found.orders}")
    for currency, amount in found.amount.items():
        say(f"{currency}\t{plain_decimal(amount, currency)}")
    labels = {key.value: text for key, text in (*CLASS_LABELS.items(), *TYPE_LABELS.items())}
    for group in (*found.classes, *found.types):
        say(f"{t(labels[group.key])}\t{group.people}")


def count_elapsed(*, json: JsonFlag = False) -> None:
    """Print people by how many orders they placed and how long ago the last one was, with the share who came back."""
    with faults_told(), reading() as session:
        found = queries.count_elapsed(session, parts().orders)
    if json:
        say_json(documents.count_elapsed(found))
        return
    t = words()
    if found is None:
        say(t(NO_ORDERS))
        return
    for cell in found.cells:
        share = "-" if cell.returned_share is None else f"{cell.returned_share:.1%}"
        say(f"{t(COUNT_LABELS[cell.count])}\t{t(ELAPSED_LABELS[cell.elapsed])}\t{cell.people}\t{share}")
