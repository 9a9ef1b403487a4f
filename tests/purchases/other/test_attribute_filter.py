"""The customer list by one value of an attribute, combined with the other filters: the right people, the right totals."""

from itertools import product

import pytest

from app.core.database import read_session
from app.purchases import queries
from app.purchases.classes import CustomerClass
from app.purchases.other import attribute_filter
from app.purchases.schemas import CustomerFilters
from tests.purchases.build import Shop, row, text_of
from tests.purchases.other.test_member_import import take
from tests.support.homes import Homes

COUNTS = {f"c{n}": 1 + n % 3 for n in range(12)}
SEX = {f"c{n}": "女" if n % 2 else "男" for n in range(9)}


@pytest.fixture
def shop_of_twelve(shop: Shop, homes: Homes) -> Shop:
    homes.fill(shop.parts.settings, take_twelve)
    return shop


def take_twelve(shop: Shop) -> None:
    orders = [
        row(order=f"{who}-{n}", customer=who, day=f"2026-0{n + 1}-{10 + int(who[1:])}", price=1000 + int(who[1:]))
        for who, count in COUNTS.items()
        for n in range(count)
    ]
    shop.take(text_of(*orders))
    take(shop, text_of(*SEX.items(), headers=("会員ID", "性別")).encode())


def pages(shop: Shop, filters: CustomerFilters, **more) -> tuple[list[str], int]:
    found: list[str] = []
    after = None
    with read_session(shop.parts.engine) as session:
        while True:
            page = queries.list_customers(session, shop.store, filters=filters, after=after, limit=2, **more)
            found += [person.customer_id for person in page.rows]
            if page.after is None:
                return found, page.total
            after = page.after


@pytest.mark.parametrize("rare", [20_000, 0])
def test_people_and_totals_are_those_of_the_value_and_the_other_filters(
    shop_of_twelve: Shop, rare: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attribute_filter, "RARE", rare)
    everybody = shop_of_twelve.people()
    wanted = {"sex=female": "女", "sex=male": "男", "sex=": None}
    classes = (None, CustomerClass.NEW, CustomerClass.ACTIVE)
    for (text, sex), kind, sort in product(wanted.items(), classes, ("last_order_on", "amount")):
        filters = CustomerFilters(attribute=text, customer_class=kind)
        people, total = pages(shop_of_twelve, filters, sort=sort)
        right = {
            who for who, one in everybody.items() if SEX.get(who) == sex and kind in {None, one.customer_class}
        }  # fmt: skip
        assert set(people) == right, (text, kind, sort)
        assert len(people) == total == len(right)
        plain, _ = pages(shop_of_twelve, CustomerFilters(customer_class=kind), sort=sort)
        assert people == [who for who in plain if who in right]


def test_a_value_nobody_has_shows_nobody(shop_of_twelve: Shop) -> None:
    for text in ("sex=other", "肌質=乾燥肌", "肌質="):
        assert pages(shop_of_twelve, CustomerFilters(attribute=text)) == ([], 0)
