"""Writes measured tables into docs/measurements.md: one section a program, replaced as a whole, nothing by hand."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAPER = ROOT / "docs" / "measurements.md"
HEAD = "# Measurements\n\nWritten by `make bench` and `make prove`; nobody edits this file by hand.\n"
PACKAGES = ("fastapi", "sqlalchemy", "duckdb", "spacy")


def table(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def circumstances() -> str:
    """Return when, on what and with which versions: one line."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = os.getloadavg()[0]
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit or 'unknown'}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, load before {load:.1f}, {packages}"
    )


def write_section(name: str, body: str) -> None:
    """Replace the section of one program, keep the others."""
    text = PAPER.read_text(encoding="utf-8") if PAPER.exists() else HEAD
    section = f"<!-- {name} -->\n## {name}\n{circumstances()}\n\n{body}\n<!-- /{name} -->\n"
    pattern = re.compile(rf"<!-- {re.escape(name)} -->.*?<!-- /{re.escape(name)} -->\n", re.DOTALL)
    text = pattern.sub(lambda _: section, text) if pattern.search(text) else f"{text}\n{section}"
    PAPER.write_text(text, encoding="utf-8")
    print(section)
