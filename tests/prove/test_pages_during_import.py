from pathlib import Path

import pytest

from tests.prove.pages_during_import import measure
from tests.support.world import World

pytestmark = [pytest.mark.prove, pytest.mark.xdist_group("browser")]


@pytest.mark.timeout(300)
def test_pages_answer_while_a_file_goes_in_by_the_page(demo_world: World, tmp_path: Path) -> None:
    """The small share: the road is walked. How fast pages stay is measured by `make prove` alone on its machine."""
    found = measure(demo_world.copied_to(tmp_path / "home"), tmp_path / "busy", lines=3_000, idle_rounds=2, warm_up=0)
    assert found.state == "done"
    assert all(found.during.values())
