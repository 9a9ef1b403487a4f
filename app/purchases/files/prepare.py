"""Everything between an uploaded file and rows that are ready to be taken; nothing of it is in the store yet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from app.core import sql
from app.core.i18n import N_
from app.purchases.files.check import report
from app.purchases.files.check.held_file import write_held
from app.purchases.files.check.known_rows import mark_known
from app.purchases.files.check.whole_file import judge
from app.purchases.files.mapping.mapping_file import in_its_currency
from app.purchases.files.mapping.presets import merged, propose
from app.purchases.files.names import CONTACTS, HELD, ORIGINAL, Numbering
from app.purchases.files.opening.pieces import Rows, read_head, ways_to_read
from app.purchases.files.refused import FileRefused
from app.purchases.files.rows.staging import Progress, Staged, stage
from app.purchases.identity.contact_table import FIELDS, ROW_GROUP, finish
from app.purchases.import_schemas import AccountLine, CheckReport, HeldBack, Mapping
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

OTHER_CURRENCY = N_(
    "The source {source} has its orders in {known}, this file says {currency}. Amounts of two currencies are never added: "
    "correct the currency, or give the file a source of its own."
)
NOTHING_LEFT = N_("Every row was held back, so nothing was taken. The first is line {line}, column {column}: {reason}")


@dataclass(frozen=True)
class Prepared:
    """A checked file: what it would add, and the mapping it was read with."""

    report: CheckReport
    mapping: Mapping
    held_back: tuple[HeldBack, ...]


def prepare(
    store: OrdersStore,
    folder: Path,
    *,
    mapping: Mapping,
    numbering: Numbering,
    earlier: Sequence[Path],
    progress: Progress = lambda *_: None,
    phase: Callable[[str], None] = lambda _: None,
    may_be_empty: bool = False,
) -> Prepared:
    """Read `folder/original`, write the prepared rows beside it and return the report.

    Raises:
        FileRefused: the whole file cannot be taken, or every row was held back (unless it `may_be_empty`).
    """
    original = folder / ORIGINAL
    hows = ways_to_read(original, mapping)
    headers, rows, _ = read_head(original, hows, mapping.sheet)
    used = _completed(mapping, headers, rows)
    with store.duckdb() as backend:
        staged = stage(
            original, hows, used, folder=folder, numbering=numbering, secret=store.secret, connection=backend.con,
            progress=progress,
        )  # fmt: skip
        phase("checking")
        _same_currency(report.currencies(backend, earlier), staged.mapping.currency, numbering.source)
        judge(backend, staged, original, numbering.import_number)
        report.make_held(backend, staged)
        mark_known(backend, staged.rows_path, earlier)
        against = report.Against(staged.rows_path, earlier, numbering.import_number, staged.mapping.currency)
        found = report.make_report(backend, staged, against)
        held = tuple(report.held_back(backend, staged))
        if not may_be_empty and not found.taken and not found.known:
            first = held[0]
            raise FileRefused("all_held_back", NOTHING_LEFT, line=first.line, column=first.column, reason=first.reason)
        _write_contacts(backend, staged, numbering.source)
    write_held(original, staged, {item.line: item.reason for item in held}, folder / HELD)
    return Prepared(found, staged.mapping.model_copy(update={"encoding": staged.how.encoding}), held)


def _completed(mapping: Mapping, headers: tuple[str, ...], rows: Rows) -> Mapping:
    """Return the mapping with what the headers and first rows tell, where a person said nothing."""
    proposed = propose(headers)
    used = mapping if mapping.columns else in_its_currency(merged(proposed, mapping), mapping, headers, rows)
    return used if used.fee_codes else used.model_copy(update={"fee_codes": proposed.fee_codes})


def recount(
    store: OrdersStore, rows: Path, old: CheckReport, *, numbering: Numbering, currency: str, earlier: Sequence[Path]
) -> CheckReport:
    """Return the report again against what the store holds now.

    Raises:
        FileRefused: meanwhile the source got orders in another currency.
    """
    held = next((line for line in old.account if line.kind == "held_back"), AccountLine("held_back", 0, Decimal(0)))
    with store.duckdb() as backend:
        _same_currency(report.currencies(backend, earlier), currency, numbering.source)
        mark_known(backend, rows, earlier)
        return replace(
            old, **report.against_store(backend, report.Against(rows, earlier, numbering.import_number, currency), held)
        )


def _same_currency(known: frozenset[str], currency: str, source: str) -> None:
    if known - {currency}:
        raise FileRefused(
            "currency_differs", OTHER_CURRENCY, source=source, known=", ".join(sorted(known)), currency=currency
        )


def _write_contacts(backend: "Backend", staged: Staged, source: str) -> None:
    """Write the newest contact data of each customer of the rows that are not held back."""
    target = staged.folder / CONTACTS
    target.unlink(missing_ok=True)
    if not staged.contacts_path.exists():
        return
    have = pq.read_schema(staged.contacts_path).names
    newest = ", ".join(
        f"coalesce(arg_max({name}, line) FILTER ({name} <> ''), '') AS {name}" if name in have else f"'' AS {name}"
        for name in FIELDS
    )
    found = backend.con.sql(
        f"""SELECT {sql.literal(source)} AS source, customer_id, {newest} FROM {sql.parquet(staged.contacts_path)}
        WHERE customer_id <> '' AND line NOT IN (SELECT line FROM held_later) GROUP BY customer_id ORDER BY customer_id"""
    ).to_arrow_table()
    pq.write_table(finish(found), target, compression="zstd", row_group_size=ROW_GROUP)
    staged.contacts_path.unlink()
