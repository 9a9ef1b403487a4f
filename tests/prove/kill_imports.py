"""kill −9 while an import runs: afterwards all of the file is there or none of it, and the next try ends well."""

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from app.core.database import read_session
from app.core.settings import Settings
from app.main import make_job_services
from app.purchases import queries
from tests.support.migrations import upgrade
from tests.support.orders import order_file
from tests.support.report import ROOT


@dataclass(frozen=True)
class Outcome:
    rounds: int
    none: int
    whole: int
    wrong: tuple[str, ...]


def importing(home: Path, file: Path) -> subprocess.Popen[bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("N1_")} | {"N1_HOME": str(home)}
    command = [sys.executable, "-m", "app", "purchases", "import", str(file), "--source", "支店", "--yes"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def state(home: Path) -> tuple[tuple[str, int, str], ...]:
    """Return every customer's number of orders and amount."""
    parts = make_job_services(Settings(home=home))
    found: list[tuple[str, int, str]] = []
    with read_session(parts.engine) as session:
        after: str | None = None
        while queries.as_of(session, parts.orders) is not None:
            page = queries.list_customers(session, parts.orders, after=after, limit=200)
            found += [(row.customer_ref, row.orders, str(row.amount)) for row in page.rows]
            after = page.after
            if not after:
                break
    parts.engine.dispose()
    return tuple(sorted(found))


def kill_rounds(folder: Path, *, rounds: int, seed: int, customers: int = 300) -> Outcome:
    """Import once in peace to learn the end state, then again and again into a fresh home, killed at a random moment."""
    rng = random.Random(seed)
    file = folder / "orders.csv"
    file.write_bytes(order_file(customers))
    empty, peace = folder / "empty", folder / "peace"
    empty.mkdir()
    upgrade(Settings(home=empty))
    (empty / "secret.key").write_bytes(b"k" * 32)
    shutil.copytree(empty, peace)
    began = time.perf_counter()
    if importing(peace, file).wait(timeout=120):
        raise RuntimeError("the undisturbed import failed")
    seconds, whole = time.perf_counter() - began, state(peace)
    outcomes, wrong = {"none": 0, "whole": 0}, []
    for number in range(rounds):
        home = folder / f"round-{number}"
        shutil.copytree(empty, home)
        process = importing(home, file)
        threading.Event().wait(rng.uniform(0.3 * seconds, 1.0 * seconds))
        process.kill()
        process.wait()
        seen = state(home)
        kind = "none" if not seen else "whole" if seen == whole else "part"
        if kind == "part":
            wrong.append(f"round {number}: {len(seen)} of {len(whole)} customers")
        else:
            outcomes[kind] += 1
        if importing(home, file).wait(timeout=120) or state(home) != whole:
            wrong.append(f"round {number}: the next import did not mend it")
        shutil.rmtree(home)
    return Outcome(rounds=rounds, none=outcomes["none"], whole=outcomes["whole"], wrong=tuple(wrong))
