"""The vertical timeline and the bars."""

from decimal import Decimal

import pytest

from app.web.charts.bars import stacked, step
from app.web.charts.vertical import GapRow, OrderRow, vertical
from tests.web.chart_builders import loyal_timeline, order, timeline


def test_rows_alternate_orders_and_gaps_with_days_between() -> None:
    shape = vertical(loyal_timeline())
    assert [row.row for row in shape.rows[:4]] == ["order", "gap", "order", "gap"]
    assert [row.days for row in shape.rows if isinstance(row, GapRow)][:3] == [41, 71, 28]
    assert shape.days_to_as_of == 17


def test_lit_orders_light_up_with_the_gap_between_them() -> None:
    shape = vertical(loyal_timeline(), lit=(3, 4))
    lit = [row for row in shape.rows if isinstance(row, OrderRow | GapRow) and row.lit]
    assert [row.row for row in lit] == ["order", "gap", "order"]


def test_long_timelines_fold_after_the_limit_and_open_for_lit_orders() -> None:
    shape = vertical(loyal_timeline(), limit=8)
    assert shape.more_orders == 8
    assert isinstance(shape.rows[-1], OrderRow)
    assert not shape.more_open
    assert vertical(loyal_timeline(), limit=8, lit=(10, 11)).more_open


def test_a_remainder_of_two_is_not_folded() -> None:
    assert vertical(loyal_timeline(), limit=14).more == ()


def test_the_year_is_said_once_and_the_kind_when_it_changes() -> None:
    rows = [row for row in vertical(loyal_timeline()).rows if isinstance(row, OrderRow)]
    assert [row.same_year for row in rows[:3]] == [False, True, True]
    assert [row.number for row in rows if not row.same_year] == [1, 7]
    assert [row.number for row in rows if row.changed] == [1, 2, 4]


def test_a_cancellation_on_the_day_of_an_order_comes_after_it() -> None:
    shape = vertical(timeline(order(number=1, kind="subscription"), cancelled_day=0))
    assert [row.row for row in shape.rows] == ["order", "event"]


def test_no_orders_give_no_rows() -> None:
    shape = vertical(timeline())
    assert (shape.rows, shape.more, shape.days_to_as_of) == ((), (), None)


def test_bars_fill_the_width_and_small_parts_stay_visible() -> None:
    parts = stacked((("c-bar", Decimal(4723)), ("c-bar-2", Decimal(62)), ("c-held", Decimal(1))))
    assert [part.paint for part in parts] == ["c-bar", "c-bar-2", "c-held"]
    assert parts[-1].width == 4.0
    assert parts[-1].x + parts[-1].width == pytest.approx(1000, abs=0.5)


def test_bars_of_nothing_are_empty_and_zero_parts_are_left_out() -> None:
    assert stacked((("c-bar", Decimal(0)),)) == ()
    assert [part.paint for part in stacked((("c-bar", Decimal(5)), ("c-held", Decimal(0))))] == ["c-bar"]
    assert stacked((("c-bar", Decimal(-5)),)) == ()


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1), (0.15, 2), (0.31, 3), (0.46, 4), (0.86, 5)])
def test_come_back_shares_have_five_steps(share: float, expected: int) -> None:
    assert step(share) == expected


def test_an_unknown_share_has_no_step() -> None:
    assert step(None) == 0
