"""Reads a table beside the orders with a mapping: rows one by one, those that do not fit held back, a report of it all."""

import csv
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

from app.core.i18n import N_
from app.purchases.files.mapping.field_labels import LABELS
from app.purchases.files.mapping.headers import JOIN, plain
from app.purchases.files.opening.encodings import unreadable
from app.purchases.files.opening.pieces import open_pieces, read_head, ways_to_read
from app.purchases.files.opening.row_reader import FileFormat
from app.purchases.files.refused import FileRefused
from app.purchases.import_schemas import CheckReport, HeldBack
from app.purchases.import_schemas import Mapping as FileMapping

T = TypeVar("T")
Cells = dict[str, str]
CHUNK = 5_000
SAMPLE = 20
CELLS_DIFFER = N_("The row has another number of cells than the header.")
COLUMN_MISSING = N_("The column {column} is not in the file (for {label}).")
COLUMN_UNMAPPED = N_("No column was found for {labels}. Say which header it is in the mapping.")
NOTHING_LEFT = N_("Every row was held back, so nothing was taken. The first is line {line}, column {column}: {reason}")
MONEY = ("amount", "held_back_amount", "known_amount", "fee_amount", "void_amount")
COUNTS = (
    "cancelled", "returned", "pending", "fees", "customers", "orders", "rows_without_customer", "exact_repeats",
    "cancel_rows", "product_codes", "order_ids",
)  # fmt: skip


@dataclass(frozen=True)
class TableSpec:
    """The columns a table may have: headers by which each is known, and of which groups one column must be there.

    `pairs` are headers that together make one column (姓 and 名); names under `free` prefixes may be mapped to any header.
    """

    columns: Mapping[str, tuple[str, ...]]
    required: tuple[tuple[str, ...], ...] = ()
    pairs: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    free: tuple[str, ...] = ()

    def knows(self, name: str) -> bool:
        """Return whether a mapping may use this name."""
        return name in self.columns or name.startswith(self.free or ("\0",))


class RowHeld(Exception):
    """One row cannot be taken: which column says so (canonical name), and why (msgid)."""

    def __init__(self, column: str, reason: str) -> None:
        """Keep both."""
        super().__init__(column)
        self.column = column
        self.reason = reason


@dataclass(frozen=True)
class TableRead(Generic[T]):
    """A whole table: parsed rows with the line each starts on, and the rows held back."""

    rows: tuple[tuple[int, T], ...]
    held: tuple[HeldBack, ...]
    headers: tuple[str, ...]
    mapping: FileMapping
    how: FileFormat
    rows_read: int

    def holding_back(self, more: Iterable[HeldBack]) -> "TableRead[T]":
        """Return the table with these rows held back too: what only the whole file tells."""
        found = {item.line: item for item in more}
        rows = tuple(row for row in self.rows if row[0] not in found)
        held = tuple(sorted((*self.held, *found.values()), key=lambda item: item.line))
        return replace(self, rows=rows, held=held)


def propose(headers: tuple[str, ...], spec: TableSpec) -> dict[str, str]:
    """Return the columns these headers suggest; a header stands for one column only."""
    by_plain: dict[str, str] = {}
    for header in headers:
        by_plain.setdefault(plain(header), header)
    columns: dict[str, str] = {}
    used: set[str] = set()
    for name, words in spec.columns.items():
        found = next((by_plain[word] for word in map(plain, words) if word in by_plain), "")
        if found and found not in used:
            columns[name] = found
            used.add(found)
    for name, pairs in spec.pairs.items():
        for pair in pairs:
            if name not in columns and all(plain(part) in by_plain for part in pair):
                columns[name] = JOIN.join(by_plain[plain(part)] for part in pair)
    return columns


def missing(columns: Mapping[str, str], spec: TableSpec) -> tuple[str, ...]:
    """Return the first name of every group of which one column must be mapped and none is."""
    return tuple(group[0] for group in spec.required if not set(group) & set(columns))


def parts_of(header: str, headers: tuple[str, ...]) -> list[str]:
    """Return the headers of the file that a mapped header names: one, or several joined by a plus."""
    if header in headers:
        return [header]
    by_plain = {plain(name): name for name in reversed(headers)}
    return [part if part in headers else by_plain.get(plain(part), "") for part in header.split(JOIN)]


def refuse_unknown(mapping: FileMapping, spec: TableSpec) -> None:
    """Pass silently when every name of a mapping is one the table knows.

    Raises:
        FileRefused: one is not.
    """
    for name in mapping.columns:
        if not spec.knows(name):
            raise FileRefused("mapping_unknown", N_("The mapping file has an unknown name: {name}."), name=name)


def fit(mapping: FileMapping, headers: tuple[str, ...], spec: TableSpec) -> FileMapping:
    """Return the mapping with each header as the file writes it.

    Raises:
        FileRefused: a mapped header is not in the file, a name is unknown, or a column that must be mapped is not.
    """
    refuse_unknown(mapping, spec)
    columns: dict[str, str] = {}
    for name, header in mapping.columns.items():
        found = parts_of(header, headers)
        if not all(found):
            raise FileRefused("column_missing", COLUMN_MISSING, column=header, label=LABELS.get(name, name))
        columns[name] = JOIN.join(found)
    gone = missing(columns, spec)
    if gone:
        raise FileRefused("column_unmapped", COLUMN_UNMAPPED, labels=[LABELS.get(name, name) for name in gone])
    return mapping.model_copy(update={"columns": columns})


def fits(mapping: FileMapping, headers: tuple[str, ...]) -> bool:
    """Return whether every column of a remembered mapping is in this file."""
    return bool(mapping.columns) and all(all(parts_of(header, headers)) for header in mapping.columns.values())


def read_table(
    path: Path, mapping: FileMapping, spec: TableSpec, parse: Callable[[Cells], T],
    progress: Callable[[int], None] = lambda _: None,
) -> TableRead[T]:  # fmt: skip
    """Read a whole file; `parse` gets each row's cells by canonical name and may raise `RowHeld`.

    Raises:
        FileRefused: the whole file cannot be taken, or every row was held back.
    """
    headers, _, first = head(path, mapping)
    fitted = fit(mapping, headers, spec)
    hows = ways_to_read(path, mapping)
    for how in hows[hows.index(first) :]:  # an encoding may read the first rows and fail further down
        sorter = _Sorter(headers, fitted, parse)
        try:
            for line, cells, differs in _rows(path, how, mapping.sheet):
                sorter.take(line, cells, differs=differs)
                if sorter.rows_read % CHUNK == 0:
                    progress(sorter.rows_read)
        except UnicodeError:
            continue
        used = fitted.model_copy(update={"encoding": how.encoding})
        read = TableRead(tuple(sorter.good), tuple(sorter.held), headers, used, how, sorter.rows_read)
        refuse_empty(read)
        return read
    raise unreadable(mapping.encoding)


def head(
    path: Path, mapping: FileMapping, count: int = SAMPLE
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], FileFormat]:
    """Return the header, the first rows, and how the file is written.

    Raises:
        FileRefused: the file cannot be read at all.
    """
    return read_head(path, ways_to_read(path, mapping), mapping.sheet, count)


def _rows(path: Path, how: FileFormat, sheet: str) -> Iterator[tuple[int, list[str], bool]]:
    """Yield (line, cells, whether the row has another number of cells than the header)."""
    with open_pieces(path, how, sheet=sheet, cell_by_cell=True, chunk=CHUNK) as opened:
        for piece in opened.pieces:
            rows = zip(*(column.to_pylist() for column in piece.columns), strict=True)
            differ = piece.differ.to_pylist() if piece.differ is not None else [False] * len(piece)
            for line, cells, differs in zip(piece.lines.to_pylist(), rows, differ, strict=True):
                yield line, list(cells), differs


def refuse_empty(read: TableRead[Any]) -> None:
    """Pass silently when a row is left.

    Raises:
        FileRefused: every row was held back.
    """
    if not read.rows:
        first = read.held[0]
        raise FileRefused("all_held_back", NOTHING_LEFT, line=first.line, column=first.column, reason=first.reason)


class _Sorter(Generic[T]):
    """Puts each row among the good ones or the ones held back."""

    def __init__(self, headers: tuple[str, ...], mapping: FileMapping, parse: Callable[[Cells], T]) -> None:
        self.mapping = mapping
        self.good: list[tuple[int, T]] = []
        self.held: list[HeldBack] = []
        self._places = {name: _places(header, headers) for name, header in mapping.columns.items()}
        self._parse = parse

    @property
    def rows_read(self) -> int:
        return len(self.good) + len(self.held)

    def take(self, line: int, cells: list[str], *, differs: bool) -> None:
        if differs:
            self.held.append(HeldBack(line, "", "", CELLS_DIFFER))
            return
        named = {name: " ".join(tidy(cells[at]) for at in found).strip() for name, found in self._places.items()}
        try:
            self.good.append((line, self._parse(named)))
        except RowHeld as fault:
            header, value = self.mapping.columns.get(fault.column, ""), named.get(fault.column, "")
            self.held.append(HeldBack(line, header, value, fault.reason))


def _places(header: str, headers: tuple[str, ...]) -> list[int]:
    return [headers.index(part) for part in parts_of(header, headers)]


def tidy(cell: str) -> str:
    """Return a cell without outer spaces, full-width letters and digits made plain."""
    return (cell if cell.isascii() else unicodedata.normalize("NFKC", cell)).strip()


def make_report(read: TableRead[Any], *, known: int = 0, changed: int = 0, **other: int) -> CheckReport:
    """Return the report of a table without money: every row is taken, known or held back."""
    reasons = Counter(item.reason for item in read.held)
    shown: dict[str, Any] = {name: {} for name in MONEY} | dict.fromkeys(COUNTS, 0) | other
    return CheckReport(
        rows_above=read.how.rows_above,
        rows_read=read.rows_read,
        taken=len(read.rows) - known,
        known=known,
        changed=changed,
        held_back_rows=len(read.held),
        held_back_reasons=tuple((reason, count, Decimal(0)) for reason, count in reasons.most_common()),
        held_back_sample=read.held[:SAMPLE],
        first_order_on=None,
        last_order_on=None,
        **shown,
    )


def write_held(original: Path, read: TableRead[Any], target: Path) -> None:
    """Write the held-back rows as the file has them, with line and reason in front, so they can be mended."""
    reasons = {item.line: item.reason for item in read.held}
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", *read.headers])
        if reasons:
            rows = _rows(original, read.how, read.mapping.sheet)
            writer.writerows([line, reasons[line], *cells] for line, cells, _ in rows if line in reasons)
