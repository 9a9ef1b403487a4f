"""What the documents say must be what the code does."""

import base64
import hashlib
import re
import tomllib

import pytest

from app.core.settings import Settings
from tests.contracts.source import ROOT, kept_files, modules

VENDOR = ROOT / "app" / "web" / "static" / "vendor"


@pytest.mark.parametrize("paper", ["docs/settings.md"])
def test_every_setting_is_documented_and_no_other(paper: str) -> None:
    text = (ROOT / paper).read_text(encoding="utf-8")
    named = set(re.findall(r"`(N1_[A-Z_]+)`", text))
    assert named == {f"N1_{name.upper()}" for name in Settings.model_fields}


def test_defaults_in_the_settings_paper_are_the_defaults() -> None:
    rows = dict(
        re.findall(r"^\| `(N1_[A-Z_]+)` \| ([^|]*) \|", (ROOT / "docs/settings.md").read_text("utf-8"), re.MULTILINE)
    )
    for name, field in Settings.model_fields.items():
        told = rows[f"N1_{name.upper()}"].strip().strip("`")
        default = "" if field.default in {None, ""} else str(field.default)
        assert told == default, name


def test_the_readme_names_only_settings_that_exist() -> None:
    named = set(re.findall(r"`?(N1_[A-Z_]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named <= {f"N1_{name.upper()}" for name in Settings.model_fields}


def test_every_make_target_in_the_papers_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for paper in ("README.md", "ARCHITECTURE.md"):
        named = set(re.findall(r"`make ([a-z]+)", (ROOT / paper).read_text(encoding="utf-8")))
        assert named <= targets, paper


def test_papers_link_to_files_that_exist() -> None:
    papers = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").rglob("*.md"))]
    links = [
        (paper, target)
        for paper in papers
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", paper.read_text(encoding="utf-8"))
    ]
    broken = [f"{p.relative_to(ROOT)} → {target}" for p, target in links if not (p.parent / target).exists()]
    assert not broken


def test_the_layout_table_names_every_package() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    packages = {
        m.path.parent.name for m in modules("app") if m.path.name == "__init__.py" and m.path.parent.name != "app"
    }
    top = {p for p in packages if (ROOT / "app" / p).is_dir()}
    assert not {p for p in top if f"`{p}/`" not in text}


def test_decision_records_are_short_and_numbered() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(r.name[:4]) for r in records] == list(range(1, len(records) + 1))
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert text.count("\n") <= 40, record.name
        assert {"## Context", "## Decision", "## Consequences"} <= set(text.splitlines()), record.name


def test_vendored_files_are_what_their_list_says() -> None:
    listed = tomllib.loads((VENDOR / "VENDOR.toml").read_text(encoding="utf-8"))
    files = {name: entry["sha384"] for library in listed.values() for name, entry in library["files"].items()}
    assert {p.name for p in VENDOR.iterdir() if p.suffix in {".js", ".css"}} == set(files)
    for name, digest in files.items():
        assert base64.b64encode(hashlib.sha384((VENDOR / name).read_bytes()).digest()).decode() == digest, name
    assert all((VENDOR / library["licence_file"]).exists() for library in listed.values())


def test_the_lock_pins_with_hashes_and_names_no_index() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?://|^-", text, re.MULTILINE)
    pins = re.findall(
        r"^([a-z0-9_.\-\[\]]+)==\S+ \\\n((?:\s+--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
        text,
        re.MULTILINE | re.IGNORECASE,
    )
    assert len(pins) == len(re.findall(r"^\S+==", text, re.MULTILINE)) > 40


def test_dependencies_are_in_the_lock_and_nothing_gpl_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    locked = set(re.findall(r"^([A-Za-z0-9_.\-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    wanted = {re.split(r"[\[<>=!~ ]", name)[0].lower().replace("_", "-") for name in named}
    assert not wanted - {name.lower().replace("_", "-") for name in locked}


def test_the_repository_stands_alone() -> None:
    """Nothing points at a folder outside, a workplace or a package index."""
    outside = re.compile(r"(?<![\w./])/(home|root|work|Users|tmp)/\w|/simple/?\"|\b(devpi|artifactory)\b")
    found = []
    for path in kept_files():
        name = str(path.relative_to(ROOT))
        if name.startswith(("tests/contracts/", "app/web/static/vendor/")):
            continue
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{name}:{n}" for n, line in enumerate(text.splitlines(), 1) if outside.search(line)]
    assert not found
