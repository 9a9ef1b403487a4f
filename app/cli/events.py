"""`n1 purchases events`: price changes, campaigns, messages sent, inquiries."""

from datetime import datetime
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from app.accounts.schemas import COMMAND_LINE
from app.cli.common import fail, faults_told, parts, reading, say, say_json, words, writing
from app.core.i18n import N_
from app.purchases.catalogue import operations
from app.purchases.catalogue.event_list import all_events, event_row
from app.purchases.catalogue.models import EventKind
from app.purchases.catalogue.schemas import EventInput, EventRow
from app.purchases.catalogue.whom import refuse_unclear

events = typer.Typer(help="What happened beside the orders.", no_args_is_help=True)
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
WRONG = N_("The option {name} has a value that cannot be used.")


@events.command("list")
def list_events(*, json: JsonFlag = False) -> None:
    """Print every event, oldest first; one of a file stands once with how many customers it names, without their notes."""
    with reading() as session:
        rows = all_events(session, parts().orders)
    if json:
        say_json([_as_json(row) for row in rows])
        return
    for row in rows:
        say(_line(row))


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
    store = parts().orders
    with faults_told():
        with reading() as session:
            refuse_unclear(session, store, data=data)
        with writing() as session:
            row = event_row(operations.add_event(session, data=data, actor=COMMAND_LINE, now=parts().clock()), store)
    if json:
        say_json(_as_json(row))
    else:
        say(_line(row))


def _line(row: EventRow) -> str:
    whom = {
        "one": f"{row.source}/{row.customer_id}",
        "several": words().plural("{n} person", "{n} people", n=row.people),
        "buyers": row.product,
        "everybody": words()(N_("everybody")),
    }[row.about]
    return f"{row.public_id or row.import_id}\t{row.happened_on}\t{row.kind.value}\t{whom}"


def _as_json(row: EventRow) -> dict[str, Any]:
    return {
        "event_id": row.public_id, "happened_on": row.happened_on, "kind": row.kind.value, "about": row.about,
        "product": row.product, "source": row.source, "customer_id": row.customer_id, "people": row.people, "note": row.note,
        "import_id": row.import_id, "file_name": row.file_name,
    }  # fmt: skip
