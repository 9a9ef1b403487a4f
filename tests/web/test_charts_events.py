"""Events on the charts: the customer's own as signs, the shop's as lines, a refill is no new product."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from app.purchases.schemas import OrderLine, PurchaseEvent, Timeline
from app.web.charts.axis import time_axis
from app.web.charts.journal import journal
from app.web.charts.marks import marks_of
from app.web.charts.vertical import EventRow, OrderRow, vertical
from tests.web.chart_builders import START, order, timeline


def happened(*events: tuple[str, int, bool]) -> Timeline:
    base = timeline(order(), order(number=2, day=200), as_of_day=400)
    made = tuple(PurchaseEvent(kind, START + timedelta(days=day), "", own=own) for kind, day, own in events)
    return replace(base, events=made)


def test_events_stand_at_their_day_and_lines_have_words_where_there_is_room() -> None:
    found = happened(
        ("campaign", -5, False),
        ("price_change", 100, False),
        ("renewal", 210, False),
        ("campaign", 212, False),
        ("inquiry", 300, True),
    )
    shape = time_axis(marks_of(found))
    assert [(event.kind, event.day, event.own, event.labelled) for event in shape.events] == [
        ("campaign", -5, False, True),
        ("price_change", 100, False, True),
        ("renewal", 210, False, False),
        ("campaign", 212, False, True),
        ("inquiry", 300, True, False),
    ]
    assert shape.left < shape.events[0].x < shape.first_x


def test_the_figure_and_the_list_hold_the_same_events() -> None:
    days = (-300, -30, -5, 0, 100, 200, 399)
    found = happened(*(("inquiry", day, True) for day in days), *(("campaign", day, False) for day in days[1:]))
    shape = time_axis(marks_of(found))
    listed = [row for row in vertical(found).rows if isinstance(row, EventRow)]
    assert len(shape.events) == len(listed) == 13
    assert all(shape.left <= event.x <= shape.right for event in shape.events)


def test_an_event_is_no_cancel() -> None:
    shape = time_axis(marks_of(happened(("complaint", 300, True))))
    assert shape.cross == ""
    assert marks_of(happened(("complaint", 300, True))).cancelled_day is None


def test_the_list_tells_of_messages_to_everybody_too() -> None:
    found = happened(
        ("mail_sent", 50, False), ("price_change", 60, False), ("mail_sent", 70, True), ("inquiry", 80, True)
    )
    told = [(row.kind, row.own) for row in vertical(found).rows if isinstance(row, EventRow)]
    assert told == [("mail_sent", False), ("price_change", False), ("mail_sent", True), ("inquiry", True)]
    assert len(told) == len(time_axis(marks_of(found)).events)


def test_a_weekly_message_is_one_row_between_two_orders() -> None:
    weekly = [("mail_sent", day, False) for day in (10, 17, 24, 190, 210)]
    rows = vertical(happened(*weekly, ("line_sent", 18, False), ("campaign", 20, False), ("campaign", 22, False))).rows
    told = [
        (row.kind, row.times, (row.until - START).days if row.until else None)
        for row in rows
        if isinstance(row, EventRow)
    ]
    assert told == [
        ("mail_sent", 4, 190), ("line_sent", 1, None), ("campaign", 1, None), ("campaign", 1, None), ("mail_sent", 1, None),
    ]  # fmt: skip


def test_the_journal_names_what_happened() -> None:
    entries = journal(marks_of(happened(("renewal", 60, False), ("campaign", -3, False))))
    assert [(entry.kind, entry.event) for entry in entries if entry.event] == [("event", "renewal")]


def test_a_refill_of_a_known_family_is_no_new_product() -> None:
    def of(name: str, number: int, day: int) -> object:
        line = OrderLine(name, name, "single", 1, Decimal(1), family="つゆ")
        return replace(order(number=number, day=day), lines=(line,))

    orders = (of("美容液 30mL", 1, 0), of("美容液 詰替用", 2, 100))
    found = replace(timeline(order(), as_of_day=400), orders=orders)  # type: ignore[arg-type]  # orders of this test
    assert time_axis(marks_of(found)).products == ()
    assert vertical(found).rows[0].products == ("美容液 30mL",)  # type: ignore[union-attr]  # an order


def test_an_order_tells_coupon_other_address_and_a_long_wait() -> None:
    told = replace(order(), coupon="SPRING", ship_to_other=True, dispatched_on=START + timedelta(days=6))
    (row,) = vertical(timeline(told)).rows
    assert isinstance(row, OrderRow)
    assert (row.coupon, row.ship_to_other, row.days_to_dispatch) == ("SPRING", True, 6)
