import pytest

from app.interviews.lit import Lit, lit_orders
from app.studies.schemas import PointsAt


@pytest.mark.parametrize(
    ("points_at", "expected"),
    [
        (PointsAt.NOTHING, None),
        (PointsAt.BEFORE_FIRST, Lit(0, 1)),
        (PointsAt.FIRST, Lit(1, 1)),
        (PointsAt.FIRST_TO_SECOND, Lit(1, 2)),
        (PointsAt.TURNING, Lit(3, 4)),
        (PointsAt.AFTER_TURNING, Lit(5, 9, open_ended=True)),
        (PointsAt.LATEST, Lit(9, 9)),
    ],
)
def test_nine_orders_turning_after_the_third(points_at: PointsAt, expected: Lit | None):
    assert lit_orders(points_at, count=9, turn=3) == expected


@pytest.mark.parametrize("points_at", list(PointsAt))
def test_nothing_lights_without_orders(points_at: PointsAt):
    assert lit_orders(points_at, count=0, turn=None) is None


@pytest.mark.parametrize("points_at", [place for place in PointsAt if place])
@pytest.mark.parametrize("count", [1, 2, 3, 30])
@pytest.mark.parametrize("turn", [None, 1, 2, 29])
def test_never_points_beyond_the_orders(points_at: PointsAt, count: int, turn: int | None):
    lit = lit_orders(points_at, count=count, turn=turn)
    assert lit is not None
    assert 0 <= lit.first <= lit.last <= count


def test_the_gap_between_two_lit_orders_is_lit():
    lit = Lit(3, 4)
    assert [number for number in range(1, 6) if lit.holds(number)] == [3, 4]
    assert [number for number in range(1, 6) if lit.holds_gap(number)] == [3]
