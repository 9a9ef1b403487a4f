"""`make prove`: the long proofs; writes docs/measurements.md. Counts are not cut: they are printed with the result."""

import sys
import tempfile
import time
from pathlib import Path

from tests.prove import (
    decks,
    fuzz,
    kill_autosaves,
    kill_imports,
    kill_language,
    kill_phases,
    order_files,
    pages_during_import,
)
from tests.support.database import copy_sqlite, sqlite_template
from tests.support.report import table, write_section
from tests.support.world import World, build_world

IMPORT_KILLS, PHASE_KILLS, SAVE_KILLS, FUZZ_ROUNDS = 100, 80, 20, 60
LANGUAGE_KILLS = 12
DIRTY_FILES, WALKS, WALK_STEPS, BIG_LINES = 1500, 20, 12, 1_000_000
Row = tuple[object, ...]


def imports(world: World, folder: Path) -> Row:
    del world
    found = kill_imports.kill_rounds(folder, rounds=IMPORT_KILLS, seed=1)
    told = f"{found.none} left nothing, {found.whole} were whole, {len(found.wrong)} wrong"
    return (f"{found.rounds} kills during an import", told, not found.wrong)


def phases(world: World, folder: Path) -> Row:
    del world
    copy_sqlite(sqlite_template(folder), folder / "empty")
    opened = kill_phases.opened(folder / "empty")
    assert opened.store.secret
    opened.parts.engine.dispose()
    found = kill_phases.kill_phases(folder, folder / "empty", kills=PHASE_KILLS, seed=1)
    moments = ", ".join(f"{phase} {count}" for phase, count in found.moments.items())
    told = f"moments: {moments}; {found.kills} died, {found.old} left the old state, {found.new} the new one, {len(found.wrong)} wrong"
    say(found.wrong)
    return (f"{PHASE_KILLS} kills at seeded moments of check, import, undo, rebuild", told, not found.wrong)


def dirty(world: World, folder: Path) -> Row:
    del world
    found = order_files.dirty(folder, sqlite_template(folder), first=50_000, count=DIRTY_FILES)
    say(found.wrong)
    told = ", ".join(f"{count} {name}" for name, count in found.seen.items()) + f", {len(found.wrong)} wrong"
    return (f"{DIRTY_FILES} dirty order files against plain Python", told, not found.wrong)


def walks(world: World, folder: Path) -> Row:
    del world
    found = order_files.walks(folder, sqlite_template(folder), first=100, count=WALKS, steps=WALK_STEPS)
    say(found.wrong)
    told = f"{found.seen['steps']} states compared with fresh homes, {len(found.wrong)} wrong"
    return (f"{WALKS} walks of imports, undos and imports again", told, not found.wrong)


def busy_pages(world: World, folder: Path) -> Row:
    copy = world.copied_to(folder / "home")
    pages_during_import.fill(copy.settings.home, folder, BIG_LINES // 20)
    found = pages_during_import.measure(copy, folder, lines=BIG_LINES)
    write_section("Pages during an import", pages_during_import.as_table(found, BIG_LINES))
    told = (
        f"worst p99 is {found.worst():.2f} times that of the idle server, import {found.state} in {found.seconds:.1f} s"
    )
    return (f"pages while {BIG_LINES:,} lines go in by the page", told, found.holds)


def say(wrong: list[str]) -> None:
    for line in wrong[:20]:
        print(line)


def autosaves(world: World, folder: Path) -> Row:
    lost, confirmed, slowest = kill_autosaves.kill_rounds(
        world.copied_to(folder / "home"), folder, rounds=SAVE_KILLS, seconds=2.0
    )
    told = f"{confirmed} saves confirmed, {len(lost)} lost, served again after {slowest:.1f} s at most"
    return (f"{SAVE_KILLS} kills of all web processes under 7 writers", told, not lost)


def language(world: World, folder: Path) -> Row:
    del world
    found = kill_language.kill_rounds(folder, rounds=LANGUAGE_KILLS, seed=1)
    say(found.wrong)
    told = f"{found.right} right replies, {found.away} told that there is none, {len(found.wrong)} wrong, back after {found.slowest:.1f} s at most"
    return (f"{LANGUAGE_KILLS} kills of the language process under 16 callers", told, not found.wrong)


def hostile(world: World, folder: Path) -> Row:
    roles = ("anonymous", "planner", "researcher", "admin")
    found, wrong = fuzz.fuzz(world, folder, seed=2, rounds=FUZZ_ROUNDS, roles=roles)
    told = ", ".join(f"{count} × {status}" for status, count in sorted(found.items()))
    say(wrong)
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
        for proof in (busy_pages, dirty, walks, phases, office, hostile, language, autosaves, imports):
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
