"""`n1 purchases people`: pairs of numbers that may be one person, brought together and taken apart again."""

from dataclasses import asdict, replace
from typing import Annotated, Any, Literal

import typer
from pydantic import ValidationError

from app.accounts.schemas import COMMAND_LINE
from app.cli.common import fail, faults_told, parts, reading, say, say_json, words, writing
from app.core.i18n import N_
from app.purchases.identity import operations, tasks
from app.purchases.identity.merges import Key
from app.purchases.identity.models import MergeDecision
from app.purchases.identity.people import initial
from app.purchases.identity.queries import decisions, get_decision
from app.purchases.identity.schemas import REASON_LABELS, Compared, Decided, Person, Side, Suggestion
from app.purchases.identity.suggestions import list_suggestions
from app.serving.documents.amounts import plain_decimal

people = typer.Typer(help="Customers who may be one person.", no_args_is_help=True)
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
Keep = Annotated[Literal["", "one", "other"], typer.Option(help="whose number stays; by the rule unless given")]
EVERY = 1_000_000
NAMES = frozenset({"name", "kana", "company_name"})
NOT_A_KEY = N_("Write a customer as SOURCE/NUMBER, for example shop/1001.")
NO_PAIR = N_("Name a suggestion, or two customers with --one and --other.")


@people.command("suggestions")
def suggestions(
    *,
    limit: Annotated[int, typer.Option(min=1, max=5000, help="pairs to print")] = 100,
    show_names: Annotated[bool, typer.Option("--show-names", help="print names whole, not their first letter")] = False,
    json: JsonFlag = False,
) -> None:
    """Print pairs that may be one person, the surest first; contact data is masked."""
    tasks.run_people(parts())
    with reading() as session:
        found = list_suggestions(session, parts().orders, limit=limit)
    if json:
        say_json(
            {"pairs": found.total, "suggestions": [_suggestion(pair, show_names=show_names) for pair in found.rows]}
        )
        return
    for pair in found.rows:
        why = ", ".join(words()(REASON_LABELS[reason]) for reason in pair.reasons)
        say(f"{pair.public_id}\t{pair.strength}\t{_name(pair.one.key)}\t{_name(pair.other.key)}\t{why}")


@people.command("merge")
def merge(
    suggestion: Annotated[str, typer.Argument(help="as printed by suggestions")] = "",
    *,
    one: Annotated[str, typer.Option(help="SOURCE/NUMBER, with --other instead of a suggestion")] = "",
    other: Annotated[str, typer.Option(help="SOURCE/NUMBER")] = "",
    keep: Keep = "",
    json: JsonFlag = False,
) -> None:
    """Bring two numbers together as one customer; `split` takes it back."""
    if bool(suggestion) == bool(one and other):
        fail(words()(NO_PAIR))
    now = parts().clock()
    with faults_told(), writing() as session:
        store = parts().orders
        if suggestion:
            made = operations.accept(session, store, actor=COMMAND_LINE, suggestion_id=suggestion, now=now, keep=keep)
        else:
            first, second = _key(one), _key(other)
            made = operations.merge(session, store, actor=COMMAND_LINE, one=first, other=second, now=now, keep=keep)
        shown = _decision(made)
    tasks.run_merges(parts())
    _tell(shown, json=json)


@people.command("decline")
def decline(
    suggestion: Annotated[str, typer.Argument(help="as printed by suggestions")], *, json: JsonFlag = False
) -> None:
    """Say that a suggested pair is two people; it is not suggested again."""
    with faults_told(), writing() as session:
        made = operations.decline(session, actor=COMMAND_LINE, suggestion_id=suggestion, now=parts().clock())
        shown = _decision(made)
    _tell(shown, json=json)


@people.command("split")
def split(
    decision: Annotated[str, typer.Argument(help="as printed by merge, decline and list")], *, json: JsonFlag = False
) -> None:
    """Take a decision back: two customers again, or a pair that may be suggested again."""
    with faults_told(), writing() as session:
        row = get_decision(session, decision)
        operations.take_back(session, actor=COMMAND_LINE, decision=row, now=parts().clock())
        shown = _decision(row)
    tasks.run_merges(parts())
    _tell(shown, json=json)


@people.command("list")
def show(*, json: JsonFlag = False) -> None:
    """Print the decisions that stand."""
    with reading() as session:
        found = decisions(session, limit=EVERY)
    if json:
        say_json({"merged": list(map(_decided, found.merged)), "declined": list(map(_decided, found.declined))})
        return
    for verdict, rows in (("merged", found.merged), ("declined", found.declined)):
        for row in rows:
            say(f"{row.public_id}\t{verdict}\t{_name(row.key)}\t{_name(row.to)}\t{row.reason}")


def _key(text: str) -> Key:
    source, _, customer_id = text.partition("/")
    try:
        return Side(source=source, customer_id=customer_id).key
    except ValidationError:
        fail(words()(NOT_A_KEY))


def _name(key: Key) -> str:
    return f"{key.source}/{key.customer_id}"


def _suggestion(pair: Suggestion, *, show_names: bool) -> dict[str, Any]:
    return {
        "suggestion": pair.public_id,
        "strength": pair.strength,
        "reasons": list(pair.reasons),
        "keep": pair.keep,
        "one": _person(pair.one),
        "other": _person(pair.other),
        "fields": [_field(field, show_names=show_names) for field in pair.fields],
    }


def _field(field: Compared, *, show_names: bool) -> dict[str, Any]:
    """Return one field of both sides; what is printed ends in files and scrollback, so names are asked for."""
    if field.field in NAMES and not show_names:
        field = replace(field, one=initial(field.one), other=initial(field.other))
    return asdict(field)


def _person(person: Person) -> dict[str, Any]:
    shown: dict[str, Any] = {"customer": _name(person.key), "picked": person.picked, "orders": 0}
    if person.summary is not None:
        names = ("customer_ref", "orders", "amount", "currency", "first_order_on", "last_order_on")
        shown |= {name: getattr(person.summary, name) for name in names}
        shown["amount"] = plain_decimal(person.summary.amount, person.summary.currency)
    return shown


def _decision(row: MergeDecision) -> dict[str, Any]:
    return {
        "decision": row.public_id,
        "verdict": row.verdict,
        "customer": _name(Key(row.source, row.customer_id)),
        "to": _name(Key(row.to_source, row.to_customer_id)),
        "reason": row.reason,
        "undone": row.undone_at is not None,
    }


def _decided(row: Decided) -> dict[str, Any]:
    return {
        "decision": row.public_id,
        "customer": _name(row.key),
        "to": _name(row.to),
        "reason": row.reason,
        "decided_by": row.decided_by,
        "decided_at": row.decided_at.isoformat(),
    }


def _tell(shown: dict[str, Any], *, json: bool) -> None:
    if json:
        say_json(shown)
    else:
        say(f"{shown['decision']}\t{shown['verdict']}\t{shown['customer']}\t{shown['to']}")
