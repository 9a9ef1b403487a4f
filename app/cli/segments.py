"""`n1 purchases segments`: conditions counted, saved, and their people as a file. The functions are those of the pages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from app.accounts.schemas import COMMAND_LINE
from app.cli.common import fail, faults_told, parts, reading, say, say_json, words, writing
from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases.segments import csv_file, operations, queries
from app.purchases.segments.people import Sums
from app.purchases.segments.rule import Rule, in_words, read_rule
from app.purchases.segments.schemas import SegmentRow
from app.serving.documents import segments as documents

segments = typer.Typer(help="Conditions over customers: counted, saved, listed.", no_args_is_help=True)
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
RuleText = Annotated[str, typer.Argument(help="conditions as in the page's address: customer_class=lapsed&orders=2-")]
NAMELESS = N_("A segment needs a name of 1 to 120 characters.")
NO_SUCH = N_("There is no column called {name}. Columns: {columns}.")


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
def show(
    segment: Annotated[str, typer.Argument(help="id or name of a saved segment")], *, json: JsonFlag = False
) -> None:  # fmt: skip
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
        wanted = read_rule(rule)
        sums = queries.count(session, parts().orders, rule=wanted)
        names = queries.names_of(session, wanted)
    if json:
        say_json(documents.counted(wanted, names, sums, words()))
        return
    say(_said(wanted, names))
    _say_sums(sums)


@segments.command("create")
def create(
    name: Annotated[str, typer.Argument(help="name of the segment; no customer's name")],
    rule: RuleText,
    *,
    frozen: Annotated[
        bool, typer.Option("--frozen", help="keep the people of today instead of the conditions")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Keep conditions under a name."""
    if not 1 <= len(name.strip()) <= 120:
        fail(words()(NAMELESS))
    with faults_told():
        wanted = read_rule(rule)
        with reading() as session:
            kept = queries.frozen_people(session, parts().orders, rule=wanted) if frozen else None
        with writing() as session:
            made = operations.create(
                session, name=name.strip(), rule=wanted, actor=COMMAND_LINE, now=parts().clock(), frozen=kept
            ).public_id
        with reading() as session:
            row = queries.segment_row(session, parts().orders, queries.get_segment(session, made))
    if json:
        say_json(documents.segment(row, words()))
    else:
        say(f"{row.public_id}\t{row.name}\t{_plain(row.people)}")


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
        chosen = _columns(columns)
        with reading() as session:
            wanted = _find(session, segment).own if segment else read_rule(rule)
            found = queries.leaving(session, parts().orders, rule=wanted)
        with writing() as session:
            names = [one.name for one in chosen]
            operations.log_export(session, leaving=found, columns=names, actor=COMMAND_LINE, now=parts().clock())
        with reading() as session, out.open("w", encoding="utf-8", newline="") as file:
            version, asked = queries.version_in_use(session), queries.asked(session, wanted)
            if version:
                file.writelines(csv_file.rows(parts().orders, version, asked, chosen, words()))
    if json:
        say_json({"people": found.people, "columns": names})
    else:
        say(words()(N_("{n} customers written."), n=found.people))


def _find(session: Session, text: str) -> SegmentRow:
    rows = queries.list_segments(session, parts().orders)
    found = next((row for row in rows if text in {row.public_id, row.name}), None)
    return found or queries.segment_row(session, parts().orders, queries.get_segment(session, text))


def _columns(text: str) -> tuple[csv_file.Column, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = [one.name for one in csv_file.COLUMNS]
    for name in names:
        if name not in known:
            raise AppError("no_column", NO_SUCH, name=name, columns=", ".join(known))
    return csv_file.chosen_columns(names)


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
