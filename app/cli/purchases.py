"""`n1 purchases`: take order files in, take them back, write the customer summary."""

import csv
import os
import sys
import tempfile
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from app.accounts.schemas import COMMAND_LINE
from app.cli import events, figures, import_tables, leftovers, people, products, segments
from app.cli.common import fail, faults_told, parts, reading, say, say_json, words, writing
from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases import import_queries, operations, queries, tasks
from app.purchases.import_schemas import CheckReport, HeldBack, ImportDetail, ImportRow, Mapping, SourceName
from app.purchases.models import FileTable, ImportRun, ImportState
from app.purchases.schemas import CustomerSummary, Overview
from app.serving.documents import imports as documents
from app.serving.documents.amounts import plain_decimal

purchases = typer.Typer(help="Order files in, customer summary out.", no_args_is_help=True)
purchases.add_typer(people.people, name="people")
purchases.add_typer(products.products, name="products")
purchases.add_typer(events.events, name="events")
purchases.add_typer(segments.segments, name="segments")
for _name, _command in figures.COMMANDS.items():
    purchases.command(_name)(_command)
JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
NOT_TAKEN = N_("Nothing was imported. Run the command again with --yes to take these rows.")
NOBODY_KNOWN = N_(
    "No order up to that day is of a known customer. Orders of customers nobody knows, in the whole store: {n}."
)
NO_FILE = N_("There is no file at {name}.")
SUMMARY_COLUMNS = (
    "customer_id", "orders", "purchase_days", "items", "amount", "first_order_on", "last_order_on", "days_since_last",
    "mean_gap_days", "r", "f", "m", "decile", "purchase_type", "customer_class",
)  # fmt: skip


@purchases.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV, TSV or XLSX, also as .gz or .zip")],
    *,
    source: Annotated[str, typer.Option(help="name of the shop or mall; its mapping is remembered")],
    table: Annotated[FileTable | None, typer.Option(help="what the rows are; recognised by the headers")] = None,
    mapping: Annotated[Path | None, typer.Option(help="TOML file: tables columns and options")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="take the rows without asking")] = False,
    json: JsonFlag = False,
) -> None:
    """Check a file and take its rows. Exit code 2 and one sentence where the file cannot be taken."""
    with faults_told(), ExitStack() as life:
        name = _source(source)
        given = import_tables.given_mapping(mapping, table)
        public_id = _start(_regular(file), name, table or FileTable.ORDERS, life)
        try:
            if table is None and given is None:
                import_tables.recognise(public_id)
            _map(public_id, given)
            held = _check(public_id)
            taken = yes or _asked(public_id, json=json)
            if taken:
                _take(public_id)
        except BaseException:
            _discard(public_id)
            raise
        detail = _detail(public_id)
        if not taken:
            _discard(public_id)
    if json:
        say_json(
            {
                **documents.account(_report(detail), detail.mapping.currency),
                "held_back": documents.held_rows(held, words()),
                "import_id": public_id if taken else None,
            }
        )
    elif taken:
        _say_taken(detail, public_id, asked=not yes)
    if not taken:
        fail(words()(NOT_TAKEN))


def _say_taken(detail: ImportDetail, public_id: str, *, asked: bool) -> None:
    say(words()(N_("Taken: {taken} rows. Already known: {known}. Held back: {held}."), **_counts(detail)))
    if not asked:  # else the report before the question said so
        _say_emptied(_report(detail))
    say(words()(N_("Import {import_id}. Take it back with: n1 purchases undo {import_id}"), import_id=public_id))


def _source(text: str) -> str:
    try:
        return TypeAdapter[str](SourceName).validate_python(text)
    except ValidationError as error:
        raise AppError("source_wrong", N_("The source needs a name of 1 to 64 characters without slashes.")) from error


def _regular(file: Path) -> Path:
    if not file.is_file():  # the file is read several times, so a pipe cannot stand in for one
        raise AppError("no_file", NO_FILE, name=str(file))
    return file


def _start(file: Path, source: str, table: FileTable, life: ExitStack) -> str:
    services = parts()
    name = os.fsencode(file.name).decode("utf-8", "replace")  # a name may hold bytes of another encoding
    with writing() as session:
        leftovers.forget(session, services.orders)
        run = operations.start_import(
            session, services.orders, actor=COMMAND_LINE, source=source, file_name=name, path=file,
            now=services.clock(), keep_original=True, table=table,
        )  # fmt: skip
        life.enter_context(leftovers.held(services.orders.upload_dir(run.public_id)))
        return run.public_id


def _map(public_id: str, given: Mapping | None) -> None:
    """Keep the mapping given, or the one recognised; the file is read outside the transaction."""
    with reading() as session:
        mapping = given or operations.inspect(parts().orders, queries.get_import(session, public_id)).mapping
    with writing() as session:
        run = queries.get_import(session, public_id)
        operations.set_mapping(session, run=run, mapping=mapping)
        operations.request_check(session, run=run)


def _check(public_id: str) -> list[HeldBack]:
    services = parts()
    held = tasks.run_check(services, public_id)
    with reading() as session:
        run = queries.get_import(session, public_id)
        if run.state is not ImportState.CHECKED:
            raise import_tables.with_other_kind(run, _refused(run))
    return list(held)


def _refused(run: ImportRun) -> AppError:
    """Return the fault the check left on its row; the reason inside a sentence is translated too."""
    params: dict[str, Any] = {name: value for name, value in run.error_params.items() if name != "code"}
    if "reason" in params:
        params["reason"] = words()(params["reason"])
    return AppError("file_refused", run.error_message or N_("The import was stopped. Nothing was taken."), **params)


def _asked(public_id: str, *, json: bool) -> bool:
    """Show the check report and ask, if somebody is there to answer."""
    detail = _detail(public_id)
    if not json:
        _print_report(detail)
    return sys.stdin.isatty() and sys.stdout.isatty() and typer.confirm(words()(N_("Take these rows?")))


def _take(public_id: str) -> None:
    services = parts()
    with writing() as session:
        run = queries.get_import(session, public_id)
        operations.confirm(session, run=run)
    tasks.run_import(services, public_id)
    with reading() as session:
        run = queries.get_import(session, public_id)
        if run.state is not ImportState.DONE:
            raise _refused(run)


def _discard(public_id: str) -> None:
    with writing() as session:
        run = queries.get_import(session, public_id)
        if run.state is ImportState.CHECKING:
            run.state = ImportState.CANCELLED
        if run.state in {ImportState.UPLOADED, ImportState.CHECKED, ImportState.CANCELLED, ImportState.FAILED}:
            operations.discard(session, parts().orders, run=run)


def _detail(public_id: str) -> ImportDetail:
    with reading() as session:
        return queries.import_detail(queries.get_import(session, public_id))


def _report(detail: ImportDetail) -> CheckReport:
    if detail.report is None:
        raise AppError("no_report", N_("This import has no check report."))
    return detail.report


def _counts(detail: ImportDetail) -> dict[str, int]:
    report = _report(detail)
    return {"taken": report.taken, "known": report.known, "held": report.held_back_rows}


def _print_report(detail: ImportDetail) -> None:
    report, told = _report(detail), words()
    say(
        told(
            N_("Rows read: {rows}. New: {taken}. Already known: {known}. Held back: {held}."),
            rows=report.rows_read,
            **_counts(detail),
        )
    )
    if report.rows_above:
        say(told(N_("Rows above the header that were left out: {n}."), n=report.rows_above))
    if detail.row.table is not FileTable.ORDERS:
        import_tables.say_other(report, detail.row.table)
        return
    for currency, amount in report.amount.items():
        say(
            told(
                N_("Customers: {customers}. Orders: {orders}. Amount: {amount}."),
                customers=report.customers,
                orders=report.orders,
                amount=told.money(amount, currency),
            )
        )
    say(
        told(
            N_("Of the new rows: cancelled {cancelled}, returned {returned}, fees {fees}."),
            cancelled=report.cancelled,
            returned=report.returned,
            fees=report.fees,
        )
    )
    for currency, amount in report.refunded_amount.items():
        say(
            told(
                N_("Of the amount refunded, and taken off in the figures: {amount}."),
                amount=told.money(amount, currency),
            )
        )
    _say_emptied(report)
    for reason, count, _ in report.held_back_reasons:
        say(f"  {count}\t{told(reason)}")
    for item in report.held_back_sample[:5]:
        say(told(N_("  line {line}, {column}: {value}"), line=item.line, column=item.column or "-", value=item.value))


def _say_emptied(report: CheckReport) -> None:
    for reason, count in report.emptied_cells:
        say(f"  {count}\t{words()(reason)}")


@purchases.command("list")
def list_imports(*, json: JsonFlag = False) -> None:
    """List all imports, newest first."""
    with reading() as session:
        rows = import_queries.told_truly(session, parts().orders, queries.list_imports(session))
    if json:
        say_json([documents.import_row(row) for row in rows])
        return
    for row in rows:
        say(f"{row.public_id}\t{_state(row)}\t{row.source}\t{row.file_name}\t{row.taken}\t{row.known}\t{row.held_back}")


def _state(row: ImportRow) -> str:
    return "interrupted" if row.interrupted else str(row.state)


@purchases.command("undo")
def undo(
    import_id: Annotated[str, typer.Argument(help="as printed by import and list")], *, json: JsonFlag = False
) -> None:
    """Take a whole import back; the store is as if the file had never come."""
    services = parts()
    with faults_told():
        with writing() as session:
            run = queries.get_import(session, import_id)
            if run.state is not ImportState.UNDOING:  # a killed command may have asked already
                operations.request_undo(session, run=run, actor=COMMAND_LINE, now=services.clock())
        tasks.run_undo(services, import_id)
    if json:
        say_json({"import_id": import_id, "state": "undone"})
    else:
        say(words()(N_("Import {import_id} was taken back."), import_id=import_id))


@purchases.command("summary")
def summary(
    *,
    out: Annotated[Path, typer.Option(help="CSV file to write, UTF-8")],
    as_of: Annotated[str, typer.Option("--as-of", help="YYYY-MM-DD; the day of the newest order unless given")] = "",
) -> None:
    """Write one row a customer with the figures of a day."""
    with faults_told():
        day = _day(as_of)
        with reading() as session:
            people = queries.summaries(session, parts().orders, as_of=day)
            if not people:
                raise _nobody(queries.overview(session, parts().orders), day)
        _write(out, people)
    say(words()(N_("{n} customers written."), n=len(people)))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise AppError("day_wrong", N_("{text} is not a date. Write it as 2026-11-20."), text=text) from error


def _nobody(overview: Overview | None, day: date | None) -> AppError:
    """Return why there is nobody to write: there are no orders, or nobody knows whose they are."""
    if overview and overview.unknown_orders and (day is None or day >= overview.first_order_on):
        return AppError("nobody_known", NOBODY_KNOWN, n=words().number(overview.unknown_orders))
    return AppError("no_orders", N_("There are no orders in the store up to that day."))


def _write(out: Path, people: list[CustomerSummary]) -> None:
    """Write the file under a temporary name and rename it, so a reader never sees half of it."""
    try:
        handle, name = tempfile.mkstemp(dir=out.resolve().parent, prefix=".summary-")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(SUMMARY_COLUMNS)
            writer.writerows(_row(person) for person in people)
        Path(name).replace(out)
    except OSError as error:
        raise AppError("cannot_write", N_("The file cannot be written there.")) from error


def _row(person: CustomerSummary) -> list[object]:
    values = {name: getattr(person, name) for name in SUMMARY_COLUMNS}
    values["amount"] = plain_decimal(person.amount, person.currency)
    values["mean_gap_days"] = "" if person.mean_gap_days is None else person.mean_gap_days
    return list(values.values())
