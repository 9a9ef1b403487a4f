"""Everything between an uploaded file and rows that are ready to be taken; nothing of it is in the store yet."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.i18n import N_
from app.purchases.files import normalise, report
from app.purchases.files.names import CONTACTS, HELD, ORIGINAL, ROWS, STAGED
from app.purchases.files.normalise import Numbering
from app.purchases.files.presets import merged, propose
from app.purchases.files.reading import FileFormat, find_format, first_rows, open_rows
from app.purchases.files.refused import FileRefused
from app.purchases.files.staging import Progress, Staged, collector_paused, stage
from app.purchases.import_schemas import CheckReport, HeldBack, Mapping
from app.purchases.store import OrdersStore

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
    progress: Progress,
) -> Prepared:
    """Read `folder/original`, write the prepared rows beside it and return the report.

    Raises:
        FileRefused: the whole file cannot be taken, or every row was held back.
    """
    original = folder / ORIGINAL
    how = find_format(original, mapping.encoding)
    headers, _ = first_rows(original, how)
    used = mapping if mapping.columns else merged(propose(headers), mapping)
    if not used.fee_codes:
        used = used.model_copy(update={"fee_codes": propose(headers).fee_codes})
    staged = stage(original, how, used, target=folder / STAGED, secret=store.secret, progress=progress)
    with store.duckdb() as backend:
        connection = backend.con
        _same_currency(report.currencies(connection, earlier), staged.mapping.currency, numbering.source)
        normalise.normalise(connection, staged, numbering)
        report.mark_known(connection, earlier)
        found = report.make_report(connection, staged)
        held = tuple(report.held_back(connection, staged))
        if not found.taken and not found.known:
            first = held[0]
            raise FileRefused("all_held_back", NOTHING_LEFT, line=first.line, column=first.column, reason=first.reason)
        normalise.write_rows(connection, folder / ROWS)
        (folder / CONTACTS).unlink(missing_ok=True)
        normalise.write_contacts(connection, staged, numbering, folder / CONTACTS)
    with collector_paused():
        _write_held(original, how, staged, held, folder / HELD)
    staged.path.unlink(missing_ok=True)
    return Prepared(found, staged.mapping.model_copy(update={"encoding": how.encoding}), held)


def recount(
    store: OrdersStore, rows: Path, old: CheckReport, *, source: str, currency: str, earlier: Sequence[Path]
) -> CheckReport:
    """Return the report again against what the store holds now.

    Raises:
        FileRefused: meanwhile the source got orders in another currency.
    """
    with store.duckdb() as backend:
        connection = backend.con
        _same_currency(report.currencies(connection, earlier), currency, source)
        normalise.read_rows(connection, rows)
        report.mark_known(connection, earlier)
        return replace(old, **report.against_store(connection, currency))


def _same_currency(known: frozenset[str], currency: str, source: str) -> None:
    if known - {currency}:
        raise FileRefused(
            "currency_differs", OTHER_CURRENCY, source=source, known=", ".join(sorted(known)), currency=currency
        )


def _write_held(original: Path, how: FileFormat, staged: Staged, held: Sequence[HeldBack], target: Path) -> None:
    """Write the held-back rows as the file has them, with line and reason in front, so they can be mended."""
    reasons = {item.line: item.reason for item in held}
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", *staged.headers])
        if reasons:
            writer.writerows(_raw_rows(original, how, reasons))


def _raw_rows(original: Path, how: FileFormat, reasons: dict[int, str]) -> Iterator[list[str]]:
    with open_rows(original, how) as rows:
        for lines, chunk in rows.chunks(10_000):
            for line, cells in zip(lines, chunk, strict=True):
                if line in reasons:
                    yield [str(line), reasons[line], *cells]
