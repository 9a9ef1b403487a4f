"""Held-back rows mended by hand: tried at once by the rules of their file, then taken in as an import of their own."""

import csv
import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from pathlib import Path

from sqlmodel import Session

from app.accounts.schemas import Actor
from app.core.errors import Conflict
from app.core.i18n import N_
from app.core.types import new_public_id
from app.jobs.schemas import JobServices
from app.purchases import operations
from app.purchases.files.names import ORIGINAL
from app.purchases.files.refused import FileRefused
from app.purchases.held_rows import PAGE, HeldRow, alike, read_lines
from app.purchases.import_queries import OPEN, mended_lines
from app.purchases.import_schemas import HeldBack
from app.purchases.import_schemas import Mapping as FileMapping
from app.purchases.models import FileTable, ImportRun
from app.purchases.store import OrdersStore

ALIKE = 10_000
BREAK = re.compile(r"\r\n|\r|\n")
Typed = Mapping[int, Mapping[int, str]]


@dataclass(frozen=True)
class Mended:
    """Rows as they now are, and what is still wrong with some of them, by their line in the first file."""

    headers: tuple[str, ...]
    rows: tuple[HeldRow, ...]
    wrong: Mapping[int, HeldBack]

    @property
    def readable(self) -> "Mended":
        """Return the rows that can be read now; the others stay held back."""
        return replace(self, rows=tuple(row for row in self.rows if row.line not in self.wrong), wrong={})


def expect_open(run: ImportRun) -> None:
    """Pass silently while the held-back rows of an import can be mended.

    Raises:
        Conflict: it was stopped or undone, or is at work.
    """
    if run.state not in OPEN:
        raise Conflict("import_state", operations.WRONG_STATE)


def mend(
    services: JobServices, run: ImportRun, typed: Typed, *, mended: Collection[int] = (), all_alike: bool = False
) -> Mended:
    """Put what was typed into the held-back rows and try those that changed. Reads files: no transaction may be open.

    With `all_alike` every waiting row with the same value in the same cell, up to ALIKE of them, is mended the same way;
    `mended` are the lines that wait no more.

    Raises:
        FileRefused: what was typed cannot be read even as a file, such as dates that do not tell day from month.
    """
    store: OrdersStore = services.orders
    headers, found = read_lines(store, run, typed)
    if all_alike:
        typed = _spread(store, run, found, typed, mended)
        headers, found = read_lines(store, run, typed)
    rows = tuple(changed for row in found if (changed := _with(row, typed[row.line], len(headers))) != row)
    return Mended(headers, rows, try_rows(services, run, headers, rows) if rows else {})


def _spread(
    store: OrdersStore, run: ImportRun, found: Sequence[HeldRow], typed: Typed, mended: Collection[int]
) -> Typed:
    """Return what was typed, for the waiting rows of the same value too; rows typed into keep their own.

    A value that was mended in two ways says nothing about the other rows.
    """
    own = {row.line: typed[row.line] for row in found if _with(row, typed[row.line], len(row.cells)) != row}
    ways: dict[tuple[int, str], set[str]] = {}
    for row in found:
        for place, text in own.get(row.line, {}).items():
            if place < len(row.cells) and row.cells[place] != text:
                ways.setdefault((place, row.cells[place]), set()).add(text)
    changes = {cell: texts.pop() for cell, texts in ways.items() if len(texts) == 1}
    return {**alike(store, run, changes, mended=mended, limit=ALIKE), **own}


def _with(row: HeldRow, typed: Mapping[int, str], width: int) -> HeldRow:
    cells = [typed.get(place, cell) for place, cell in enumerate(row.cells)]
    return row if tuple(cells) == row.cells else replace(row, cells=tuple(cells[:width]))


def mapping_for(run: ImportRun) -> FileMapping:
    """Return how the mended rows are read: as their file was, but written as we write."""
    return FileMapping.model_validate(run.mapping).model_copy(update={"encoding": "utf-8", "sheet": ""})


def write_rows(path: Path, headers: Sequence[str], rows: Sequence[HeldRow]) -> dict[int, int]:
    """Write the rows as a file of their own; return the line of the first file by the line in this one."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows(row.cells for row in rows)
    heights = [1 + sum(len(BREAK.findall(cell)) for cell in row.cells) for row in rows]
    starts = accumulate(heights[:-1], initial=2)
    return {start: row.line for start, row in zip(starts, rows, strict=True)}


def try_rows(
    services: JobServices, run: ImportRun, headers: Sequence[str], rows: Sequence[HeldRow]
) -> dict[int, HeldBack]:
    """Return what is still wrong with the rows, by their line in the first file."""
    store: OrdersStore = services.orders
    name = f"mend-{new_public_id()}"
    folder = store.upload_dir(name)
    folder.mkdir(parents=True, mode=0o700)
    try:
        lines = write_rows(folder / ORIGINAL, headers, rows)
        held = _held_of_orders(store, run, folder) if run.table is FileTable.ORDERS else _held_of(services, run, name)
    except FileRefused as fault:
        if fault.code != "all_held_back":
            raise
        return _one_by_one(services, run, headers, rows, fault)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {lines[item.line]: item for item in held}


def _held_of_orders(store: OrdersStore, run: ImportRun, folder: Path) -> tuple[HeldBack, ...]:
    # DuckDB and Arrow are loaded where they work
    from app.purchases.files.names import Numbering
    from app.purchases.files.prepare import prepare

    numbering = Numbering(run.source, 0)
    mapping = mapping_for(run)
    return prepare(store, folder, mapping=mapping, numbering=numbering, earlier=[], may_be_empty=True).held_back


def _held_of(services: JobServices, run: ImportRun, name: str) -> tuple[HeldBack, ...]:
    from app.purchases.other.handlers import handler

    mapping = mapping_for(run).model_dump(mode="json")
    trial = ImportRun(
        id=0, public_id=name, source=run.source, file_name=run.file_name, table=run.table, state=run.state,
        mapping=mapping, created_at=run.created_at,
    )  # fmt: skip
    return handler(run.table).check(services, trial, lambda _: None).held_back


def _one_by_one(
    services: JobServices, run: ImportRun, headers: Sequence[str], rows: Sequence[HeldRow], fault: FileRefused
) -> dict[int, HeldBack]:
    """Return why each row cannot be read, where none can: the fault names the first only."""
    if len(rows) == 1 or len(rows) > PAGE:
        return {rows[0].line: _told(rows[0], fault)}
    wrong: dict[int, HeldBack] = {}
    for row in rows:
        wrong |= try_rows(services, run, headers, [row])
    return wrong


def _told(row: HeldRow, fault: FileRefused) -> HeldBack:
    return HeldBack(row.line, str(fault.params.get("column", "")), "", str(fault.params.get("reason", "")))


def start_corrections(
    session: Session, store: OrdersStore, *, run: ImportRun, mended: Mended, file_name: str, actor: Actor, now: datetime
) -> ImportRun:
    """Make an import of the mended rows and ask for its check; enqueue `purchases.check` after the commit.

    Raises:
        Conflict: the first import is no longer open, or somebody has mended one of these rows meanwhile.
    """
    expect_open(run)
    lines = sorted(row.line for row in mended.rows)
    if mended_lines(session, run.public_id) & set(lines):
        raise Conflict("already_mended", N_("Somebody has mended some of these rows meanwhile. Reload the page."))
    store.uploads_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = store.uploads_dir / f"{new_public_id()}.part"
    write_rows(path, mended.headers, mended.rows)
    made = operations.start_import(
        session, store, actor=actor, source=run.source, file_name=file_name, path=path, now=now,
        table=run.table,
    )  # fmt: skip
    made.mapping = mapping_for(run).model_dump(mode="json")
    made.corrects, made.corrected_lines = run.public_id, lines
    operations.request_check(session, run=made)
    return made
