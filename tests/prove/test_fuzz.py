from pathlib import Path

import pytest

from tests.prove.fuzz import fuzz
from tests.support.world import World

pytestmark = pytest.mark.prove


@pytest.mark.timeout(300)
def test_no_route_breaks_on_hostile_values(demo_world: World, tmp_path: Path) -> None:
    found, wrong = fuzz(demo_world, tmp_path, seed=20261121, rounds=3, roles=("researcher", "planner"))
    assert not wrong
    assert found[200]
