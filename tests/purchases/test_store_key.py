"""The key behind customer references: whoever comes first makes it, and everybody reads the same."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from app.core.settings import Settings
from app.purchases.store import OrdersStore

READERS = 8


def test_all_who_come_first_at_once_read_one_whole_key(tmp_path: Path) -> None:
    for turn in range(20):
        settings, together = Settings(home=tmp_path / str(turn)), Barrier(READERS)

        def key(_: int, settings: Settings = settings, together: Barrier = together) -> bytes:
            together.wait()
            return OrdersStore(settings).secret

        with ThreadPoolExecutor(READERS) as pool:
            keys = set(pool.map(key, range(READERS)))
        assert [len(one) for one in keys] == [32]
        assert [path.name for path in settings.home.iterdir()] == [settings.secret_path.name]
        assert settings.secret_path.stat().st_mode & 0o777 == 0o600


def test_before_the_key_is_whole_there_is_none_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path / "home")
    seen: list[bool] = []

    def bytes_of(count: int) -> bytes:
        seen.append(settings.secret_path.exists())
        return b"k" * count

    monkeypatch.setattr(secrets, "token_bytes", bytes_of)
    assert OrdersStore(settings).secret == b"k" * 32
    assert seen == [False]
