"""The people of a rule against plain Python over the customers and their orders."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.core.database import read_session
from app.purchases import queries as purchases
from app.purchases.builds import NotCounted
from app.purchases.classes import CustomerClass
from app.purchases.schemas import CustomerSummary, Order
from app.purchases.segments import people, queries
from app.purchases.segments.people import PAGE, Asked
from app.purchases.segments.people import Order as ListOrder
from app.purchases.segments.rule import Rule
from tests.purchases.build import Shop, row, text_of
from tests.purchases.other.test_member_import import member, members, take
from tests.purchases.store_state import version_of
from tests.support.homes import Homes

START = date(2025, 1, 10)
Fits = Callable[[CustomerSummary, tuple[Order, ...]], bool]


@pytest.fixture
def filled(shop: Shop, homes: Homes) -> Shop:
    homes.fill(shop.parts.settings, fill)
    return shop


def fill(shop: Shop) -> None:
    """Customers with one to four orders at many gaps, of two sources; one order each comes back, some wholly."""
    for source in ("shop", "mall"):
        lines = []
        for number in range(60):
            for nth in range(1 + number % 4):
                day = START + timedelta(days=number * 5 + nth * (10 + number % 7 * 15))
                order, product = f"{source}{number}-{nth}", "ABC"[(number + nth) % 3]
                what = {"order": order, "customer": f"c{number:02}", "code": product, "name": f"商品{product}"}
                lines.append(row(**what, day=day.isoformat(), quantity=2, price=500 + 100 * (number % 9)))
                if (number + nth) % 5 == 0:
                    pieces = -2 if nth else -1
                    lines.append(
                        row(**what, day=day.isoformat(), quantity=pieces, price=500 + 100 * (number % 9), status="返品")
                    )
        shop.take(text_of(*lines), source=source)


def day_of(orders: tuple[Order, ...], number: int) -> date:
    return orders[number - 1].ordered_on


def gap(orders: tuple[Order, ...]) -> int:
    return (day_of(orders, 2) - day_of(orders, 1)).days if len(orders) > 1 else -1


CASES: list[tuple[dict[str, str | list[str]], Fits]] = [
    ({}, lambda _, __: True),
    ({"customer_class": ["lapsed", "churned"]}, lambda one, _: one.customer_class in {CustomerClass.LAPSED, CustomerClass.CHURNED}),
    ({"orders": "2-3", "source": "mall"}, lambda one, _: 2 <= one.orders <= 3 and one.source == "mall"),
    ({"amount": "3000-"}, lambda one, _: one.amount >= 3000),
    ({"count": ["1", "4+"]}, lambda one, _: one.orders == 1 or one.orders >= 4),
    ({"first_month": "2025-02~2025-03"}, lambda one, _: date(2025, 2, 1) <= one.first_order_on <= date(2025, 3, 31)),
    ({"last_on": "2025-06-01~"}, lambda one, _: one.last_order_on >= date(2025, 6, 1)),
    ({"r": "4-", "m": ["1", "2"]}, lambda one, _: one.r >= 4 and one.m <= 2),
    ({"decile": "-3"}, lambda one, _: one.decile <= 3),
    ({"days_since_last": "100-"}, lambda one, _: one.days_since_last >= 100),
    ({"first_product": "商品B"}, lambda one, _: one.first_product == "商品B"),
    ({"stop_number": "1"}, lambda one, _: one.stop_point is not None and one.stop_point.number == 1),
    ({"stop_product": "商品A"}, lambda one, _: one.stop_point is not None and one.stop_point.product == "商品A"),
    ({"super_loyal": "no", "reached": "3"}, lambda one, _: not one.super_loyal and one.orders >= 3),
    ({"last_number": "2"}, lambda one, _: one.orders == 2),
    ({"second_within": "25"}, lambda _, orders: 0 <= gap(orders) <= 25),
    ({"second_gap": "30-60"}, lambda _, orders: 30 <= gap(orders) <= 60),
    ({"ordered_in_month": "2025-04"}, lambda _, orders: any((one.ordered_on.year, one.ordered_on.month) == (2025, 4) for one in orders)),
    ({"bought_product": ["商品C"]}, lambda _, orders: any(line.product_name == "商品C" for one in orders for line in one.lines)),
    ({"segment": "no-such-one"}, lambda _, __: False),
]  # fmt: skip


@pytest.fixture
def known(filled: Shop) -> list[tuple[CustomerSummary, tuple[Order, ...]]]:
    with read_session(filled.parts.engine) as session:
        everybody = purchases.summaries(session, filled.store)
        return [
            (one, purchases.timeline(session, filled.store, source=one.source, customer_id=one.customer_id).orders)
            for one in everybody
        ]


def test_each_condition_finds_whom_plain_python_finds(
    filled: Shop, known: list[tuple[CustomerSummary, tuple[Order, ...]]]
) -> None:  # fmt: skip
    version = version_of(filled)
    found_somebody = 0
    for values, fits in CASES:
        asked = Asked(Rule.of(**values))
        expected = [one for one, orders in known if fits(one, orders)]
        sums = people.count(filled.store, version, asked)
        assert (sums.people, sums.orders) == (len(expected), sum(one.orders for one in expected)), values
        assert sums.amount.get("JPY", 0) == sum(one.amount for one in expected), values
        pages = [people.people(filled.store, version, asked, page=page) for page in range(1, sums.people // PAGE + 2)]
        listed = [one.customer_ref for page in pages for one in page]
        assert sorted(listed) == sorted(one.customer_ref for one in expected), values
        found_somebody += 0 < len(expected) < len(known)
    assert found_somebody >= len(CASES) - 3


def test_pages_follow_each_other_from_either_end(filled: Shop) -> None:
    asked, version = Asked(Rule()), version_of(filled)
    for order in (ListOrder("amount"), ListOrder("amount", descending=False), ListOrder("last_order_on")):
        pages = [people.people(filled.store, version, asked, order, page) for page in (0, 1, 2, 3, 4)]
        assert [len(page) for page in pages] == [0, 50, 50, 20, 0]
        listed = [one for page in pages for one in page]
        assert len({one.customer_ref for one in listed}) == len(listed) == 120
        key = [getattr(one, order.sort) for one in listed]
        assert key == sorted(key, reverse=order.descending)


def test_attributes_of_several_names_all_have_to_fit(filled: Shop) -> None:
    rows = [
        member(f"c{number:02}", sex="女性" if number % 2 else "男性", living="東京" if number % 3 else "大阪")
        for number in range(50)
    ]
    take(filled, members(*rows))
    with read_session(filled.parts.engine) as session:

        def count(*values: str) -> int:
            sums = queries.count(session, filled.store, rule=Rule.of(source="shop", attribute=values))
            return sums.people if sums else -1

        women_of_tokyo = len([number for number in range(50) if number % 2 and number % 3])
        assert count("sex=female", "prefecture=東京都") == women_of_tokyo
        assert count("sex=female", "sex=male") == 50
        assert count("sex=") == 10


def test_a_build_without_the_file_says_when_it_will_be_there(filled: Shop) -> None:
    version = version_of(filled)
    filled.store.orders_path(version).unlink()
    assert people.count(filled.store, version, Asked(Rule.of(orders="2-"))).people
    with pytest.raises(NotCounted):
        people.count(filled.store, version, Asked(Rule.of(second_within="30")))


def test_nothing_is_found_while_there_are_no_orders(shop: Shop) -> None:
    with read_session(shop.parts.engine) as session:
        assert queries.people_of(session, shop.store, rule=Rule()) is None
        assert queries.count(session, shop.store, rule=Rule()) is None
        assert queries.choices(session, shop.store).products == ()
