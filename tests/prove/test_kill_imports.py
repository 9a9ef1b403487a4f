from pathlib import Path

import pytest

from tests.prove.kill_imports import kill_rounds

pytestmark = pytest.mark.prove


@pytest.mark.timeout(300)
def test_a_killed_import_is_whole_or_gone(tmp_path: Path) -> None:
    outcome = kill_rounds(tmp_path, rounds=2, seed=7)
    assert not outcome.wrong
