"""The held-back rows of an import as the file wrote them: a page of them, one of them, and the cell that stood in the way."""

import csv
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.errors import NotFound
from app.core.i18n import N_
from app.purchases.files.mapping.headers import JOIN
from app.purchases.files.names import HELD
from app.purchases.files.reasons import REASONS
from app.purchases.models import ImportRun
from app.purchases.store import OrdersStore

PAGE = 50
FIXED = 2  # the columns line and reason stand before the file's own


@dataclass(frozen=True)
class HeldRow:
    """One held-back row: its line in the file, why (msgid), its cells, and the header of the cell to mend ('' = any)."""

    line: int
    reason: str
    cells: tuple[str, ...]
    bad: str = ""


@dataclass(frozen=True)
class HeldPage:
    """A page of the rows that still wait; `reasons` counts all of those, largest first; `reason` is the one shown."""

    headers: tuple[str, ...]
    rows: tuple[HeldRow, ...]
    reasons: tuple[tuple[str, int], ...]
    reason: str
    number: int
    pages: int

    @property
    def waiting(self) -> int:
        """Return how many rows wait in all."""
        return sum(count for _, count in self.reasons)


def held_file(store: OrdersStore, run: ImportRun) -> Path:
    """Return where the held-back rows lie: beside the upload until the import, with the contacts after it.

    Raises:
        NotFound: nothing was held back, or the rows were deleted with the import.
    """
    for path in (store.held_path(run.public_id), store.upload_dir(run.public_id) / HELD):
        if path.exists():
            return path
    raise NotFound("no_held_back", N_("There are no held-back rows for this import."))


def bad_columns(run: ImportRun) -> Mapping[str, str]:
    """Return the header of the cell that each reason is about; reasons about a whole row are not in it."""
    columns: dict[str, str] = run.mapping.get("columns", {})
    known = {sentence: columns.get(name, "") for name, sentence in REASONS.values()}
    sample = {held["reason"]: held["column"] for held in run.report.get("held_back_sample", ())}
    return {reason: header for reason, header in (known | sample).items() if header and JOIN not in header}


def reason_key(reason: str) -> str:
    """Return a short name of a reason for addresses."""
    return f"{zlib.crc32(reason.encode()):08x}"


def read_page(
    store: OrdersStore, run: ImportRun, *, mended: Collection[int] = (), reason: str = "", number: int = 1
) -> HeldPage:
    """Return a page of the rows that are not mended yet; `reason` is the key of one reason, '' for all.

    Reads the file twice, both times row by row.
    """
    path, bad = held_file(store, run), bad_columns(run)
    counts = count_waiting(path, mended)
    reasons = tuple(counts.most_common())
    wanted = {name for name in counts if reason_key(name) == reason}
    reason, wanted = (reason, wanted) if wanted else ("", set(counts))
    total = sum(count for name, count in reasons if name in wanted)
    pages = max(-(-total // PAGE), 1)
    number = min(max(number, 1), pages)
    first, shown, place = (number - 1) * PAGE, list[HeldRow](), 0
    for row in _rows(path):
        if row.reason not in wanted or row.line in mended:
            continue
        if first <= place < first + PAGE:
            shown.append(replace(row, bad=bad.get(row.reason, "")))
        place += 1
    return HeldPage(read_headers(path), tuple(shown), reasons, reason, number, pages)


def count_waiting(path: Path, mended: Collection[int]) -> Counter[str]:
    """Return how many rows of a file of held-back rows wait for each reason."""
    return Counter(row.reason for row in _rows(path) if row.line not in mended)


def read_lines(store: OrdersStore, run: ImportRun, lines: Collection[int]) -> tuple[tuple[str, ...], list[HeldRow]]:
    """Return the headers of the file and these held-back rows."""
    path, bad = held_file(store, run), bad_columns(run)
    rows = [replace(row, bad=bad.get(row.reason, "")) for row in _rows(path) if row.line in lines]
    return read_headers(path), rows


def alike(
    store: OrdersStore, run: ImportRun, wanted: Mapping[tuple[int, str], str], *, mended: Collection[int], limit: int
) -> dict[int, dict[int, str]]:
    """Return what to put into which cells of every waiting row that has one of these values in the cell that stands in the way.

    `wanted` gives the new value by place and old value; the answer is by line and place, at most `limit` rows.
    """
    path, bad = held_file(store, run), bad_columns(run)
    headers, found = read_headers(path), dict[int, dict[int, str]]()
    for row in _rows(path):
        for (place, old), new in wanted.items():
            in_the_way = place < len(headers) and headers[place] == bad.get(row.reason)
            if in_the_way and row.line not in mended and row.cells[place] == old:
                found.setdefault(row.line, {})[place] = new
        if len(found) >= limit:
            break
    return found


def read_headers(path: Path) -> tuple[str, ...]:
    """Return the file's own headers."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(next(csv.reader(file))[FIXED:])


def _rows(path: Path) -> Iterator[HeldRow]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        width = len(next(reader)) - FIXED
        for row in reader:
            cells = [*row[FIXED:], *[""] * width][: max(width, len(row) - FIXED)]
            yield HeldRow(int(row[0]), row[1], tuple(cells))
