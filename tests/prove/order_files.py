"""The long forms of the proofs about order files: many dirty files, many walks of imports and undos."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from app.core.database import make_engine
from app.core.settings import Settings
from tests.purchases import accounts
from tests.purchases.accounts import Reasons
from tests.purchases.build import make_shop
from tests.purchases.dirty_files import dirty_file
from tests.purchases.undo_walk import walk
from tests.support.database import copy_sqlite

TAKEN_EACH = 10


@dataclass
class Found:
    """What was looked at, by what it was, and what was wrong."""

    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def dirty(folder: Path, template: Path, *, first: int, count: int) -> Found:
    """Check files of seeds nobody looked at before, and take every tenth: the oracle has the last word on each row and yen."""
    found, reasons = Found(), Reasons()
    home = folder / "home"
    copy_sqlite(template, home)
    settings = Settings(home=home)
    engine = make_engine(settings)
    shop = make_shop(settings, engine)
    for seed in range(first, first + count):
        file = dirty_file(seed)
        public_id, wrong = accounts.differences(shop, file, reasons=reasons)
        oracle = accounts.expected(file)
        found.seen.update({"files": 1, "rows": len(oracle.lines), "held back": len(oracle.held)})
        found.wrong += [f"seed {seed}: {one}" for one in wrong]
        if seed % TAKEN_EACH == 0 and shop.run(public_id).report:
            shop.confirm(public_id)
            accounts.take(shop, public_id)
            found.seen["taken"] += 1
            differ = accounts.people_differ(oracle, accounts.people_of(shop, f"shop {seed}"))
            found.wrong += [f"seed {seed}, taken: {one}" for one in differ]
            shop.undo(public_id)
    engine.dispose()
    return found


def walks(folder: Path, template: Path, *, first: int, count: int, steps: int) -> Found:
    """Walk through imports, undos and imports again; every step is compared with a home that never saw the rest."""
    found = Found()
    for seed in range(first, first + count):
        place = folder / f"walk-{seed}"
        place.mkdir(parents=True)
        copy_sqlite(template, place / "empty")
        empty = Settings(home=place / "empty")
        engine = make_engine(empty)
        assert make_shop(empty, engine).store.secret
        engine.dispose()
        shutil.copytree(place / "empty", place / "home")
        engine = make_engine(Settings(home=place / "home"))
        shop = make_shop(Settings(home=place / "home"), engine)
        found.wrong += walk(shop, place / "empty", place, seed=seed, steps=steps)
        found.seen.update({"walks": 1, "steps": steps})
        engine.dispose()
        shutil.rmtree(place)
    return found
