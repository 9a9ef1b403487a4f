from pathlib import Path

import pytest

from tests.prove.kill_autosaves import kill_rounds
from tests.support.world import World

pytestmark = [pytest.mark.prove, pytest.mark.xdist_group("browser")]


@pytest.mark.timeout(300)
def test_no_confirmed_answer_is_lost_to_a_kill(demo_world: World, tmp_path: Path) -> None:
    lost, confirmed, slowest = kill_rounds(demo_world.copied_to(tmp_path / "home"), tmp_path, rounds=2, seconds=1.0)
    assert not lost
    assert confirmed
    assert slowest < 10
