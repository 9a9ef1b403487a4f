"""First pass over a file: text cells of the mapped columns, cleaned, with line numbers, into one Parquet file."""

import gc
import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from app.core.i18n import N_
from app.purchases.files import words
from app.purchases.files.dates import DateColumn
from app.purchases.files.headers import CANONICAL, JOIN
from app.purchases.files.mapping_file import fit
from app.purchases.files.reading import FileFormat, open_rows, read_header
from app.purchases.files.refused import FileRefused
from app.purchases.import_schemas import Mapping

CHUNK = 50_000
DATES = ("ordered_at", "cancelled_at")
AS_WRITTEN = ("product_name", "reason", "customer_name", "customer_kana")
TEXTS = tuple(name for name in CANONICAL if name not in DATES)
MAIL_KEY = "mail-"
SCHEMA = pa.schema(
    [
        ("line", pa.int64()),
        ("row_hash", pa.int64()),
        ("cells_differ", pa.bool_()),
        *((name, pa.string()) for name in TEXTS),
        ("ordered_text", pa.string()),
        ("ordered_micros", pa.int64()),
        ("cancelled_micros", pa.int64()),
        ("status_word", pa.string()),
        ("kind_word", pa.string()),
        ("is_fee", pa.bool_()),
        ("subscription_over", pa.bool_()),
    ]
)
Progress = Callable[[int], None]
Column = list[str]


@dataclass(frozen=True)
class Staged:
    """The first pass is done: where the cells lie, and the mapping as this file writes its headers."""

    path: Path
    headers: tuple[str, ...]
    mapping: Mapping
    rows: int


@dataclass
class _Cleaner:
    """Turns raw cells of one chunk into the columns of SCHEMA."""

    headers: tuple[str, ...]
    mapping: Mapping
    secret: bytes
    dates: dict[str, DateColumn]

    def table(self, lines: list[int], rows: list[list[str]]) -> pa.Table:
        width = len(self.headers)
        differ, cells = _squared(rows, width)
        raw = list(zip(*cells, strict=True))
        texts = {name: self._column(name, raw) for name in CANONICAL if name in self.mapping.columns}
        texts["customer_key"] = self._customers(texts, len(rows))
        data: dict[str, object] = {name: texts[name] for name in TEXTS if name in texts}
        data |= {"line": lines, "cells_differ": differ, "row_hash": list(map(hash, map(tuple, rows)))}
        data["ordered_text"] = texts["ordered_at"]
        data["ordered_micros"] = _each(texts["ordered_at"], self.dates["ordered_at"].micros)
        cancelled = self.dates["cancelled_at"]
        header = self.mapping.columns.get("status", "")
        meanings: dict[str, tuple[str, Callable[[str], object]]] = {
            "cancelled_micros": ("cancelled_at", lambda text: cancelled.micros(text) if text else None),
            "status_word": ("status", lambda text: words.status(text, header)),
            "kind_word": ("kind", words.kind),
            "is_fee": ("line_type", words.is_fee),
            "subscription_over": ("sub_status", words.subscription_over),
        }
        for name, (column, meaning) in meanings.items():
            data[name] = _each(texts[column], meaning) if column in texts else meaning("")
        arrays = [_array(data.get(name, ""), SCHEMA.field(name).type, len(rows)) for name in SCHEMA.names]
        return pa.table(arrays, SCHEMA)

    def _column(self, name: str, raw: list[tuple[str, ...]]) -> Column:
        header = self.mapping.columns[name]
        parts = [header] if header in self.headers else header.split(JOIN)
        columns = [raw[self.headers.index(part)] for part in parts]
        column = columns[0] if len(columns) == 1 else tuple(" ".join(cells) for cells in zip(*columns, strict=True))
        if name in AS_WRITTEN or "".join(column).isascii():
            return list(map(str.strip, column))
        return [(text if text.isascii() else unicodedata.normalize("NFKC", text)).strip() for text in column]

    def _customers(self, texts: dict[str, Column], count: int) -> Column:
        """Return customer keys; a mail address never enters the orders store, its keyed hash does."""
        keys = texts.get("customer_key", [""] * count)
        if "email" in texts:
            keys = [key or mail for key, mail in zip(keys, texts["email"], strict=True)]
        elif "@" in "".join(keys):
            texts["email"] = [key if "@" in key else "" for key in keys]
        if "@" not in "".join(keys):
            return keys
        return [self._mail_key(key) if "@" in key else key for key in keys]

    def _mail_key(self, mail: str) -> str:
        digest = hmac.digest(self.secret, f"mail\0{mail.casefold()}".encode(), hashlib.sha256)
        return MAIL_KEY + digest.hex()[:20]


def _squared(rows: list[list[str]], width: int) -> tuple[object, list[list[str]]]:
    """Return which rows do not fit the header, and all rows cut or filled to its width."""
    if set(map(len, rows)) == {width}:
        return False, rows
    differ, cells = [], []
    for row in rows:
        differ.append(len(row) < width or any(row[width:]))  # empty cells beyond the header are no data
        cells.append((row + [""] * width)[:width])
    return differ, cells


def _each(column: Column, meaning: Callable[[str], object]) -> list[object]:
    known = {text: meaning(text) for text in dict.fromkeys(column)}
    return list(map(known.__getitem__, column))


def _array(values: object, kind: pa.DataType, count: int) -> pa.Array:
    """Return a column; one value stands for all rows."""
    return pa.array(values, kind) if isinstance(values, list) else pa.repeat(pa.scalar(values, kind), count)


def stage(
    path: Path, how: FileFormat, mapping: Mapping, *, target: Path, secret: bytes, progress: Progress = lambda _: None
) -> Staged:
    """Write the mapped cells of every row to `target`; `progress` gets the rows read so far and may raise to stop.

    Raises:
        FileRefused: the whole file cannot be taken.
    """
    orders: dict[str, str] = dict.fromkeys(DATES, mapping.date_order)
    with collector_paused():
        return _passes(path, how, mapping, orders, target=target, secret=secret, progress=progress)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the garbage collector still: walking millions of fresh cells, none of them in a cycle, takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _passes(
    path: Path, how: FileFormat, mapping: Mapping, orders: dict[str, str], *, target: Path, secret: bytes,
    progress: Progress,
) -> Staged:  # fmt: skip
    for _ in range(2):
        dates = {name: DateColumn(order) for name, order in orders.items()}
        staged = _pass(path, how, mapping, dates, target=target, secret=secret, progress=progress)
        again = {
            name: found
            for name, column in dates.items()
            if (found := column.order_to_use(staged.mapping.columns.get(name, name))) is not None
        }
        if not again:
            return staged
        orders |= again
    return staged


def _pass(
    path: Path,
    how: FileFormat,
    mapping: Mapping,
    dates: dict[str, DateColumn],
    *,
    target: Path,
    secret: bytes,
    progress: Progress,
) -> Staged:
    done = 0
    with open_rows(path, how) as rows:
        headers = read_header(rows)
        fitted = fit(mapping, headers)
        cleaner = _Cleaner(headers, fitted, secret, dates)
        with pq.ParquetWriter(target, SCHEMA, compression="zstd", compression_level=1) as writer:
            for lines, chunk in rows.chunks(CHUNK):
                writer.write_table(cleaner.table(lines, chunk))
                done += len(chunk)
                progress(done)
    if not done:
        raise FileRefused("header_only", N_("The file has a header line but no rows."))
    return Staged(target, headers, fitted, done)
