"""What `n1 purchases import` needs for files that are not orders: members, products, subscriptions, events."""

from pathlib import Path

from app.cli.common import parts, reading, say, words, writing
from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases import operations, queries
from app.purchases.files.mapping.field_labels import TABLE_LABELS
from app.purchases.files.mapping.mapping_file import read_mapping_file
from app.purchases.import_schemas import CheckReport, Mapping
from app.purchases.models import FileTable, ImportRun

OTHER_KIND = N_("{sentence} Its columns fit another kind of file ({label}): try again with --table {table}.")


def given_mapping(path: Path | None, table: FileTable | None) -> Mapping | None:
    """Return the mapping of a TOML file, whose names are those of the kind of file; None without a file.

    Raises:
        FileRefused: the file is no mapping, or has an unknown name.
    """
    if path is None:
        return None
    if table in {None, FileTable.ORDERS}:
        return read_mapping_file(path)
    from app.purchases.other.handlers import handler

    return read_mapping_file(path, knows=handler(table or FileTable.ORDERS).SPEC.knows)


def recognise(public_id: str) -> None:
    """Say of an upload what its rows are, where its headers tell."""
    with reading() as session:
        found = operations.inspect(parts().orders, queries.get_import(session, public_id)).table
    if found is not None:
        with writing() as session:
            operations.set_table(session, run=queries.get_import(session, public_id), table=found)


def with_other_kind(run: ImportRun, fault: AppError) -> AppError:
    """Return the fault of a check with the kind of file that the headers fit, where there is one, as the page offers it."""
    from app.purchases.other.kinds import LACKING, likeliest

    if run.error_params.get("code") not in LACKING:
        return fault
    other, fits = likeliest(operations.inspect(parts().orders, run).headers, run.table)[0]
    if not fits:
        return fault
    label, sentence = words()(TABLE_LABELS[other.value]), words()(fault.message, **fault.params)
    return AppError(fault.code, OTHER_KIND, sentence=sentence, label=label, table=other.value)


def say_other(report: CheckReport, table: FileTable) -> None:
    """Print what the check found in a file that holds no orders."""
    t = words()
    if table is FileTable.MEMBERS:
        line = N_("Members: {members}. With orders: {there}. Not in the orders yet: {others}.")
        there, others = report.customers_in_orders, report.customers_not_in_orders
        say(t(line, members=report.customers, there=there, others=others))
    if table is FileTable.EVENTS:
        nobodys, product = report.rows_without_customer, report.rows_about_product
        line = N_(
            "About everybody: {everybody}. About those who bought a product: {buyers}. About one customer: {one}."
        )
        one = report.rows_read - report.held_back_rows - nobodys
        say(t(line, everybody=nobodys - product, buyers=product, one=one))
    for reason, count, _ in report.held_back_reasons:
        say(f"  {count}\t{t(reason)}")
