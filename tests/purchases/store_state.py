"""What a store says, apart from the names of its files and imports: two stores that say the same are the same."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
from sqlmodel import select

from app.core.database import read_session
from app.purchases.models import ImportRun, ImportState, PurchaseSettings
from tests.purchases.build import Shop

NOT_SAID = ("import_number", "import_id")
State = dict[str, list[str]]


def version_of(shop: Shop) -> str:
    with read_session(shop.parts.engine) as session:
        row = session.get(PurchaseSettings, 1)
        return row.summary_version if row else ""


def said(shop: Shop) -> State:
    """Return every row of every file of the current build, and the contact data of everybody in it."""
    version = version_of(shop)
    found: State = {}
    for path in sorted(shop.store.orders_dir.glob(f"*-{version}.*")) if version else ():
        if path == shop.store.brought_path(version):
            continue  # it tells of imports, as the number of the import does in the lines
        name = path.name.replace(version, "now")
        found |= parquet(name, path) if path.suffix == ".parquet" else tables(name, path)
    people = {
        (source, customer)
        for source, customer in (line.split("\t", 2)[:2] for line in found.pop("people", []))
        if customer
    }
    found["contacts"] = [f"{one} {contact(shop, *one)}" for one in sorted(people)]
    return found


def parquet(name: str, path: Path) -> State:
    table = pq.read_table(path)
    rows = [{key: value for key, value in row.items() if key not in NOT_SAID} for row in table.to_pylist()]
    found = {name: sorted(map(repr, rows))}
    if name.startswith("lines-"):
        found["people"] = [f"{row['source']}\t{row['customer_id']}\t" for row in rows]
    return found


def tables(name: str, path: Path) -> State:
    """Return the rows of every table of a SQLite file."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            f"{name} {table}": sorted(repr(row) for row in database.execute(f"SELECT * FROM {table}"))
            for table in names
        }


def contact(shop: Shop, source: str, customer_id: str) -> object:
    from app.purchases import queries

    with read_session(shop.parts.engine) as session:
        return queries.contact(session, shop.store, source=source, customer_id=customer_id)


def differences(one: State, other: State) -> list[str]:
    """Return which parts differ, each with the first row that only one of the two has."""
    wrong = []
    for name in sorted({*one, *other}):
        here, there = one.get(name, []), other.get(name, [])
        if here != there:
            only = [*(row for row in here if row not in there), *(row for row in there if row not in here)]
            wrong.append(f"{name}: {len(here)} and {len(there)} rows, e.g. {only[:1]}")
    return wrong


def strays(shop: Shop) -> list[str]:
    """Return files that no import in force and neither of the two newest builds owns, and what is left of uploads."""
    with read_session(shop.parts.engine) as session:
        runs = session.scalars(select(ImportRun)).all()
        done = {run.public_id for run in runs if run.state is ImportState.DONE}
        waiting = {run.public_id for run in runs if run.state in {ImportState.UPLOADED, ImportState.CHECKED}}
    version = version_of(shop)
    found = []
    for path in files_of(shop):
        owners = {part for part in path.name.replace(".", "-", 9).split("-") if part}
        if path.parent == shop.store.uploads_dir or shop.store.uploads_dir in path.parents:
            if not set(path.relative_to(shop.store.uploads_dir).parts) & waiting:
                found.append(str(path))
        elif not owners & {*done, version} and not is_build(path):
            found.append(str(path))
    return [*found, *more_builds(shop)]


def files_of(shop: Shop) -> Iterator[Path]:
    for folder in (shop.store.orders_dir, shop.store.contacts_dir, shop.store.uploads_dir):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and path.name != ".lock":
                yield path


def is_build(path: Path) -> bool:
    """A page may still be about to open the build before: it stays beside a current one, and is counted in `more_builds`."""
    parts = (
        "lines", "orders", "summary", "list", "ends", "seen", "lasting", "answers", "moved", "standing", "merges", "brought",
    )  # fmt: skip
    return path.name.startswith(tuple(f"{part}-" for part in parts))


def more_builds(shop: Shop) -> list[str]:
    lists = sorted(shop.store.orders_dir.glob("list-*.sqlite3"))
    return [path.name for path in lists] if len(lists) > 2 else []
