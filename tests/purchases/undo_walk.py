"""Imports, undos and imports again in any order: after each the store says what the files in force alone give."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from app.core.database import make_engine, read_session, write_session
from app.core.settings import Settings
from app.purchases import operations, queries, tasks
from app.purchases.models import FileTable, ImportState
from tests.purchases import accounts, overlaps, store_state
from tests.purchases.build import Shop, make_shop
from tests.purchases.overlaps import MemberFile, OverlapFile
from tests.purchases.store_state import State

Places = tuple[int, ...]
AnyFile = OverlapFile | MemberFile


@dataclass
class FreshHomes:
    """What a home says that never saw anything but some files, in their order; each is made once, from the one before."""

    empty: Path
    folder: Path
    files: tuple[AnyFile, ...]
    made: dict[Places, State] = field(default_factory=dict)

    def home(self, places: Places) -> Path:
        return self.folder / ("fresh-" + "-".join(map(str, places)))

    def said(self, places: Places) -> State:
        if places not in self.made:
            before = places[:-1]
            if before:
                self.said(before)
            shutil.copytree(self.home(before) if before else self.empty, self.home(places))
            with_shop(self.home(places), lambda shop: self._take(shop, places))
        return self.made[places]

    def _take(self, shop: Shop, places: Places) -> None:
        if places:
            take(shop, self.files[places[-1]])
        self.made[places] = store_state.said(shop)


def with_shop(home: Path, work: Callable[[Shop], None]) -> None:
    settings = Settings(home=home)
    engine = make_engine(settings)
    work(make_shop(settings, engine))
    engine.dispose()


def take(shop: Shop, file: AnyFile) -> str:
    if isinstance(file, OverlapFile):
        return shop.take(file.data, source=file.source)
    public_id = shop.upload(file.data, source=file.source)
    with write_session(shop.parts.engine) as session:
        operations.set_table(session, run=queries.get_import(session, public_id), table=FileTable.MEMBERS)
    with read_session(shop.parts.engine) as session:
        mapping = operations.inspect(shop.store, queries.get_import(session, public_id)).mapping
    with write_session(shop.parts.engine) as session:
        run = queries.get_import(session, public_id)
        operations.set_mapping(session, run=run, mapping=mapping)
        operations.request_check(session, run=run)
    tasks.run_check(shop.parts, public_id)
    shop.confirm(public_id)
    tasks.run_import(shop.parts, public_id)
    assert shop.run(public_id).state is ImportState.DONE, shop.run(public_id).error_message
    return public_id


def walk(shop: Shop, empty: Path, folder: Path, *, seed: int, steps: int) -> list[str]:
    """Return everything that was wrong after any step; at the end all is undone and nothing may be left."""
    rng = Random(seed)
    files: tuple[AnyFile, ...] = (*overlaps.files_of(seed), MemberFile(0, "店"), MemberFile(1, "店"))
    fresh = FreshHomes(empty, folder, files)
    force: list[tuple[int, str]] = []
    wrong: list[str] = []
    for number in range(steps):
        if force and rng.random() < 0.45:
            place, public_id = force.pop(rng.randrange(len(force)))
            shop.undo(public_id)
            done = f"undo of file {place}"
        else:
            place = rng.randrange(len(files))
            force.append((place, take(shop, files[place])))
            done = f"import of file {place}"
        places = tuple(place for place, _ in force)
        found = compare(shop, fresh, places)
        wrong += [f"seed {seed}, step {number + 1}, {done}, in force {places}: {one}" for one in found]
    rng.shuffle(force)
    for _, public_id in force:
        shop.undo(public_id)
    return wrong + [f"seed {seed}, left after every undo: {one}" for one in left(shop)]


def compare(shop: Shop, fresh: FreshHomes, places: Places) -> list[str]:
    wrong = store_state.differences(*(without_moves(said) for said in (store_state.said(shop), fresh.said(places))))
    people = accounts.people_of(shop, "店") if places else {}
    orders = [file for file in map(fresh.files.__getitem__, places) if isinstance(file, OverlapFile)]
    wrong += accounts.people_differ(overlaps.model(orders), people)
    return wrong + [f"stray file {one}" for one in store_state.strays(shop)]


def without_moves(said: State) -> State:
    """Who moved with a build depends on the build before it, not on the files in force."""
    return {name: rows for name, rows in said.items() if not name.startswith("moved-")}


def left(shop: Shop) -> list[str]:
    people = accounts.people_of(shop, "店")
    files = [path.name for path in store_state.files_of(shop)]
    return [*people, *files]
