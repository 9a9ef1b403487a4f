"""`make prove`: the long proofs; writes docs/measurements.md. Counts are not cut: they are printed with the result."""

import sys
import tempfile
import time
from pathlib import Path

from tests.prove import decks, fuzz, kill_autosaves, kill_imports
from tests.support.database import sqlite_template
from tests.support.report import table, write_section
from tests.support.world import World, build_world

IMPORT_KILLS, SAVE_KILLS, FUZZ_ROUNDS = 100, 20, 60
Row = tuple[object, ...]


def imports(world: World, folder: Path) -> Row:
    del world
    found = kill_imports.kill_rounds(folder, rounds=IMPORT_KILLS, seed=1)
    told = f"{found.none} left nothing, {found.whole} were whole, {len(found.wrong)} wrong"
    return (f"{found.rounds} kills during an import", told, not found.wrong)


def autosaves(world: World, folder: Path) -> Row:
    lost, confirmed, slowest = kill_autosaves.kill_rounds(
        world.copied_to(folder / "home"), folder, rounds=SAVE_KILLS, seconds=2.0
    )
    told = f"{confirmed} saves confirmed, {len(lost)} lost, served again after {slowest:.1f} s at most"
    return (f"{SAVE_KILLS} kills of all web processes under 7 writers", told, not lost)


def hostile(world: World, folder: Path) -> Row:
    roles = ("anonymous", "planner", "researcher", "admin")
    found, wrong = fuzz.fuzz(world, folder, seed=2, rounds=FUZZ_ROUNDS, roles=roles)
    told = ", ".join(f"{count} × {status}" for status, count in sorted(found.items()))
    for line in wrong[:20]:
        print(line)
    return (f"{found.total()} hostile requests", told, not wrong)


def office(world: World, folder: Path) -> Row:
    program = decks.find_office()
    if program is None:
        return ("LibreOffice opens every file", "LibreOffice is absent", False)
    files: dict[str, bytes] = {}
    for role in ("researcher", "planner"):
        files |= decks.export(world.copied_to(folder / role), role)
    opened = decks.open_with_office(program, files, folder / "out")
    told = ", ".join(f"{one.name} {one.pages} pages" for one in opened)
    return (f"LibreOffice opens {len(opened)} files", told, all(one.characters for one in opened))


def main() -> int:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="n1-prove-") as name:
        folder = Path(name)
        (folder / "template").mkdir()
        world = build_world(folder / "world", sqlite_template(folder / "template"))
        for proof in (office, hostile, autosaves, imports):
            began = time.perf_counter()
            place = folder / proof.__name__
            place.mkdir()
            what, told, good = proof(world, place)
            rows.append((what, told, "holds" if good else "BROKEN", round(time.perf_counter() - began)))
            print(rows[-1])
    write_section("Proofs", table(("proof", "outcome", "verdict", "seconds"), rows))
    return 0 if all(row[2] == "holds" for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
