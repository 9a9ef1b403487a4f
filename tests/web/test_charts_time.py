"""Sparks and the time axis: dots, scales, labels that do not overlap, bars, the trigger's band."""

from decimal import Decimal
from itertools import pairwise

import pytest

from app.language.codebook import Stage
from app.purchases.schemas import Timeline
from app.web.charts.axis import narrow_axis, time_axis
from app.web.charts.journal import journal
from app.web.charts.marks import marks_of, radius_for
from app.web.charts.spark import HEIGHT, WIDTH, shared_scale, spark
from app.web.charts.twins import twins
from app.web.charts.voices import Voice, crossings, spread, width_of, wrap
from tests.web.chart_builders import loyal_timeline, order, timeline

CHURN = timeline(
    order(number=1, amount="980", kind="trial", products=("お試し",)),
    order(number=2, day=40, amount="3960", kind="subscription"),
    cancelled_day=49,
)


def test_area_of_a_dot_grows_with_the_amount() -> None:
    radius = radius_for(Decimal(10_000), widest=10.0, smallest=1.0)
    assert radius.of(Decimal(10_000)) == 10.0
    assert radius.of(Decimal(2_500)) == 5.0
    assert radius.of(Decimal(0)) == 1.0
    assert radius_for(Decimal(0), widest=10.0, smallest=3.0).of(Decimal(0)) == 3.0


def test_a_known_product_under_another_kind_is_not_new() -> None:
    again = timeline(order(number=1), order(number=2, day=30, products=("【定期便】美容液",), kind="subscription"))
    assert time_axis(marks_of(again)).products == ()


def test_the_last_order_on_the_as_of_date_stays_inside_the_figure() -> None:
    shape = time_axis(
        marks_of(timeline(order(), order(number=2, day=300, products=("甲", "乙", "丙", "丁")), as_of_day=300))
    )
    assert shape.orders[-1].dot.cx + max(shape.orders[-1].rings) < shape.width


def test_every_cancellation_is_drawn_and_covered_dots_lose_their_number() -> None:
    again = timeline(order(kind="subscription"), order(number=2, day=4), order(number=3, day=300), cancelled_day=18)
    shape = time_axis(marks_of(again))
    assert shape.cross
    assert [mark.numbered for mark in shape.orders] == [False, True, True]


def test_negative_amounts_still_get_a_dot() -> None:
    assert radius_for(Decimal(100), widest=10.0, smallest=2.0).of(Decimal(-5)) == 2.0


def test_order_kind_is_subscription_if_any_line_is() -> None:
    marks = marks_of(loyal_timeline())
    assert [mark.kind for mark in marks.orders[:4]] == ["trial", "single", "single", "subscription"]
    assert marks.as_of_day == 560


def test_spark_of_somebody_active_is_dotted_to_the_as_of_date() -> None:
    shape = spark(marks_of(loyal_timeline()))
    assert len(shape.dots) == 16
    assert shape.dots[0].hollow
    assert shape.rail_off.endswith("H340")
    assert not shape.cross
    assert all(dot.cx - dot.r >= 0 and dot.cx + dot.r <= WIDTH for dot in shape.dots)


def test_spark_of_a_cancelled_subscription_ends_in_a_cross_beside_the_last_dot() -> None:
    shape = spark(marks_of(CHURN), window_days=560)
    assert shape.cancelled
    assert not shape.rail_off
    start = float(shape.cross[1:].split()[0])
    assert start + 5 > shape.dots[-1].cx + shape.dots[-1].r


def test_sparks_with_one_window_share_their_scale() -> None:
    young = timeline(order(number=1), as_of_day=100)
    shape = spark(marks_of(young), window_days=560)
    assert shape.dots[0].cx == pytest.approx(340 - 332 * 100 / 560, abs=0.2)


def test_spark_without_orders_and_of_one_day() -> None:
    empty = spark(marks_of(Timeline(orders=(), events=(), as_of=None, currency="JPY")))
    assert (empty.dots, empty.rail, empty.rail_off, empty.cross) == ((), "", "", "")
    today = spark(marks_of(timeline(order(amount="0"), as_of_day=0)))
    assert today.dots[0].cx == 340
    assert today.height == HEIGHT


def test_crowded_sparks_have_small_dots() -> None:
    many = timeline(*(order(number=n + 1, day=n * 4) for n in range(140)))
    shape = spark(marks_of(many))
    assert shape.crowded
    assert max(dot.r for dot in shape.dots) < 3


def test_subscription_bar_runs_to_the_as_of_date_or_to_the_cancellation() -> None:
    running = time_axis(marks_of(loyal_timeline()))
    (bar,) = running.bars
    assert (bar.orders, bar.x + bar.width) == (13, running.as_of_x)
    (ended,) = time_axis(marks_of(CHURN)).bars
    assert ended.orders == 1
    assert ended.x + ended.width < 200


def test_a_second_subscription_after_a_cancellation_is_a_second_bar() -> None:
    again = timeline(
        order(number=1, kind="subscription"),
        order(number=2, day=30, kind="subscription"),
        order(number=3, day=200, kind="subscription"),
        cancelled_day=60,
    )
    assert [bar.orders for bar in time_axis(marks_of(again)).bars] == [2, 1]


def test_trigger_band_is_wide_enough_to_see() -> None:
    shape = time_axis(marks_of(loyal_timeline()), turn=(112, 140), turn_order=3)
    assert shape.band is not None
    assert shape.band.width >= 22
    assert shape.band.percent % 2 == 0
    strong = [label for label in shape.gaps if label.strong]
    assert [(label.days, shape.band.x < label.x < shape.band.x + shape.band.width) for label in strong] == [(28, True)]
    narrow = narrow_axis(marks_of(timeline(order(number=1), order(number=2, day=1))), turn=(0, 1))
    assert narrow.band is not None
    assert narrow.band.width >= 22


def test_voices_get_their_own_slot_and_point_at_their_day() -> None:
    voices = [Voice(Stage.LOYALTY_TRIGGER, "あ、塗ってる顔だ、って思った", day) for day in (120, 121, 122, 123, 124)]
    shape = time_axis(marks_of(loyal_timeline()), voices=[*voices, Voice(Stage.PROBLEM, "粉をふいた", None)])
    assert shape.has_pre
    assert all(later.x - earlier.x >= 120 for earlier, later in pairwise(shape.voices))
    assert shape.voices[0].target < shape.first_x
    assert all(len(voice.lines) <= 3 for voice in shape.voices)


def test_leader_lines_to_one_day_have_levels_and_ends_of_their_own() -> None:
    voices = [Voice(Stage.EXPERIENCE, "声", 10) for _ in range(6)]
    placed = time_axis(marks_of(loyal_timeline()), voices=voices).voices
    assert len({voice.target for voice in placed}) == 6
    assert crossings([(100, 50), (200, 57), (300, 64)]) == [0, 1, 2]
    assert crossings([(10, 50), (20, 157)]) == [1, 0]


def test_cards_shown_together_share_window_and_amount() -> None:
    scale = shared_scale([marks_of(loyal_timeline()), marks_of(CHURN), marks_of(timeline())])
    assert (scale.window_days, scale.largest) == (560, Decimal(10080))
    assert shared_scale([]).window_days == 1


def test_at_most_seven_voices_are_pinned() -> None:
    voices = [Voice(Stage.EXPERIENCE, "声", day) for day in range(12)]
    shape = time_axis(marks_of(loyal_timeline()), voices=voices)
    assert len(shape.voices) == 7
    assert shape.voices[-1].x + 140 < shape.width


def test_ticks_never_touch_the_words_at_both_ends() -> None:
    for days in (3, 40, 200, 800, 4000):
        shape = time_axis(marks_of(timeline(order(), as_of_day=days)))
        assert all(shape.first_x + 40 < tick.x < shape.as_of_x - 50 for tick in shape.ticks)
        assert all(later.x - earlier.x >= 90 for earlier, later in pairwise(shape.ticks))


def test_wrap_keeps_small_kana_and_commas_off_the_line_start() -> None:
    assert wrap("980円なら、合わなくても", width=4) == ("980円な", "ら、合わ", "なくても")
    assert wrap("これなら、合う", width=4) == ("これなら、", "合う")
    assert all(line[0] not in "、。っ" for line in wrap("あきらめがつくかなって、そう思って", width=5))
    assert wrap("とても長い話" * 20, width=8)[-1].endswith("…")
    assert wrap("", width=8) == ()
    assert width_of("ab日") == pytest.approx(2.1)


def test_spread_stays_inside_and_apart() -> None:
    placed = spread([10, 12, 990, 995], left=0, right=1000, slot=100)
    assert placed[0] >= 0
    assert placed[-1] <= 900
    assert all(later - earlier >= 100 for earlier, later in pairwise(placed))


def test_journal_tells_everything_in_time_order() -> None:
    voices = [Voice(Stage.LOYALTY_TRIGGER, "塗ってる顔だ", 126), Voice(Stage.PROBLEM, "粉をふいた", None)]
    entries = journal(marks_of(loyal_timeline()), voices=voices, turn=(112, 140))
    assert entries[0].day is None
    assert [entry.kind for entry in entries].count("order") == 16
    turn = next(entry for entry in entries if entry.kind == "turn")
    assert (turn.until, turn.voices[0].text) == (140, "塗ってる顔だ")
    days = [entry.day for entry in entries if entry.day is not None]
    assert days == sorted(days)
    assert journal(marks_of(CHURN))[-1].kind == "cancelled"


def test_twins_fork_lies_after_the_order_they_parted_at() -> None:
    shape = twins(marks_of(loyal_timeline()), marks_of(CHURN), fork_after=2)
    assert shape.stayed.dots[1].cx < shape.fork_x
    assert shape.left.cross
    assert not shape.stayed.cross
    small = twins(marks_of(loyal_timeline()), marks_of(CHURN), fork_after=2, wide=False)
    assert (small.width, small.height) == (530, 102)
