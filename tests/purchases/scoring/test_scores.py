"""Scores, ranks, deciles and types against plain Python over the same orders."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.core.database import read_session
from app.purchases.builds import build_of
from app.purchases.scoring import queries
from app.purchases.scoring.cutoffs import RANKS, Cutoffs, amount_span, days_span, orders_span
from app.purchases.scoring.schemas import Layers, Scores
from app.purchases.segments import queries as segments
from app.purchases.segments.rule import Rule
from tests.purchases.build import Shop
from tests.purchases.scoring.shop import AS_OF, CUTOFF, Bought, files, random_orders
from tests.support.homes import Homes

Key = tuple[str, str]


@dataclass
class Person:
    days: list[date] = field(default_factory=list)
    amount: int = 0


def people_until(orders: Iterable[Bought], day: date) -> dict[Key, Person]:
    found: dict[Key, Person] = defaultdict(Person)
    for one in orders:
        if one.day <= day:
            found[one.who].days += [] if one.back else [one.day]
            found[one.who].amount += one.amount
    return {key: person for key, person in found.items() if person.days}


def points(people: dict[Key, Person], value: Callable[[Person], Any]) -> dict[Key, int]:
    """ceil(5 × cume_dist) within each source."""
    of: dict[str, list[Any]] = defaultdict(list)
    for (source, _), person in people.items():
        of[source].append(value(person))
    for values in of.values():
        values.sort()
    return {key: -(-5 * bisect_right(of[key[0]], value(person)) // len(of[key[0]])) for key, person in people.items()}


def rank(value: int, limits: tuple[int, ...], *, most: bool) -> int:
    return next((n for n, limit in enumerate(limits, 1) if (value <= limit if most else value >= limit)), 5)


@dataclass(frozen=True)
class Made:
    orders: list[Bought]
    scores: Scores
    layers: Layers
    shop: Shop

    def people_of(self, **conditions: str | tuple[str, ...]) -> int:
        with read_session(self.shop.parts.engine) as session:
            found = segments.count(session, self.shop.store, rule=Rule.of(**conditions))
        assert found is not None
        return found.people

    def came_back(self, key: Key) -> bool:
        return any(one.who == key and one.day > CUTOFF and not one.back for one in self.orders)


@pytest.fixture(params=[1, 2])
def made(shop: Shop, homes: Homes, request: pytest.FixtureRequest) -> Made:
    homes.fill(shop.parts.settings, fill, request.param)
    orders = random_orders(request.param)
    with read_session(shop.parts.engine) as session:
        scores, layers = queries.read_scores(session, shop.store), queries.read_layers(session, shop.store)
    assert scores is not None
    assert layers is not None
    return Made(orders, scores, layers, shop)


def fill(shop: Shop, seed: int) -> None:
    for source, text in files(random_orders(seed)).items():
        shop.take(text, source=source)


def test_points_and_ranks_now_and_who_came_back_since_the_cutoff(made: Made) -> None:
    assert (made.scores.as_of, made.scores.past.cutoff, made.scores.past.measured) == (AS_OF, CUTOFF, True)
    cutoffs = Cutoffs()
    for day, then in ((AS_OF, False), (CUTOFF, True)):
        people = people_until(made.orders, day)
        r = points(people, lambda one: max(one.days))
        f = points(people, lambda one: len(one.days))
        m = points(people, lambda one: one.amount)
        for table, place_r, place_f, place_m in (
            (made.scores.points, r.__getitem__, f.__getitem__, m.__getitem__),
            (
                made.scores.ranks,
                lambda key, p=people, d=day: rank((d - max(p[key].days)).days, cutoffs.days, most=True),
                lambda key, p=people: rank(len(p[key].days), cutoffs.orders, most=False),
                lambda key, p=people: rank(p[key].amount, tuple(map(int, cutoffs.amounts("JPY"))), most=False),
            ),
        ):
            for cell in table.cells:
                here = [key for key in people if (place_r(key), place_f(key)) == (cell.r, cell.f)]
                if then:
                    assert (cell.returned.base, cell.returned.back) == (len(here), sum(map(made.came_back, here)))
                else:
                    total = sum(people[key].amount for key in here)
                    assert (cell.people, cell.amount) == (len(here), {"JPY": Decimal(total)} if here else {})
            for line in table.rows:
                here = [key for key in people if place_m(key) == line.m]
                if then:
                    assert (line.returned.base, line.returned.back) == (len(here), sum(map(made.came_back, here)))
                else:
                    assert line.people == len(here)


def test_deciles_add_up_to_all_sales(made: Made) -> None:
    (rows,) = made.scores.deciles.values()
    total = sum(one.amount for one in made.orders)
    assert sum(row.amount for row in rows) == total
    assert sum(row.people for row in rows) == len(people_until(made.orders, AS_OF))
    above = Decimal(0)
    for row in rows:
        above += row.amount
        assert row.share == pytest.approx(float(row.amount) / total)
        assert row.cumulative == pytest.approx(float(above) / total)
    assert rows[-1].cumulative == pytest.approx(1)


def test_every_number_opens_its_people(made: Made) -> None:
    cutoffs = made.scores.cutoffs
    for cell in made.scores.points.cells:
        assert made.people_of(r=str(cell.r), f=str(cell.f)) == cell.people
    for cell in made.scores.ranks.cells:
        days, orders = days_span(cell.r, cutoffs), orders_span(cell.f, cutoffs)
        assert made.people_of(days_since_last=days, orders=orders) == cell.people
    for line in made.scores.ranks.rows:
        assert made.people_of(amount=amount_span(line.m, cutoffs.amounts("JPY"))) == line.people
    for type_cell in made.layers.types:
        classes = ("lapsed", "churned") if type_cell.stopped else ("new", "loyal", "active")
        assert made.people_of(purchase_type=type_cell.purchase_type, customer_class=classes) == type_cell.people
    for layer in made.layers.layers:
        assert made.people_of(customer_class=layer.classes) == layer.people


def test_the_ten_cells_then_are_those_of_the_cutoff_by_the_limits_of_today(made: Made) -> None:
    with read_session(made.shop.parts.engine) as session:
        build = build_of(session, made.shop.store)
    assert build is not None
    overview, _ = queries.listed(build)
    limits = {one.source: one for one in overview.sources}
    people = people_until(made.orders, CUTOFF)

    def cell_of(key: Key) -> tuple[str, bool]:
        own, person = limits[key[0]], people[key]
        long = (max(person.days) - min(person.days)).days >= own.long_days
        high = person.amount >= own.high_amount
        kinds = {(True, True): "fan", (True, False): "repeat", (False, True): "trend", (False, False): "budding"}
        kind = "first_time" if len(person.days) == 1 else kinds[long, high]
        return kind, (CUTOFF - max(person.days)).days > own.lapse_days

    cells = {key: cell_of(key) for key in people}
    for cell in made.layers.types:
        here = [key for key, found in cells.items() if found == (cell.purchase_type, cell.stopped)]
        assert (cell.returned.base, cell.returned.back) == (len(here), sum(map(made.came_back, here)))
    assert sum(cell.people for cell in made.layers.types) == made.layers.customers


def test_spans_of_ranks_meet_without_a_gap_or_overlap() -> None:
    cutoffs = Cutoffs(days=(0, 7, 30, 365), orders=(4, 3, 2, 1))
    assert [days_span(n, cutoffs) for n in range(1, 6)] == ["0-0", "1-7", "8-30", "31-365", "366-"]
    assert [orders_span(n, cutoffs) for n in range(1, 6)] == ["4-", "3-3", "2-2", "1-1", "-0"]
    limits = tuple(Decimal(limit) for limit in (100, 50, 20, 10))
    assert [amount_span(n, limits) for n in range(1, 6)] == [
        "100-",
        "50-99.9999",
        "20-49.9999",
        "10-19.9999",
        "-9.9999",
    ]
    assert len(RANKS) == 5


def test_a_shop_whose_orders_do_not_reach_back_measures_nothing(shop: Shop) -> None:
    orders = [Bought("shop", f"c{n}", str(n), AS_OF, 1000) for n in range(3)]
    for source, text in files(orders).items():
        shop.take(text, source=source)
    with read_session(shop.parts.engine) as session:
        scores, layers = queries.read_scores(session, shop.store), queries.read_layers(session, shop.store)
    assert scores is not None
    assert layers is not None
    assert not scores.past.measured
    assert {cell.returned.share for cell in scores.points.cells} == {None}
    assert {cell.returned.share for cell in layers.types} == {None}
