"""Takes an uploaded file straight to disk, chunk by chunk, within the page's limit."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from app.core.errors import AppError
from app.core.i18n import N_
from app.core.types import new_public_id

MEGABYTE = 1024 * 1024
FIELD_LIMIT = 64 * 1024
NAME_LIMIT = 200
DRAIN_TIMES = 4
TOO_LARGE = N_(
    "This page takes files up to {limit} MB. Use the command line, which has no limit: "
    "n1 purchases import FILE --source NAME"
)


@dataclass
class Upload:
    """What was posted: text fields, and the file if one was chosen. The caller owns `path`."""

    fields: dict[str, str] = field(default_factory=dict)
    path: Path | None = None
    file_name: str = ""
    size: int = 0

    def discard(self) -> None:
        """Delete the file."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)


class _Reader:
    """Callbacks of the multipart parser: fields into memory, the first file to disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.upload = Upload()
        self.handle: BinaryIO | None = None
        self._header = b""
        self._value = b""
        self._disposition = b""
        self._name = ""
        self._text = bytearray()
        self._is_file = False
        self.ended = False

    def end(self) -> None:
        self.ended = True

    def part_begin(self) -> None:
        self._disposition, self._name, self._is_file = b"", "", False
        self._text = bytearray()

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        self._is_file = b"filename" in options
        if self._is_file and options[b"filename"] and self.upload.path is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.upload.file_name = clean_name(options[b"filename"].decode("utf-8", "replace"))
            self.upload.path = self.folder / f"{new_public_id()}.part"
            self.handle = self.upload.path.open("xb")

    def part_data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            if self.handle is not None:
                self.handle.write(data[start:end])
                self.upload.size += end - start
        elif len(self._text) + end - start <= FIELD_LIMIT:
            self._text += data[start:end]

    def part_end(self) -> None:
        if self._is_file:
            self.close()
        else:
            self.upload.fields[self._name] = self._text.decode("utf-8", "replace")

    def close(self) -> None:
        if self.handle is not None:
            self.handle.close()
            self.handle = None


def clean_name(name: str) -> str:
    """Return a file's own name without folders and control characters, at most 200 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in last if char.isprintable())[:NAME_LIMIT] or "upload"


def too_large(limit_mb: int) -> AppError:
    """Return the fault that names the limit and the way around it."""
    return AppError("upload_too_large", TOO_LARGE, status=413, limit=f"{limit_mb:,}")


async def receive_upload(request: Request, *, folder: Path, limit_mb: int) -> Upload:
    """Read a multipart form; its file is written to `folder` as it arrives.

    Raises:
        AppError: 413 beyond the limit, 422 for a body that is no form. Nothing is left on disk then.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise _unreadable()
    chunks = request.stream()
    if _announced(request) > (limit_mb + 1) * MEGABYTE:
        await _drain(chunks, limit_mb)
        raise too_large(limit_mb)
    reader = _Reader(folder)
    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": reader.part_begin,
            "on_header_field": reader.header_field,
            "on_header_value": reader.header_value,
            "on_header_end": reader.header_end,
            "on_headers_finished": reader.headers_finished,
            "on_part_data": reader.part_data,
            "on_part_end": reader.part_end,
            "on_end": reader.end,
        },
    )
    try:
        await _feed(parser, reader, chunks, limit_mb)
    except BaseException:
        reader.close()
        reader.upload.discard()
        raise
    return reader.upload


async def _feed(parser: MultipartParser, reader: _Reader, chunks: AsyncIterator[bytes], limit_mb: int) -> None:
    seen = 0
    try:
        async for chunk in chunks:
            parser.write(chunk)
            seen += len(chunk)
            if reader.upload.size > limit_mb * MEGABYTE or seen > (limit_mb + 1) * MEGABYTE:
                await _drain(chunks, limit_mb)
                raise too_large(limit_mb)
        parser.finalize()
    except FormParserError as error:
        raise _unreadable() from error
    if not reader.ended:
        raise _unreadable()


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() else 0


async def _drain(chunks: AsyncIterator[bytes], limit_mb: int) -> None:
    """Read on without keeping anything: browsers show an answer only when they could send all they had."""
    seen = 0
    async for chunk in chunks:
        seen += len(chunk)
        if seen > DRAIN_TIMES * limit_mb * MEGABYTE:
            return


def _unreadable() -> AppError:
    return AppError("upload_unreadable", N_("The upload arrived incomplete. Choose the file again."))
