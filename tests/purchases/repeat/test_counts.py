"""Cohorts, steps, values, cycles and cross-sales of random shops, against plain Python."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import quantiles

import duckdb
import pyarrow.parquet as pq
import pytest

from app.purchases.repeat import cohorts, cross, cycles, steps, value
from app.purchases.repeat.schemas import CountedBy, Share
from tests.purchases.repeat import shop
from tests.purchases.repeat.shop import AS_OF

SEEDS = range(12)


class Files:
    """One random shop: its orders, and the files of a build of them."""

    def __init__(self, seed: int, folder: Path) -> None:
        random = Random(seed)
        self.list = shop.random_orders(random)
        self.orders, self.lines = folder / "orders.parquet", folder / "lines.parquet"
        shop.write_orders(self.list, self.orders)
        self.loose = shop.write_lines(self.list, self.lines, random)
        self.connection = duckdb.connect()


@pytest.fixture(params=SEEDS)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Files]:
    made = Files(request.param, tmp_path)
    yield made
    made.connection.close()


def test_cohorts_are_those_of_plain_python(files: Files) -> None:
    found = cohorts.count(files.connection, files.orders, AS_OF)
    expected = shop.cohorts(files.list)
    cells = {(cohort.month, cell.month): cell.people for cohort in found.cohorts for cell in cohort.cells}
    assert {place: people for place, people in cells.items() if people} == expected
    assert found.customers == len(shop.people(files.list))
    assert found.first_order_on == min(one.day for one in files.list)
    over = {cell.month: cell.over for cohort in found.cohorts for cell in cohort.cells}
    assert [month for month, ended in over.items() if not ended] == [AS_OF.replace(day=1)]
    for nth, average in enumerate(found.averages, start=1):
        there = [
            (cohort.people, expected.get((cohort.month, cohorts.later(cohort.month, nth)), 0))
            for cohort in found.cohorts
            if cohorts.later(cohort.month, nth) < AS_OF.replace(day=1)
        ]
        assert average == Share(sum(came for _, came in there), sum(size for size, _ in there))


@pytest.mark.parametrize("by", ["orders", "days"])
def test_steps_are_those_of_plain_python(files: Files, by: CountedBy) -> None:
    found = steps.count(files.connection, files.orders, AS_OF, by)
    days = shop.days_of(files.list, by)
    assert found.customers == len(days)
    assert found.another_day == Share(sum(len(set(mine)) > 1 for mine in days), len(days))
    assert [step.number for step in found.steps] == list(range(1, min(10, max(map(len, days))) + 1))
    for step in found.steps:
        assert (step.ever.people, step.ever.base) == shop.ever(days, step.number)
        told = {one.days: (one.went_on.people, one.went_on.base) for one in step.within}
        assert told == {limit: shop.within(days, step.number, limit) for limit in shop.WITHIN}
        assert step.gaps.count == step.ever.people
    for one in found.curve:
        assert (one.went_on.people, one.went_on.base) == shop.within(days, 1, one.days)
    second = [(mine[1] - mine[0]).days for mine in days if len(mine) > 1]
    assert sum(week.people for week in found.weeks) == len(second)
    for week in found.weeks:
        last = 10**6 if week.last is None else week.last
        assert week.people == sum(week.first <= gap <= last for gap in second)
    gaps = shop.gaps(days)
    assert found.gaps.count == len(gaps)
    if len(gaps) > 1:
        hundredths = quantiles(gaps, n=100, method="inclusive")
        assert found.gaps.quantiles == pytest.approx(
            {percent: hundredths[percent - 1] for percent in found.gaps.quantiles}
        )


def test_who_had_the_time_goes_by_the_days_of_which_orders_are_known(files: Files) -> None:
    last = max(one.day for one in files.list)
    later = AS_OF + timedelta(days=200)
    found = steps.count(files.connection, files.orders, later, observed_until=last)
    days = shop.days_of(files.list, "orders")
    assert (found.as_of, found.observed_until) == (later, last)
    for step in found.steps:
        told = {one.days: (one.went_on.people, one.went_on.base) for one in step.within}
        assert told == {limit: shop.within(days, step.number, limit, last) for limit in shop.WITHIN}
    worth = value.count(files.connection, files.orders, files.lines, later, last)
    for row in worth.whole:
        expected = shop.worth(files.list, "whole", files.loose, last)["", row.currency]
        assert [one.people for one in row.worth] == [people for people, _ in expected]
    table = cohorts.count(files.connection, files.orders, later, last)
    assert {cohort.cells[-1].month for cohort in table.cohorts} == {last.replace(day=1)}


def test_cycles_are_those_of_plain_python(files: Files) -> None:
    found = cycles.count(files.connection, files.lines, AS_OF)
    told = {one.product: (one.people, one.bought_again, one.gaps.count, one.gaps.quantiles[50]) for one in found.rows}
    assert told == shop.cycles(files.list)
    assert {one.product for one in found.rows if one.is_family} <= {"うるおい"}


def test_values_are_those_of_plain_python(files: Files) -> None:
    found = value.count(files.connection, files.orders, files.lines, AS_OF)
    parts = {"whole": found.whole, "product": found.by_product, "channel": found.by_channel, "month": found.by_month}
    if any(mine[0].brought for mine in shop.people(files.list).values()):
        parts["acquisition"] = found.by_acquisition
    else:
        assert found.by_acquisition == ()
    for kind, rows in parts.items():
        expected = shop.worth(files.list, kind, files.loose)
        assert {(row.key, row.currency) for row in rows} == set(expected)
        for row in rows:
            sums = expected[row.key, row.currency]
            means = [(people, (sum_ / people).quantize(Decimal("0.01")) if people else None) for people, sum_ in sums]
            assert [(one.people, one.mean) for one in row.worth] == means
    whole = {currency: [one.amount for one in files.list if shop.CURRENCY[one.source] == currency] for currency in ("JPY", "USD")}  # fmt: skip
    for row in found.whole:
        amounts = whole[row.currency]
        assert (row.orders, row.mean_order) == (
            len(amounts),
            (sum(amounts, Decimal(0)) / len(amounts)).quantize(Decimal("0.01")),
        )
    assert sum(size.orders for size in found.sizes) == sum(
        min(len(mine), value.SIZES) for mine in shop.people(files.list).values()
    )


def test_orders_of_an_earlier_version_do_not_know_what_brought_them(files: Files) -> None:
    table = pq.read_table(files.orders)
    known = value.count(files.connection, files.orders, files.lines, AS_OF)
    pq.write_table(table.drop_columns("acquisition_channel"), files.orders)
    found = value.count(files.connection, files.orders, files.lines, AS_OF)
    assert found == replace(known, by_acquisition=())


def test_only_the_most_frequent_channels_are_listed(tmp_path: Path) -> None:
    orders = [
        shop.Bought("shop", f"{place}-{who}", AS_OF, ("A",), Decimal(980), "", f"広告{place:02}")
        for place in range(value.SHOWN + 2)
        for who in range(1 + (place < value.SHOWN))
    ]
    shop.write_orders(orders, tmp_path / "orders.parquet")
    shop.write_lines(orders, tmp_path / "lines.parquet", Random(1))
    with duckdb.connect() as connection:
        found = value.count(connection, tmp_path / "orders.parquet", tmp_path / "lines.parquet", AS_OF)
    assert [row.key for row in found.by_acquisition] == [f"広告{place:02}" for place in range(value.SHOWN)]
    assert (found.acquisitions_more, found.acquired_more) == (2, 2)


def test_cross_sales_are_those_of_plain_python(files: Files) -> None:
    found = cross.count(files.connection, files.orders, files.lines, AS_OF)
    firsts, pairs = shop.cross(files.list)
    assert {row.product: (row.people, row.again) for row in found.rows} == firsts
    told = {
        (row.product, to): people for row in found.rows for (to, _), people in zip(found.to, row.later, strict=True)
    }
    assert {pair: people for pair, people in told.items() if people} == pairs
    assert found.customers == sum(people for people, _ in firsts.values())
