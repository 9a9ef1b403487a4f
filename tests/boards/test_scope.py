import pytest

from app.accounts.schemas import Actor, Role
from app.boards.schemas import Scope, View
from app.boards.scope import readable, scope_of, view_of
from app.interviews.models import ConsentItem

TAKES_PART = ConsentItem.PARTICIPATION
INSIDE = ConsentItem.INTERNAL_SHARING
PLANNING = ConsentItem.PLANNING_USE


@pytest.mark.parametrize(
    ("granted", "researcher", "planner"),
    [
        (frozenset(), False, False),
        (frozenset({TAKES_PART}), False, False),
        (frozenset({TAKES_PART, INSIDE}), True, False),
        (frozenset({TAKES_PART, PLANNING}), False, True),
        (frozenset({TAKES_PART, INSIDE, PLANNING}), True, True),
        (frozenset({INSIDE, PLANNING}), False, False),
        (frozenset({TAKES_PART, ConsentItem.ADVERTISING}), False, False),
    ],
)
def test_each_reader_needs_their_own_consent(granted: frozenset[ConsentItem], researcher: bool, planner: bool):
    assert readable(granted, View.RESEARCHER) is researcher
    assert readable(granted, View.PLANNER) is planner


def test_the_scope_is_the_widest_consent():
    assert scope_of(frozenset({TAKES_PART, INSIDE})) is Scope.INTERNAL
    assert scope_of(frozenset({TAKES_PART, INSIDE, PLANNING})) is Scope.PLANNING
    assert scope_of(frozenset({PLANNING, ConsentItem.ADVERTISING})) is Scope.ADVERTISING


@pytest.mark.parametrize("role", list(Role))
def test_only_planners_get_the_planner_view(role: Role):
    actor = Actor(user_id=1, public_id="u", display_name="三好", role=role)
    assert (view_of(actor) is View.PLANNER) is (role is Role.PLANNER)
