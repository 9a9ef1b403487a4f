"""Seconds and memory of importing the public reference files through the command line, each in a fresh process."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.support.report import ROOT, table

MB = 1024


@dataclass(frozen=True)
class Import:
    name: str
    size: int
    seconds: float
    memory_mb: int
    report: dict[str, object]


def n1(home: Path, *arguments: str) -> tuple[str, float, int]:
    """Run one command; return what it printed, its seconds, and the peak memory of its process in MB."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("N1_")} | {"N1_HOME": str(home)}
    output = home.parent / f"{home.name}.out"
    began = time.perf_counter()
    with output.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "app", *arguments], cwd=ROOT, env=environment, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"n1 {' '.join(arguments)} ended with {process.returncode}")
    return output.read_text(encoding="utf-8"), seconds, usage.ru_maxrss // MB


def measure(name: str, file: Path, home: Path, *, currency: str) -> Import:
    mapping = home.parent / f"{home.name}.toml"
    mapping.write_text(f'[options]\ncurrency = "{currency}"\n', encoding="utf-8")
    n1(home, "db", "upgrade")
    text, seconds, memory = n1(
        home, "purchases", "import", str(file), "--source", name, "--mapping", str(mapping), "--yes", "--json"
    )
    return Import(name=name, size=file.stat().st_size, seconds=seconds, memory_mb=memory, report=json.loads(text))


def as_table(found: list[Import]) -> str:
    columns = ("file", "size MB", "rows", "taken", "held back", "customers", "orders", "amount", "seconds", "peak MB")
    rows: list[tuple[object, ...]] = []
    for one in found:
        report = one.report
        held = report["held_back"]
        amount = report["amount"]
        rows.append(
            (
                one.name,
                round(one.size / 1e6, 1),
                report["rows_read"],
                report["taken"],
                len(held) if isinstance(held, list) else held,
                report["customers"],
                report["orders"],
                ", ".join(f"{value} {code}" for code, value in amount.items()) if isinstance(amount, dict) else amount,
                round(one.seconds, 1),
                one.memory_mb,
            )
        )
    return "`n1 purchases import … --yes --json`, whole process from start to exit.\n\n" + table(columns, rows)
