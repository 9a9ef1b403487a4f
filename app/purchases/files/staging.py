"""First pass over a file: text cells of the mapped columns, cleaned, with line numbers, into one Parquet file."""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
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
from app.purchases.schemas import Mapping

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
Row = tuple[int, list[str]]


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

    def table(self, rows: list[Row]) -> pa.Table:
        width = len(self.headers)
        lines, cells, differ = [], [], []
        for line, row in rows:
            fits = len(row) == width
            if not fits and len(row) > width and not any(row[width:]):
                row, fits = row[:width], True  # noqa: PLW2901 - trailing empty cells are no data
            lines.append(line)
            differ.append(not fits)
            cells.append(row if fits else (row + [""] * width)[:width])
        raw = list(zip(*cells, strict=True))
        empty = [""] * len(rows)
        texts = {name: self._column(name, raw, empty) for name in CANONICAL}
        data: dict[str, object] = {name: texts[name] for name in TEXTS}
        data["customer_key"] = self._customers(texts)
        data |= {"line": lines, "cells_differ": differ, "row_hash": [hash(tuple(row)) for _, row in rows]}
        data["ordered_text"] = texts["ordered_at"]
        data["ordered_micros"] = [self.dates["ordered_at"].micros(text) for text in texts["ordered_at"]]
        cancelled = self.dates["cancelled_at"]
        data["cancelled_micros"] = [cancelled.micros(text) if text else None for text in texts["cancelled_at"]]
        header = self.mapping.columns.get("status", "")
        data["status_word"] = _each(texts["status"], lambda text: words.status(text, header))
        data["kind_word"] = _each(texts["kind"], words.kind)
        data["is_fee"] = _each(texts["line_type"], words.is_fee)
        data["subscription_over"] = _each(texts["sub_status"], words.subscription_over)
        return pa.table({name: pa.array(data[name], SCHEMA.field(name).type) for name in SCHEMA.names}, SCHEMA)

    def _column(self, name: str, raw: list[tuple[str, ...]], empty: Column) -> Column:
        header = self.mapping.columns.get(name)
        if header is None:
            return empty
        parts = [header] if header in self.headers else header.split(JOIN)
        columns = [raw[self.headers.index(part)] for part in parts]
        column = columns[0] if len(columns) == 1 else [" ".join(cells) for cells in zip(*columns, strict=True)]
        if name in AS_WRITTEN:
            return [text.strip() for text in column]
        return [(text if text.isascii() else unicodedata.normalize("NFKC", text)).strip() for text in column]

    def _customers(self, texts: dict[str, Column]) -> Column:
        """Return customer keys; a mail address never enters the orders store, its keyed hash does."""
        keys = texts["customer_key"]
        if "email" in self.mapping.columns:
            keys = [key or mail for key, mail in zip(keys, texts["email"], strict=True)]
        else:
            texts["email"][:] = [key if "@" in key else "" for key in keys]
        return [self._mail_key(key) if "@" in key else key for key in keys]

    def _mail_key(self, mail: str) -> str:
        digest = hmac.digest(self.secret, f"mail\0{mail.casefold()}".encode(), hashlib.sha256)
        return MAIL_KEY + digest.hex()[:20]


def _each(column: Column, meaning: Callable[[str], object]) -> list[object]:
    known = {text: meaning(text) for text in set(column)}
    return [known[text] for text in column]


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def stage(
    path: Path, how: FileFormat, mapping: Mapping, *, target: Path, secret: bytes, progress: Progress = lambda _: None
) -> Staged:
    """Write the mapped cells of every row to `target`; `progress` gets the rows read so far and may raise to stop.

    Raises:
        FileRefused: the whole file cannot be taken.
    """
    orders: dict[str, str] = dict.fromkeys(DATES, mapping.date_order)
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
            for chunk in _chunks(rows):
                writer.write_table(cleaner.table(chunk))
                done += len(chunk)
                progress(done)
    if not done:
        raise FileRefused("header_only", N_("The file has a header line but no rows."))
    return Staged(target, headers, fitted, done)
