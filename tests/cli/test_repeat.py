"""`n1 purchases cohorts|repeat|value`: the figures of the pages as JSON and as plain lines."""

import json
from typing import Any

import pytest

from app.core.settings import Settings
from tests.purchases.build import HEADERS, Shop, row, text_of
from tests.support.commands import Command, command_line
from tests.support.homes import Homes

ORDERS = text_of(
    row(order="1", customer="a", day="2026-01-05"),
    row(order="2", customer="a", day="2026-01-05", code="B", name="石けん", price=500),
    row(order="3", customer="a", day="2026-02-04"),
    row(order="4", customer="b", day="2026-01-20"),
    row(order="5", customer="c", day="2026-04-30"),
)


@pytest.fixture
def n1(settings: Settings):
    with command_line(settings.home, locale="en") as run:
        yield run


@pytest.fixture
def filled(settings: Settings, homes: Homes, n1: Command) -> Command:
    homes.fill(settings, fill)
    return n1


def fill(shop: Shop) -> None:
    shop.take(ORDERS)


def advertised(shop: Shop) -> None:
    rows = (
        (*row(order="1", customer="a", price=980), "SNS広告"),
        (*row(order="2", customer="b", day="2026-03-01"), ""),
    )
    shop.take(text_of(*rows, headers=(*HEADERS, "流入元")))


def told(done: Any) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_cohorts(filled: Command) -> None:
    found = told(filled("purchases", "cohorts", "--json"))
    assert (found["as_of"], found["customers"]) == ("2026-04-30", 3)
    january = found["cohorts"][0]
    assert (january["first_month"], january["people"]) == ("2026-01", 2)
    assert [(one["month"], one["people"], one["over"]) for one in january["months"]] == [
        ("2026-01", 2, True), ("2026-02", 1, True), ("2026-03", 0, True), ("2026-04", 0, True),
    ]  # fmt: skip
    assert found["averages"][0] == {"nth": 1, "people": 1, "base": 2, "share": 0.5}
    assert filled("purchases", "cohorts").stdout.splitlines()[0] == "2026-01\t2\t50.0%\t0.0%\t0.0%"


def test_repeat_counts_orders_or_days(filled: Command) -> None:
    orders = told(filled("purchases", "repeat", "--json"))
    first = orders["steps"][0]
    assert (first["people"], first["base"], first["gap_days"]["p50"]) == (1, 3, 0)
    assert first["within"][0] == {"days": 30, "people": 1, "base": 2, "share": 0.5}
    days = told(filled("purchases", "repeat", "--by", "days", "--json"))
    assert (days["counted_by"], days["steps"][0]["gap_days"]["p50"]) == ("days", 30)
    assert days["cycles"] == [
        {"product": "美容液", "is_family": False, "people": 3, "bought_again": 1, "gaps": 1, "gap_days": {"p25": 30, "p50": 30, "p75": 30}}
    ]  # fmt: skip
    assert filled("purchases", "repeat").stdout.startswith("1\t3\t33.3%\t30: 50.0%")


def test_value(filled: Command) -> None:
    found = told(filled("purchases", "value", "--json"))
    assert found["whole"][0]["worth"][0] == {"days": 30, "people": 2, "mean": "1750"}
    assert (found["by_acquisition_channel"], found["acquisition_channels_not_listed"]) == ([], 0)
    assert found["cross_sales"]["rows"][0] == {
        "first": "美容液", "is_family": False, "people": 3, "bought_later": 1,
        "later": [{"product": "美容液", "people": 1, "share": pytest.approx(1 / 3)}],
    }  # fmt: skip
    assert filled("purchases", "value").stdout.splitlines()[0] == "-\tJPY\t3\t1750\t1750\t-\t-"


def test_value_by_what_brought_people(settings: Settings, homes: Homes, n1: Command) -> None:
    homes.fill(settings, advertised)
    found = told(n1("purchases", "value", "--json"))["by_acquisition_channel"]
    assert [(row["acquisition_channel"], row["people"]) for row in found] == [("", 1), ("SNS広告", 1)]
    assert found[1]["worth"][0] == {"days": 30, "people": 1, "mean": "980"}
    assert told(n1("purchases", "segments", "count", "acquisition_channel=SNS広告", "--json"))["people"] == 1


def test_without_orders(n1: Command) -> None:
    for command in ("cohorts", "repeat", "value"):
        assert told(n1("purchases", command, "--json")) == {}
        assert n1("purchases", command).stdout == "There are no orders in the store.\n"
