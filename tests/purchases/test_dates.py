"""Dates as shops write them; the fast way over a whole column must say what the slow way says cell by cell."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st

from app.core.errors import AppError
from app.purchases.files.values.dates import DateColumn, read_dates

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(text: str, **how: str) -> str | None:
    """Return the moment as text, so that a failing test shows it."""
    micros = DateColumn(**how).micros(text)  # type: ignore[arg-type]  # order and zone only
    return None if micros is None else f"{EPOCH + timedelta(microseconds=micros):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和7年4月1日", "2025-04-01 00:00:00"),
        ("令和元年5月1日", "2019-05-01 00:00:00"),
        ("令和元年10月1日 10時30分", "2019-10-01 10:30:00"),
        ("R7.4.1", "2025-04-01 00:00:00"),
        ("R07/04/01", "2025-04-01 00:00:00"),
        ("H31.4.30", "2019-04-30 00:00:00"),
        ("平成31年4月30日(火)", "2019-04-30 00:00:00"),
        ("昭和64年1月7日", "1989-01-07 00:00:00"),
        ("Ｒ７．４．１", "2025-04-01 00:00:00"),
        ("㋿7年4月1日", "2025-04-01 00:00:00"),
        ("2026年1月2日（金）", "2026-01-02 00:00:00"),
        ("2026/01/02(金曜日) 10:00", "2026-01-02 10:00:00"),
        ("2026年 1月 2日", "2026-01-02 00:00:00"),
        ("２０２６年１月２日１０時３０分", "2026-01-02 10:30:00"),
        ("2026年1月2日 10時30分15秒", "2026-01-02 10:30:15"),
        ("2026/1/2 午前9時5分", "2026-01-02 09:05:00"),
        ("2026/1/2 午後3:05", "2026-01-02 15:05:00"),
        ("2026/1/2 午前12:05", "2026-01-02 00:05:00"),
        ("2026/1/2 12:05 PM", "2026-01-02 12:05:00"),
        ("2026/1/2 3:05:09 p.m.", "2026-01-02 15:05:09"),
        ("1-Apr-2024", "2024-04-01 00:00:00"),
        ("Apr 1, 2024", "2024-04-01 00:00:00"),
        ("April 1st, 2024, 3:05 PM", "2024-04-01 15:05:00"),
        ("01 April 2024 10:00", "2024-04-01 10:00:00"),
        ("Mon, 01 Apr 2024 10:00:00 GMT", "2024-04-01 19:00:00"),
        ("2026-01-02T15:30:00Z", "2026-01-03 00:30:00"),
        ("2026-01-02 15:30:00 UTC", "2026-01-03 00:30:00"),
        ("2026-01-02T15:30:00+00:00", "2026-01-03 00:30:00"),
        ("2026-01-02 15:30:00 +0900", "2026-01-02 15:30:00"),
        ("2026-01-02 15:30:00 -0500", "2026-01-03 05:30:00"),
        ("2026-01-02 093015", "2026-01-02 09:30:15"),
        ("2026/01/02 93015", "2026-01-02 09:30:15"),
        ("20260102 09:30", "2026-01-02 09:30:00"),
        ("20260102093015", "2026-01-02 09:30:15"),
        ("2026-01-02 00:00:00 09:30:15", "2026-01-02 09:30:15"),
        ("2026-01-02　10:00", "2026-01-02 10:00:00"),
    ],
)
def test_a_date_is_read(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "未定", "令和7年2月29日", "令和元年4月30日", "H31.5.1", "昭和64年1月8日", "R0.4.1", "2026-02-30", "2026-13-01", "2026-00-10",
        "2026-01-02 24:00", "2026-01-02 10:60", "2026-01-02 10:00:60", "2026-01-02 13:00 PM", "2026-01-02 午前10:00 PM",
        "2026-01-02 10:00 +1500", "2026-01-02 246060", "2026-01-02 10:00 頃", "1969-12-31", "2101-01-01", "0000-00-00 00:00:00",
        "24/04/01", "1-Apr-24", "43831", "43831.5", "99999999999999999", "Foo 1, 2024", "Apr 31, 2024", "2026-01", "10:30", "٢٠٢٦-٠١-٠٢",
        "2026-01-02 " + "0" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("24/04/01", "ymd", "2024-04-01 00:00:00"),
        ("24年4月1日", "ymd", "2024-04-01 00:00:00"),
        ("01/04/24", "dmy", "2024-04-01 00:00:00"),
        ("04/01/99", "mdy", "1999-04-01 00:00:00"),
        ("1-Apr-24", "dmy", "2024-04-01 00:00:00"),
        ("01/02/2026 10:00", "dmy", "2026-02-01 10:00:00"),
        ("1/2/2026", "ymd", None),
        ("4/4/1", "ymd", None),
        ("43831", "ymd", None),
        ("43831", "serial", "2020-01-01 00:00:00"),
        ("43831", "+serial", "2020-01-01 00:00:00"),
        ("43831", "dmy+serial", "2020-01-01 00:00:00"),
        ("01/02/2026", "dmy+serial", "2026-02-01 00:00:00"),
        ("2026-01-02", "+serial", "2026-01-02 00:00:00"),
        ("43831.75", "serial", "2020-01-01 18:00:00"),
        ("43831.9999999", "serial", "2020-01-02 00:00:00"),
        ("2020-01-01", "serial", None),
        ("20200101", "serial", None),
        ("32873", "serial", None),
    ],
)
def test_an_order_decides_what_a_form_leaves_open(text: str, order: str, expected: str | None) -> None:
    assert read(text, order=order) == expected


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-01-02 15:30", "UTC", "2026-01-03 00:30:00"),
        ("2026-01-02 15:30", "Asia/Tokyo", "2026-01-02 15:30:00"),
        ("2026-01-02 15:30 +0900", "UTC", "2026-01-02 15:30:00"),
        ("2026-01-02", "America/New_York", "2026-01-02 00:00:00"),
        ("2026-01-02 10:00", "America/New_York", "2026-01-03 00:00:00"),
        ("2026-07-02 10:00", "America/New_York", "2026-07-02 23:00:00"),
        ("2025-11-02 01:30", "America/New_York", "2025-11-02 14:30:00"),  # twice that night: the first, still summer
        ("2025-03-09 02:30", "America/New_York", "2025-03-09 16:30:00"),  # on no clock that night: as if winter went on
        ("2100-12-31 23:00", "UTC", None),
    ],
)
def test_a_time_without_a_zone_is_of_the_shops_zone(text: str, zone: str, expected: str | None) -> None:
    assert read(text, zone=zone) == expected


def test_birthdays_may_lie_further_back() -> None:
    assert DateColumn(years=(1900, 2030)).micros("昭和24年3月1日") is not None
    assert DateColumn(years=(1900, 2030)).micros("2031-01-01") is None


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("13/01/2026", "02/03/2026"), "dmy"),
        (("01/13/2026", "02/03/2026"), "mdy"),
        (("2026-01-02", "2026/01/03"), None),
        (("43831", "43832.5", "未定", ""), "serial"),
        (("43831", "12"), None),
        (("43831", "2026-01-02"), "+serial"),
        (("43831", "13/01/2026"), "dmy+serial"),
        (("2026-01-02", "未定", "12"), None),
        (("令和7年4月1日", "2026年1月2日"), None),
        (("20260102", "20260103"), None),
    ],
)
def test_a_column_tells_its_own_order(texts: tuple[str, ...], order: str | None) -> None:
    column = DateColumn()
    column.read(texts)
    assert column.order_to_use("注文日") == order


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("2026-01-02", "2026/01/03", "20260104"), "dates_mixed"),
        (("2026-01-02", "13/01/2026"), "dates_mixed"),
        (("2026-01-02", "R8.1.3", "Jan 4, 2026"), "dates_mixed"),
        (("01/02/2026", "03/04/2026"), "dates_unsure"),
        (("24/04/01", "24/04/02"), "dates_unsure"),
    ],
)
def test_a_column_that_does_not_tell_is_refused(texts: tuple[str, ...], code: str) -> None:
    column = DateColumn()
    read_dates(pa.array(texts), column)
    with pytest.raises(AppError) as caught:
        column.order_to_use("注文日")
    assert caught.value.code == code
    assert caught.value.params == {
        "column": "注文日",
        "examples": ", ".join(texts[:3] if code == "dates_mixed" else texts[:1]),
    }


def test_a_whole_column_of_day_numbers_is_read_with_an_order_too() -> None:
    first = DateColumn(order="ymd")
    assert read_dates(pa.array(["43831", ""]), first).null_count == 2
    again = DateColumn(order=first.order_to_use("注文日") or "")
    assert read_dates(pa.array(["43831", ""]), again).to_pylist()[0].isoformat() == "2020-01-01T00:00:00"
    assert again.order_to_use("注文日") is None


MOMENTS = st.datetimes(min_value=datetime(1960, 1, 1), max_value=datetime(2110, 1, 1))  # noqa: DTZ001 - a wall clock
FORMS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y%m%d%H%M%S",
    "%Y-%m-%d %H:%M:%S +0900", "%Y-%m-%dT%H:%M:%SZ", "%Y年%m月%d日 %H時%M分", "%d/%m/%Y %H:%M", "%d-%b-%Y", "%y/%m/%d", "%Y-%m-%d %H%M%S",
    "%Y/%m/%d %I:%M %p",
)  # fmt: skip
WRITTEN = st.builds(lambda moment, form: moment.strftime(form), MOMENTS, st.sampled_from(FORMS))
SPOILT = st.builds(
    lambda text, place, mark: text[: place % len(text)] + mark + text[place % len(text) + 1 :],
    WRITTEN,
    st.integers(0, 30),
    st.sampled_from("0123456789-/: .T９月("),
)
CELLS = st.one_of(
    WRITTEN, SPOILT, st.sampled_from(["", "未定", "43831", "2026-02-30", "2024-02-29 23:59:59", "R8.1.2"]), st.none()
)


OF_ONE_STYLE = st.sampled_from(FORMS).flatmap(
    lambda form: st.lists(MOMENTS.map(lambda moment: moment.strftime(form)), max_size=30)
)


@rules(max_examples=300, deadline=None)
@given(
    cells=st.one_of(
        st.lists(CELLS, max_size=30), OF_ONE_STYLE, st.builds(lambda cells, odd: [*cells, odd], OF_ONE_STYLE, CELLS)
    ),
    order=st.sampled_from(["", "ymd", "dmy", "mdy", "serial", "+serial", "dmy+serial"]),
    zone=st.sampled_from(["Asia/Tokyo", "UTC", "America/New_York", "Australia/Lord_Howe"]),
    offset=st.integers(0, 3),
)
def test_the_fast_way_says_what_the_slow_way_says(cells: list[str | None], order: str, zone: str, offset: int) -> None:
    slow, fast = DateColumn(order, zone), DateColumn(order, zone)
    column = pa.array(cells, pa.string()).slice(offset)
    expected = slow.read([cell or "" for cell in cells[offset:]])
    found = read_dates(pa.chunked_array([column, column.slice(1)]), fast)
    assert found.type == pa.timestamp("us")
    assert found.cast(pa.int64()).to_pylist() == [*expected, *expected[1:]]
    assert set(fast.examples) == set(slow.examples)
    assert fast.highest == slow.highest


@pytest.mark.parametrize(
    "odd",
    ["2026-01-02 10:00+09", "0000-01-01 00:00:00", "2026-02-29 00:00:00", "2026-01-01 24:00:00", "2026/01-01 00:00:00"],
)
def test_one_cell_of_the_same_length_that_is_another_thing(odd: str) -> None:
    cells = ["2026-01-02 10:00:00", odd]
    assert read_dates(pa.array(cells), DateColumn()).cast(pa.int64()).to_pylist() == DateColumn().read(cells)


def test_an_empty_column_is_an_empty_column() -> None:
    assert read_dates(pa.chunked_array([], pa.string()), DateColumn()).to_pylist() == []
