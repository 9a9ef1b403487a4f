"""Files that overlap and correct each other, taken, taken back and taken again in seeded orders."""

import shutil
from pathlib import Path

import pytest

from tests.purchases.build import Shop
from tests.purchases.undo_walk import walk


@pytest.mark.prove
def test_after_every_step_the_store_says_what_the_files_in_force_alone_give(shop: Shop, tmp_path: Path) -> None:
    assert shop.store.secret  # the same key in every home: references of customers are made with it
    shop.parts.engine.dispose()
    empty = tmp_path / "empty"
    shutil.copytree(shop.parts.settings.home, empty)
    assert walk(shop, empty, tmp_path, seed=44, steps=5) == []
