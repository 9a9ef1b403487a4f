"""Curve, columns and shades of the pages of coming back."""

from datetime import date
from decimal import Decimal

from app.purchases.repeat.cohorts import table
from app.purchases.repeat.schemas import CrossRow, CrossTable, Share, ValueRow, Within, Worth
from app.web.charts.cohort_table import heat_table
from app.web.charts.columns import columns
from app.web.charts.curve import curve
from app.web.charts.heat import cross_lines, worth_rows

AS_OF = date(2026, 3, 17)


def test_the_curve_ends_where_few_people_had_the_time() -> None:
    points = [
        Within(days, Share(people, base)) for days, people, base in [(0, 0, 90), (30, 30, 60), (60, 9, 30), (90, 9, 29)]
    ]
    shape = curve(points, (30, 60, 90))
    assert shape is not None
    assert shape.days == 60
    assert [(mark.days, mark.percent) for mark in shape.marks] == [(30, 50.0), (60, 30.0)]
    assert [grid.number for grid in shape.rows] == [30, 60]
    assert shape.marks[0].y < shape.marks[1].y < shape.base_y
    assert curve(points[-1:], (30,)) is None


def test_columns_stand_on_their_base_and_the_largest_is_the_highest() -> None:
    shape = columns([0, 5, 10, -3])
    assert [one.height for one in shape.columns] == [0, 70, 140, 0]
    assert all(round(one.y + one.height, 1) == shape.base_y for one in shape.columns)
    assert all(one.x >= 0 and one.x + one.width <= shape.width for one in shape.columns)
    assert columns([]).columns == ()


def test_shades_of_cohorts_go_by_the_highest_share_of_months_that_are_over() -> None:
    january, february, march = (date(2026, month, 1) for month in (1, 2, 3))
    counts = {
        (january, january): 20, (january, february): 10, (january, march): 20, (february, february): 9, (february, march): 9,
    }  # fmt: skip
    shape = heat_table(table(counts, january, AS_OF))
    assert shape.highest == 50
    first, second = shape.rows
    assert [(cell.percent, cell.step, cell.over) for cell in first.cells] == [(50, 5, True), (100, 5, False)]
    assert [(cell.percent, cell.step) for cell in second.cells] == [(None, 0)]
    assert [(one.percent, one.base) for one in shape.averages] == [(50, 20), (None, 0)]
    assert heat_table(table(counts, january, AS_OF), most=1).earlier == 1


def test_currencies_have_shades_and_people_of_their_own() -> None:
    def row(key: str, currency: str, mean: int, people: int = 20) -> ValueRow:
        return ValueRow(key, currency, people, 30, Decimal(10), (Worth(30, people, Decimal(mean)), Worth(90, 0, None)))

    rows = worth_rows(
        [row("甲", "JPY", 5000), row("乙", "JPY", 1000), row("甲", "USD", 40), row("", "JPY", 9000, people=3)],
        "first_product", AS_OF, {"JPY": ("本店", "支店"), "USD": ("abroad",)},
    )  # fmt: skip
    assert [one.cells[0].step for one in rows] == [5, 1, 5, 0]
    assert rows[2].query == "first_product=%E7%94%B2&source=abroad"
    assert rows[0].cells[0].query.endswith("&source=%E6%94%AF%E5%BA%97&first_on=~2026-02-15")
    assert rows[3].query == rows[3].cells[0].query == ""


def test_the_same_product_and_few_people_paint_nothing() -> None:
    found = CrossTable(
        as_of=AS_OF,
        rows=(CrossRow("甲", False, 20, 12, (10, 5)), CrossRow("乙", True, 2, 2, (2, 0))),
        to=(("甲", False), ("乙", True)), customers=22, from_more=0, people_more=0, to_more=0,
    )  # fmt: skip
    first, second = cross_lines(found)
    assert [(cell.percent, cell.step, cell.same) for cell in first.cells] == [(50, 0, True), (25, 5, False)]
    assert [(cell.percent, cell.step) for cell in second.cells] == [(None, 0), (None, 0)]
    assert (first.again_percent, second.again_percent) == (60, None)
