"""Opens what people upload, by its bytes and never by its name: text, gzip, zip or a workbook."""

import io
import mmap
import zipfile
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Literal, Self

from app.core.i18n import N_
from app.purchases.files.opening.sheets import LOCKED_BOOK, Book, open_book
from app.purchases.files.opening.unpacking import BLOCK, gzip_file, unpacked_entry, unpacked_gzip
from app.purchases.files.opening.workbook_guard import check_workbook
from app.purchases.files.opening.zips import (
    HUGE,
    NESTED,
    WORKBOOK_BYTES,
    choose_table,
    entry_name,
    is_workbook,
    list_zip,
)
from app.purchases.files.refused import FileRefused

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE = b"\xd0\xcf\x11\xe0"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
OLD_EXCEL = N_("This is an old Excel file (.xls), whatever its name says. Save it as .xlsx or CSV and try again.")
MARKUP = (b"<html", b"<!doc", b"<table", b"<?xml")  # some shops give a web page the ending .xls
WEB_PAGE = N_("This is a web page or XML, whatever its name says. Save the table as .xlsx or CSV and try again.")
PDF = N_("This is a PDF file. Export the orders as CSV and try again.")
ARCHIVE = N_("This is a packed file of a kind we don't open. Unpack it and send the CSV or Excel file in it.")
NUMBERS = N_("This is a Numbers file. Export it as CSV or Excel and try again.")
OTHER_OFFICE = N_("This is no Excel workbook we can open. Save the table as .xlsx or CSV and try again.")
PACKED_TWICE = N_("The file is packed twice. Unpack it and send the CSV or Excel file in it.")
FOREIGN = (
    (b"%PDF", "not_csv", PDF),
    (b"7z\xbc\xaf\x27\x1c", "archive_unknown", ARCHIVE),
    (b"Rar!", "archive_unknown", ARCHIVE),
    (b"BZh", "archive_unknown", ARCHIVE),
    (b"\xfd7zXZ", "archive_unknown", ARCHIVE),
    (b"\x28\xb5\x2f\xfd", "archive_unknown", ARCHIVE),
)


@dataclass
class Container:
    """An opened upload: a stream of text, or the rows of a sheet. Close it, or use it in a `with`.

    `name` is that of the file inside a zip, '' for any other; `sheets` are the names of all sheets, `sheet` the one read.
    """

    kind: Literal["text", "rows"]
    path: Path
    name: str = ""
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    _entry: zipfile.ZipInfo | None = None
    _book: Book | None = None
    _stack: ExitStack = field(default_factory=ExitStack)

    def open(self) -> BinaryIO:
        """Return the bytes of the text from their beginning, unpacked; each call gives a stream of its own.

        Raises:
            FileRefused: on reading, where the packed file is damaged or unpacks to far too much.
        """
        if self.kind != "text":
            raise FileRefused("not_csv", OTHER_OFFICE)
        if self._entry is None:
            return _text_file(self.path)
        return _text_entry(self._stack.enter_context(zipfile.ZipFile(self.path)), self._entry)

    def rows(self, above: int = 0) -> Iterator[tuple[int, list[str]]]:
        """Yield (row number of the sheet, cells as text), the header first; see `sheets.Book.rows`."""
        return iter(()) if self._book is None else self._book.rows(above)

    def close(self) -> None:
        """Let go of the file."""
        self._book = None
        self._stack.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()


def open_container(path: Path, *, sheet: str = "") -> Container:
    """Open an uploaded file: text as it is or in gzip or zip, or the rows of a workbook's sheet.

    Raises:
        FileRefused: it is of a kind we don't open, locked, damaged, hostile, or does not say which file or sheet is meant.
    """
    with path.open("rb") as stream:
        head = stream.read(16)
        if head.startswith(ZIP):
            return _zip(path, stream, sheet)
        _refuse_foreign(head, path)
    if head.startswith(GZIP):
        with gzip_file(path) as unpacked:
            _refuse_packed(unpacked.read(16))
    return Container("text", path)


def _zip(path: Path, stream: BinaryIO, sheet: str) -> Container:
    entries = list_zip(stream)
    if is_workbook(entries):
        return _workbook(path, stream, entries, sheet)
    _refuse_other_office(entries)
    entry = choose_table(entries)
    with zipfile.ZipFile(path) as archive:
        with unpacked_entry(archive, entry) as inner:
            head = inner.read(16)
        if head.startswith(ZIP):
            return _workbook_inside(path, archive, entry, sheet)
        _refuse_foreign(head)
        if head.startswith(GZIP):
            with _text_entry(archive, entry) as unpacked:
                _refuse_packed(unpacked.read(16))
    return Container("text", path, entry_name(entry), _entry=entry)


def _workbook_inside(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, sheet: str) -> Container:
    if entry.file_size > WORKBOOK_BYTES:
        raise FileRefused("xlsx_huge", HUGE)
    with unpacked_entry(archive, entry) as inner:
        stream = io.BytesIO(inner.read())
    entries = list_zip(stream)
    name = entry_name(entry)
    if not is_workbook(entries):
        raise FileRefused("zip_nested", NESTED, name=name)
    return _workbook(path, stream, entries, sheet, name)


def _workbook(path: Path, stream: BinaryIO, entries: list[zipfile.ZipInfo], sheet: str, name: str = "") -> Container:
    check_workbook(stream, entries)
    stream.seek(0)
    book = open_book(stream if name else path, sheet)
    return Container("rows", path, name, book.names, book.chosen, _book=book)


def _text_file(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return gzip_file(path) if packed else path.open("rb", BLOCK)


def _text_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> BinaryIO:
    with unpacked_entry(archive, entry) as probe:
        packed = probe.read(2) == GZIP
    stream = unpacked_entry(archive, entry)
    return unpacked_gzip(stream, entry.file_size) if packed else stream


def _refuse_packed(head: bytes) -> None:
    """Refuse what lies in a gzip stream and is no text."""
    if head.startswith((*ZIP, GZIP)):
        raise FileRefused("packed_twice", PACKED_TWICE)
    _refuse_foreign(head)


def _refuse_foreign(head: bytes, path: Path | None = None) -> None:
    if head.startswith(OLE):
        if path is not None and _holds(path, ENCRYPTED_PACKAGE):
            raise FileRefused("xlsx_password", LOCKED_BOOK)
        raise FileRefused("not_csv", OLD_EXCEL)
    if head.removeprefix(BOM_UTF8).lstrip().lower().startswith(MARKUP):
        raise FileRefused("not_csv", WEB_PAGE)
    for magic, code, sentence in FOREIGN:
        if head.startswith(magic):
            raise FileRefused(code, sentence)


def _holds(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return view.find(mark) >= 0


def _refuse_other_office(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename.lower() for entry in entries}
    if any(name.startswith("index/") and name.endswith(".iwa") for name in names) or "index.zip" in names:
        raise FileRefused("numbers_file", NUMBERS)
    if names & {"xl/workbook.bin", "content.xml", "word/document.xml", "ppt/presentation.xml", "[content_types].xml"}:
        raise FileRefused("not_csv", OTHER_OFFICE)
