from pathlib import Path

import pytest

from tests.prove.decks import export, find_office, open_with_office
from tests.support import absent
from tests.support.world import World

pytestmark = pytest.mark.prove


@pytest.mark.timeout(300)
def test_libreoffice_opens_a_planners_deck(demo_world: World, tmp_path: Path) -> None:
    office = find_office()
    if office is None:
        absent.need("LibreOffice")
    files = export(demo_world.copied_to(tmp_path / "home"), "planner")
    decks = {name: content for name, content in files.items() if name.endswith(".pptx")}
    opened = open_with_office(office, decks, tmp_path / "out")
    assert all(one.pages >= 1 and one.characters > 50 for one in opened)
