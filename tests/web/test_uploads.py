"""Uploads go straight to disk under a harmless name."""

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from starlette.requests import Request
from starlette.types import Message

from app.core.errors import AppError
from app.web.uploads import clean_name, receive_upload

HEADERS = [(b"content-type", b"multipart/form-data; boundary=x")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("受注一覧.csv", "受注一覧.csv"),
        ("C:\\Users\\x\\a.csv", "a.csv"),
        ("../../etc/passwd", "passwd"),
        ("a\x00\r\nb.csv", "ab.csv"),
        ("", "upload"),
        ("..", ".."),
        ("x" * 500, "x" * 200),
    ],
)
def test_file_names_lose_folders_and_control_characters(name: str, expected: str) -> None:
    assert clean_name(name) == expected


def test_what_is_no_file_counts_towards_the_limit_too(tmp_path: Path) -> None:
    """A body without a length, of one text field that never ends."""
    sent = 0

    def body() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="source"\r\n\r\n'
        while True:
            yield b"a" * 500_000

    chunks = body()

    async def receive() -> Message:
        nonlocal sent
        chunk = next(chunks)
        sent += len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": sent < 40_000_000}

    request = Request({"type": "http", "headers": HEADERS}, receive)
    with pytest.raises(AppError) as fault:
        anyio.run(lambda: receive_upload(request, folder=tmp_path, limit_mb=1))
    assert fault.value.status == 413
    assert sent < 10_000_000
    assert not list(tmp_path.iterdir())
