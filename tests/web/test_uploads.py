"""Uploads go straight to disk under a harmless name."""

import pytest

from app.web.uploads import clean_name


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
