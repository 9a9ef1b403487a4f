"""`n1 purchases events`: price changes, campaigns, messages sent, inquiries."""

from datetime import datetime
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from app.accounts.schemas import COMMAND_LINE
from app.cli.common import fail, faults_told, parts, reading, say, say_json, words, writing
from app.core.i18n import N_
from app.purchases.catalogue import operations
from app.purchases.catalogue.event_list import noted
from app.purchases.catalogue.models import EventKind, ShopEvent
from app.purchases.catalogue.schemas import EventInput

events = typer.Typer(help="What happened beside the orders.", no_args_is_help=True)
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
WRONG = N_("The option {name} has a value that cannot be used.")


@events.command("list")
def list_events(*, json: JsonFlag = False) -> None:
    """Print the events that people noted, oldest first; those of files stand in the files."""
    with reading() as session:
        rows = [_row(event) for event in noted(session)]
    if json:
        say_json(rows)
        return
    for row in rows:
        whom = f"{row['source']}/{row['customer_id']}" if row["customer_id"] else row["product"] or "-"
        say(f"{row['event_id']}\t{row['happened_on']}\t{row['kind']}\t{whom}")


@events.command("add")
def add_event(
    *,
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="day it happened")],
    kind: Annotated[EventKind, typer.Option(help="what happened")],
    product: Annotated[str, typer.Option(help="code, name or family, if it is about one")] = "",
    source: Annotated[str, typer.Option(help="source of the customer number")] = "",
    customer: Annotated[str, typer.Option(help="customer number, if it is about one")] = "",
    note: Annotated[str, typer.Option(help="note")] = "",
    json: JsonFlag = False,
) -> None:
    """Note an event; without a customer it is about everybody, or about those who bought the product."""
    try:
        data = EventInput(
            happened_on=on.date(), kind=kind, product=product, source=source, customer_id=customer, note=note
        )
    except ValidationError as invalid:
        fail(words()(WRONG, name=f"--{invalid.errors()[0]['loc'][0]}"))
    with faults_told(), writing() as session:
        row = _row(operations.add_event(session, data=data, actor=COMMAND_LINE, now=parts().clock()))
    if json:
        say_json(row)
    else:
        say(f"{row['event_id']}\t{row['happened_on']}\t{row['kind']}")


def _row(event: ShopEvent) -> dict[str, Any]:
    return {
        "event_id": event.public_id, "happened_on": event.happened_on, "kind": event.kind.value, "product": event.product,
        "source": event.source, "customer_id": event.customer_id, "note": event.note,
    }  # fmt: skip
