"""`n1 purchases segments`: conditions counted, saved, and their people as a file. The functions are those of the pages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlmodel import Session

from app.accounts.schemas import COMMAND_LINE
from app.cli.common import faults_told, parts, reading, say, say_json, words, writing
from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases.segments import csv_file, operations, queries
from app.purchases.segments.models import Segment
from app.purchases.segments.people import Sums
from app.purchases.segments.rule import Rule, in_words
from app.purchases.segments.schemas import SegmentName, SegmentRow
from app.serving.columns import columns_in
from app.serving.documents import segments as documents
from app.serving.freezing import freeze
from app.serving.rules import rule_in

segments = typer.Typer(help="Conditions over customers: counted, saved, listed.", no_args_is_help=True)
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
RuleText = Annotated[str, typer.Argument(help="conditions as in the page's address: customer_class=lapsed&orders=2-")]
Which = Annotated[str, typer.Argument(help="id or name of a saved segment")]
NewName = Annotated[str, typer.Argument(help="name of the segment; no customer's name")]
NAMELESS = N_("A segment needs a name of 1 to 120 characters.")


@segments.command("list")
def list_all(*, json: JsonFlag = False) -> None:
    """Print all saved segments with their people now and the change since the build before."""
    with faults_told(), reading() as session:
        rows = queries.list_segments(session, parts().orders)
    if json:
        say_json([documents.segment(row, words()) for row in rows])
        return
    for row in rows:
        say(f"{row.public_id}\t{row.name}\t{_plain(row.people)}\t{_signed(row.change)}\t{_said(row.rule, row.names)}")


@segments.command("show")
def show(segment: Which, *, json: JsonFlag = False) -> None:
    """Print one saved segment with its conditions and what its people brought."""
    with faults_told(), reading() as session:
        row = _find(session, segment)
        sums = queries.count(session, parts().orders, rule=row.own)
    if json:
        say_json(documents.segment(row, words()) | documents.totals(sums))
        return
    say(f"{row.name}\t{_said(row.rule, row.names)}")
    _say_sums(sums)


@segments.command("count")
def count(rule: RuleText, *, json: JsonFlag = False) -> None:
    """Print how many people conditions find and what they brought; nothing is saved."""
    with faults_told(), reading() as session:
        wanted = rule_in(rule)
        sums = queries.count(session, parts().orders, rule=wanted)
        names = queries.names_of(session, wanted)
    if json:
        say_json(documents.counted(wanted, names, sums, words()))
        return
    say(_said(wanted, names))
    _say_sums(sums)


@segments.command("create")
def create(
    name: NewName,
    rule: RuleText,
    *,
    frozen: Annotated[
        bool, typer.Option("--frozen", help="keep the people of today instead of the conditions")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Keep conditions under a name."""
    with faults_told():
        wanted, asked, now = _named(name), rule_in(rule), parts().clock()
        if frozen:
            with reading() as session:
                engine, store = parts().engine, parts().orders
                made = freeze(session, engine=engine, store=store, name=wanted, rule=asked, actor=COMMAND_LINE, now=now)
        else:
            with writing() as session:
                made = operations.create(session, name=wanted, rule=asked, actor=COMMAND_LINE, now=now).public_id
    _say_one(made, json=json)


@segments.command("rename")
def rename(segment: Which, name: NewName, *, json: JsonFlag = False) -> None:
    """Give a saved segment another name."""
    with faults_told():
        wanted = _named(name)
        with writing() as session:
            row = _row(session, segment)
            operations.rename(session, row=row, name=wanted, actor=COMMAND_LINE, now=parts().clock())
    _say_one(row.public_id, json=json)


@segments.command("change")
def change(segment: Which, rule: RuleText, *, json: JsonFlag = False) -> None:
    """Give a moving segment other conditions."""
    with faults_told():
        wanted = rule_in(rule)
        with writing() as session:
            row = _row(session, segment)
            operations.change_rule(session, row=row, rule=wanted, actor=COMMAND_LINE, now=parts().clock())
    _say_one(row.public_id, json=json)


@segments.command("delete")
def delete(
    segment: Which,
    *,
    anyway: Annotated[bool, typer.Option("--anyway", help="also where other segments name it")] = False,
    json: JsonFlag = False,
) -> None:
    """Delete a saved segment; conditions that name it find nobody by it from then on."""
    with faults_told(), writing() as session:
        row = _row(session, segment)
        deleted = {"segment": row.public_id, "name": row.name}
        operations.remove(session, row=row, actor=COMMAND_LINE, now=parts().clock(), anyway=anyway)
    if json:
        say_json({"deleted": deleted["segment"]})
    else:
        say("\t".join(deleted.values()))


@segments.command("export")
def export(
    *,
    out: Annotated[Path, typer.Option(help="CSV file to write, UTF-8")],
    rule: Annotated[str, typer.Option(help="conditions as in the page's address")] = "",
    segment: Annotated[str, typer.Option(help="id or name of a saved segment")] = "",
    columns: Annotated[
        str, typer.Option(help="names of columns with commas between; the usual ones unless given")
    ] = "",
    json: JsonFlag = False,
) -> None:
    """Write chosen columns of the people of conditions or of a saved segment, and note it in the log."""
    with faults_told():
        if rule and segment:
            raise AppError("rule_or_segment", N_("Give --rule or --segment, not both."))
        chosen = columns_in(columns)
        names = [one.name for one in chosen]
        with reading() as session:
            wanted = _find(session, segment).own if segment else rule_in(rule)
            leaving, file = csv_file.made(session, parts().orders, rule=wanted, columns=chosen, t=words())
        with out.open("w", encoding="utf-8", newline="") as target:
            with writing() as session:
                now = parts().clock()
                operations.log_export(
                    session, leaving=leaving, rule=wanted, columns=names, actor=COMMAND_LINE, now=now
                )  # fmt: skip
            target.writelines(csv_file.pieces(file))
    if json:
        say_json({"people": leaving.people, "as_of": leaving.as_of, "columns": names})
    else:
        say(words()(N_("{n} customers written."), n=leaving.people))


def _say_one(segment: str, *, json: bool) -> None:
    with faults_told(), reading() as session:
        row = queries.segment_row(session, parts().orders, queries.get_segment(session, segment))
    if json:
        say_json(documents.segment(row, words()))
    else:
        say(f"{row.public_id}\t{row.name}\t{_plain(row.people)}")


def _named(text: str) -> str:
    try:
        return SegmentName(name=text).name
    except ValidationError:
        raise AppError("bad_name", NAMELESS) from None


def _row(session: Session, text: str) -> Segment:
    return queries.segment_named(session, text) or queries.get_segment(session, text)


def _find(session: Session, text: str) -> SegmentRow:
    return queries.segment_row(session, parts().orders, _row(session, text))


def _say_sums(sums: Sums | None) -> None:
    _ = words()
    if sums is None:
        say(_(N_("There are no orders yet.")))
        return
    say(_.plural("{n} person", "{n} people", n=sums.people))
    for currency, amount in sums.amount.items():
        say(_.money(amount, currency))


def _said(rule: Rule, names: Mapping[str, str]) -> str:
    return " / ".join(in_words(rule, words(), segments=names)) or words()(N_("No conditions: all customers"))


def _plain(number: int | None) -> str:
    return "-" if number is None else str(number)


def _signed(number: int | None) -> str:
    return "-" if number is None else f"{number:+}"
