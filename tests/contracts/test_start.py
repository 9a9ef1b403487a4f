"""What every command and every web process would wait for at its start, and hold in memory, stays out until it is used."""

import subprocess
import sys

import pytest

HEAVY = ("numpy", "pyarrow", "ibis", "duckdb", "scipy", "spacy", "pptx", "openpyxl")


@pytest.mark.parametrize("module", ["app.cli.app", "app.web.application", "app.api.application"])
def test_heavy_libraries_are_loaded_where_they_are_used(module: str) -> None:
    asked = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
