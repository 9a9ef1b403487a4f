"""The source tree as values: every module with its text and syntax tree, every template."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))


@cache
def modules(folder: str) -> tuple[Module, ...]:
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.append(Module(path=path, text=text, tree=ast.parse(text)))
    return tuple(found)


@cache
def templates() -> tuple[Path, ...]:
    return tuple(sorted((ROOT / "templates").rglob("*.html")))


@cache
def kept_files() -> tuple[Path, ...]:
    """Every text file that is part of the repository: what Git lists, or everything where there is no Git."""
    ignored = {".git", ".venv", "var", "shots", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    ignored |= {".hypothesis", ".import_linter_cache", "interview_desk.egg-info"}
    return tuple(
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file() and not ignored & set(path.relative_to(ROOT).parts) and path.suffix not in {".png", ".gz"}
    )
