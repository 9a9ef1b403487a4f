import re

import pytest

from tests.support.client import Visitors
from tests.support.orders import CANARIES
from tests.support.world import World

REAL_DAY = re.compile(r"20\d\d[-/年]\d{1,2}[-/月]\d{1,2}")


def person_page(client_for: Visitors, world: World, role: str) -> str:
    reply = client_for(role).get(f"/studies/{world.ids['study']}/people/{world.ids['person']}")
    assert reply.status_code == 200
    return reply.text


def test_a_planner_reads_days_from_the_first_order_and_no_other_day_than_the_as_of_date(
    client_for: Visitors, demo_world: World
):
    page = person_page(client_for, demo_world, "planner")
    assert set(REAL_DAY.findall(page)) == {"2026年11月15"}
    assert "約" in page
    assert [word for word in CANARIES if word in page] == []


def test_a_researcher_reads_the_day_of_the_interview(client_for: Visitors, demo_world: World):
    assert len(set(REAL_DAY.findall(person_page(client_for, demo_world, "researcher")))) > 1


@pytest.mark.parametrize("role", ["planner", "researcher", "admin"])
def test_the_study_board_counts_people_and_names_the_day_it_stands_for(
    client_for: Visitors, demo_world: World, role: str
):
    page = client_for(role).get(f"/studies/{demo_world.ids['study']}/board").text
    assert "段階 × 区分" in page
    assert "2026年11月15日" in page


def test_strangers_find_no_board(client_for: Visitors, demo_world: World):
    ids = demo_world.ids
    for path in (f"/studies/{ids['study']}/board", f"/studies/{ids['study']}/people/{ids['person']}"):
        assert client_for("outsider").get(path).status_code == 404
        assert client_for("anonymous").get(path).status_code == 303


def test_unheard_stages_are_drawn(client_for: Visitors, demo_world: World):
    page = person_page(client_for, demo_world, "researcher")
    assert "未聴取" in page
    assert page.count('class="mx-col') == 9


def test_an_english_reader_reads_english(demo_world: World, tmp_path):
    world = demo_world.copied_to(tmp_path / "home")
    world.speak("en")
    from tests.support.client import visitor

    with visitor(world, "planner") as client:
        page = client.get(f"/studies/{world.ids['study']}/board").text
    assert "Customers side by side" in page
