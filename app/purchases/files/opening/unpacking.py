"""Packed streams that stop with a sentence when they are damaged or unpack to far more than an order file does."""

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from app.core.i18n import N_
from app.purchases.files.refused import FileRefused

BLOCK = 1 << 20
RATIO_LIMIT = 300
RATIO_FROM = 64 << 20
BROKEN_GZIP = N_("The .gz file is damaged and cannot be unpacked.")
GZIP_BOMB = N_("The .gz file unpacks to far more than an order file does; it was refused.")
BROKEN_ZIP = N_("The zip file is damaged and cannot be unpacked.")
# zipfile names an unknown way of packing by NotImplementedError, a password by RuntimeError
UNPACKING_FAULTS = (
    OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, RuntimeError, struct.error,
)  # fmt: skip


class _Unpacked(io.RawIOBase):
    """The bytes of a packed stream; `packed` is its own size, against which what comes out is weighed.

    Closing it closes `beneath` too, from which the stream reads.
    """

    def __init__(
        self, stream: BinaryIO, packed: int, broken: FileRefused, bomb: FileRefused, beneath: BinaryIO | None = None
    ) -> None:
        self._stream = stream
        self._beneath = beneath
        self._packed = max(packed, 1)
        self._broken = broken
        self._bomb = bomb
        self._total = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        try:
            data = self._stream.read(len(view))
        except UNPACKING_FAULTS as error:
            raise self._broken from error
        self._total += len(data)
        if self._total > RATIO_FROM and self._total > RATIO_LIMIT * self._packed:
            raise self._bomb
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        if self._beneath is not None:
            self._beneath.close()
        super().close()


def unpacked_gzip(stream: BinaryIO, packed: int) -> BinaryIO:
    """Return what a gzip stream of `packed` bytes holds; closing it closes the stream."""
    unpacked = cast("BinaryIO", gzip.GzipFile(fileobj=stream, mode="rb"))
    broken, bomb = FileRefused("gzip_broken", BROKEN_GZIP), FileRefused("gzip_bomb", GZIP_BOMB)
    return cast("BinaryIO", io.BufferedReader(_Unpacked(unpacked, packed, broken, bomb, stream), BLOCK))


def unpacked_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> BinaryIO:
    """Return what one file of a zip holds; its declared size was checked before and never is exceeded.

    Raises:
        FileRefused: the zip is damaged.
    """
    broken = FileRefused("zip_broken", BROKEN_ZIP)
    try:
        stream = cast("BinaryIO", archive.open(entry))
    except UNPACKING_FAULTS as error:
        raise broken from error
    return cast("BinaryIO", io.BufferedReader(_Unpacked(stream, entry.file_size, broken, broken), BLOCK))


def gzip_file(path: Path) -> BinaryIO:
    """Return what a .gz file holds."""
    return unpacked_gzip(path.open("rb"), path.stat().st_size)
