from pathlib import Path

import pytest

from tests.prove.pages_during_import import measure

pytestmark = [pytest.mark.prove, pytest.mark.xdist_group("browser")]


@pytest.mark.timeout(300)
def test_pages_answer_while_a_file_goes_in_by_the_page(tmp_path: Path) -> None:
    """The small share: the road is walked. How fast pages stay is measured by `make prove` alone on its machine."""
    found = measure(tmp_path / "busy", lines=3_000, idle_rounds=3)
    assert found.state == "done"
    assert all(found.during.values())
