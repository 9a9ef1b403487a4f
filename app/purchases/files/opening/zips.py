"""Looks into a zip before anything of it is unpacked: how much it declares, what it holds, which file is meant."""

import io
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

from app.core.i18n import N_
from app.purchases.files.opening.unpacking import BROKEN_ZIP, UNPACKING_FAULTS
from app.purchases.files.refused import FileRefused

ENTRIES = 2_000
DIRECTORY = 1 << 20
WORKBOOK_BYTES = 200_000_000
RATIO = 100
RATIO_FROM = 16 << 20
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".csv.gz", ".tsv.gz", ".txt.gz")
SHOWN = 10
WRITTEN_BY_SYSTEMS = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
UTF8_NAME = 0x800
ENCRYPTED = 0x1

TOO_MANY = N_("The zip file holds more than {n} files; no order export does.")
BOMB = N_("The file unpacks to far more than an order file does; it was refused.")
LOCKED_ZIP = N_("The zip file is locked with a password. Unpack it and send the file in it.")
PATHS = N_(
    "The zip file holds a file with a path of its own ({name}), so it was refused. Unpack it and send the file in it."
)
SEVERAL = N_("The zip file holds several files: {names}. Unpack it and send one of them.")
NESTED = N_("The zip file holds another zip file ({name}). Unpack it and send the CSV or Excel file in it.")
NOTHING = N_("The zip file holds no CSV, TSV, text or Excel file. It holds: {names}.")
HUGE = N_("The Excel file is larger than we can open. Save the sheet as CSV and try again.")


class _Limited(io.BufferedIOBase):
    """A file of which zipfile may read the list of contents, up to a size that is listed in a moment."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > DIRECTORY:
            raise FileRefused("zip_entries", TOO_MANY, n=ENTRIES)
        return self._stream.read(-1 if size is None else size)


def list_zip(stream: BinaryIO) -> list[zipfile.ZipInfo]:
    """Return what a zip declares that it holds, folders left out.

    Raises:
        FileRefused: it is damaged, locked, holds too many files or names that reach out of it.
    """
    try:
        with zipfile.ZipFile(_Limited(stream)) as archive:
            entries = archive.infolist()
    except (*UNPACKING_FAULTS, ValueError) as error:
        raise FileRefused("zip_broken", BROKEN_ZIP) from error
    if len(entries) > ENTRIES:
        raise FileRefused("zip_entries", TOO_MANY, n=ENTRIES)
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise FileRefused("zip_password", LOCKED_ZIP)
    files = [entry for entry in entries if not entry.is_dir()]
    for entry in files:
        parts = PurePosixPath(entry.orig_filename.replace("\\", "/")).parts
        if ".." in parts or (parts and (parts[0].startswith("/") or parts[0].endswith(":"))):
            raise FileRefused("zip_paths", PATHS, name=entry_name(entry))
    return files


def entry_name(entry: zipfile.ZipInfo) -> str:
    """Return the name of a file without its folders; Japanese Windows writes names in CP932 and does not say so."""
    name = entry.orig_filename
    if not entry.flag_bits & UTF8_NAME:
        try:
            raw = name.encode("cp437")
            name = _decoded(raw)
        except UnicodeError:
            name = entry.orig_filename
    return PurePosixPath(name.replace("\\", "/")).name[:200]


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeError:
        return raw.decode("cp932")


def is_workbook(entries: list[zipfile.ZipInfo]) -> bool:
    """Return whether these are the parts of an Excel workbook (.xlsx, .xlsm)."""
    return any(entry.filename.lower() == "xl/workbook.xml" for entry in entries)


def choose_table(entries: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """Return the one file that is meant.

    Raises:
        FileRefused: there is none, there are several, or it declares far more than an order file has.
    """
    named = [(entry, entry_name(entry)) for entry in entries if not _by_a_system(entry)]
    tables = [(entry, name) for entry, name in named if name.lower().endswith(TABLES) and not name.startswith("~$")]
    if len(tables) > 1:
        raise FileRefused("zip_several", SEVERAL, names=_shown([name for _, name in tables]))
    if not tables:
        nested = next((name for _, name in named if name.lower().endswith((".zip", ".7z", ".rar", ".lzh"))), None)
        if nested is not None:
            raise FileRefused("zip_nested", NESTED, name=nested)
        raise FileRefused("zip_empty", NOTHING, names=_shown([name for _, name in named]) or "-")
    entry = tables[0][0]
    if entry.file_size > RATIO_FROM and entry.file_size > RATIO * max(entry.compress_size, 1):
        raise FileRefused("zip_bomb", BOMB)
    return entry


def _by_a_system(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename).parts
    return any(part in WRITTEN_BY_SYSTEMS or part.startswith("._") for part in parts)


def _shown(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")


def check_declared(entries: list[zipfile.ZipInfo]) -> None:
    """Look at what the parts of a workbook declare.

    Raises:
        FileRefused: together they are larger than we open, or packed as no program packs a workbook.
    """
    total = sum(entry.file_size for entry in entries)
    if total > RATIO * max(sum(entry.compress_size for entry in entries), 1):
        raise FileRefused("zip_bomb", BOMB)
    if total > WORKBOOK_BYTES:
        raise FileRefused("xlsx_huge", HUGE)
