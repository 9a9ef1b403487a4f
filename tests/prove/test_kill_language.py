from pathlib import Path

import pytest

from tests.prove.kill_language import kill_rounds

pytestmark = pytest.mark.prove


@pytest.mark.timeout(300)
def test_callers_of_a_killed_language_process_are_answered_right_or_told(tmp_path: Path) -> None:
    outcome = kill_rounds(tmp_path, rounds=1, seed=7)
    assert not outcome.wrong
    assert outcome.right
    assert outcome.away
