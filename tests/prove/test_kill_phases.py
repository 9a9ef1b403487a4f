import shutil
from pathlib import Path

import pytest

from tests.prove.kill_phases import kill_phases
from tests.purchases.build import Shop

pytestmark = pytest.mark.prove


@pytest.mark.timeout(300)
def test_work_killed_at_any_moment_leaves_the_old_state_or_the_new_and_is_mended(shop: Shop, tmp_path: Path) -> None:
    shop.parts.engine.dispose()
    empty = tmp_path / "empty"
    shutil.copytree(shop.parts.settings.home, empty)
    found = kill_phases(tmp_path, empty, kills=4, seed=20261122)
    assert found.wrong == []
    assert found.kills
