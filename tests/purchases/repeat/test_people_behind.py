"""Every number of the pages of coming back opens exactly its people; and attributes against plain Python."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pyarrow.parquet as pq
import pytest

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.purchases.builds import NotCounted, version_in_use
from app.purchases.catalogue import operations as catalogue
from app.purchases.catalogue import tasks as catalogue_tasks
from app.purchases.catalogue.schemas import ProductEdit
from app.purchases.repeat import queries as repeat
from app.purchases.repeat.schemas import AttributeRow
from app.purchases.segments import queries as segments
from app.purchases.segments.rule import Rule, read_rule
from app.web.figures.repeat import PARTS, CohortsPage, StepsPage, ValuePage, cohorts_page, steps_page, value_page
from tests.purchases.build import NOW, Shop, row, text_of
from tests.purchases.other.test_member_import import take as take_members
from tests.support.homes import Homes

AS_OF = date(2026, 3, 17)
GOODS = {"A": "化粧水", "B": "美容液", "C": "石けん & 泡立てネット"}
FAMILY = {"B": "うるおい", "C": "うるおい"}
SEX = {f"c{n}": "女" if n % 2 else "男" for n in range(30) if n % 5}
CHANNELS = ("広告", "紹介", "")
BROUGHT = ("SNS広告", "https://Search.example.com/?q=1", "")
HEADERS = ("注文番号", "顧客ID", "注文日", "商品コード", "商品名", "数量", "単価", "対応状況", "販売経路", "流入元")
Orders = dict[str, list[tuple[date, int]]]


def orders_of(random: Random) -> tuple[list[tuple[str, ...]], Orders]:
    """Return rows of a file, and for each customer the days and amounts of the orders that count."""
    rows: list[tuple[str, ...]] = []
    known: Orders = {}
    for number in range(40):
        customer, day = f"c{number}", AS_OF - timedelta(days=random.choice([0, 20, 30, 89, 90, 180, 365, 500]))
        channel, brought = random.choice(CHANNELS), random.choice(BROUGHT)
        for place in range(random.choice([1, 1, 2, 3, 5])):
            codes, amount = random.sample(sorted(GOODS), random.choice([1, 2])), 0
            for code in codes:
                price = random.choice([980, 3000, 5000])
                amount += price
                rows.append(
                    (*row(order=f"{number}-{place}", customer=customer, day=day.isoformat(), code=code, name=GOODS[code], price=price), channel, brought)
                )  # fmt: skip
            known.setdefault(customer, []).append((day, amount))
            day += timedelta(days=random.choice([0, 1, 14, 30, 61, 90, 200]))
            if day > AS_OF:
                break
    last = (*row(order="last", customer="last", day=AS_OF.isoformat(), code="A", name=GOODS["A"]), "", "")
    known["last"] = [(AS_OF, 1000)]
    return [*rows, last], known


@pytest.fixture
def known(shop: Shop, homes: Homes) -> Orders:
    homes.fill(shop.parts.settings, fill)
    return orders_of(Random(7))[1]


def fill(shop: Shop) -> None:
    shop.take(text_of(*orders_of(Random(7))[0], headers=HEADERS))
    for code, family in FAMILY.items():
        edit = ProductEdit(
            source="shop", product_code=code, product_name="", family=family, kind=None, days_per_unit=None
        )
        with write_session(shop.parts.engine) as session:
            catalogue.set_product(session, edit=edit, actor=COMMAND_LINE, now=NOW)
    catalogue_tasks.run_products(shop.parts)
    take_members(shop, text_of(*SEX.items(), headers=("会員ID", "性別")).encode())


def counted(shop: Shop, rule: Rule) -> int:
    with read_session(shop.parts.engine) as session:
        found = segments.count(session, shop.store, rule=rule)
    return found.people if found else -1


def numbers(shop: Shop) -> Iterator[tuple[int, str]]:
    """Yield each number of the pages with the query of its people."""
    with read_session(shop.parts.engine) as session:
        yield from of_cohorts(cohorts_page(session, shop.store, "all"))
        yield from of_steps(steps_page(session, shop.store))
        for part in PARTS:
            yield from of_values(value_page(session, shop.store, part))


def of_cohorts(page: CohortsPage) -> Iterator[tuple[int, str]]:
    for heat in page.table.rows if page.table else ():
        yield heat.people, heat.query
        yield from ((cell.people, cell.query) for cell in heat.cells)


def of_steps(page: StepsPage) -> Iterator[tuple[int, str]]:
    for one in page.conversions:
        yield one.went_on.people, one.went_on_query
        yield one.went_on.base, one.base_query
    for step in page.steps:
        yield step.people, step.people_query
        yield step.ever.people, step.ever_query
        yield step.given.base, step.given_query
        yield step.given.people, step.in_time_query
    if page.found:
        for week in page.found.weeks:
            yield week.people, f"second_gap={week.first}-{'' if week.last is None else week.last}"
        yield page.found.another_day.people, "purchase_days=2-"


def of_values(page: ValuePage) -> Iterator[tuple[int, str]]:
    for kind in page.rows:
        if kind.query:
            yield kind.people, kind.query
            yield from ((cell.people, cell.query) for cell in kind.cells)
    for line in page.lines:
        yield line.people, line.query
        yield line.again, line.again_query
        yield from ((cell.people, cell.query) for cell in line.cells)


def test_every_number_opens_its_people(shop: Shop, known: Orders) -> None:
    told = dict.fromkeys(numbers(shop))
    nobody = [one for one in told if not one[0]]
    everybody = [one for one in told if one[0]]
    assert len(everybody) > 60
    for number, query in (*everybody, *nobody[:10]):
        assert counted(shop, read_rule(query)) == number, query
    assert known


def test_what_brought_people_is_offered_and_opens_them(shop: Shop, known: Orders) -> None:
    with read_session(shop.parts.engine) as session:
        offered = segments.choices(session, shop.store)
        page = value_page(session, shop.store, "acquisition")
    assert set(offered.acquired) == {"SNS広告", "search.example.com"}
    assert {one.key for one in page.rows} == {"SNS広告", "search.example.com", ""}
    assert sum(one.people for one in page.rows) == len(known)
    several = Rule.of(acquisition_channel="SNS広告").pairs + Rule.of(acquisition_channel="search.example.com").pairs
    assert counted(shop, read_rule(several)) == sum(one.people for one in page.rows if one.key)
    assert counted(shop, Rule.of(acquisition_channel="紹介")) == 0


def test_a_build_of_an_earlier_version_cannot_say_what_brought_people(shop: Shop, known: Orders) -> None:
    with read_session(shop.parts.engine) as session:
        orders = shop.store.orders_path(version_in_use(session))
    pq.write_table(pq.read_table(orders).drop_columns("acquisition_channel"), orders)
    with pytest.raises(NotCounted):
        counted(shop, Rule.of(acquisition_channel="SNS広告"))
    with read_session(shop.parts.engine) as session:
        assert segments.choices(session, shop.store).acquired == ()
        page = value_page(session, shop.store, "acquisition")
    assert page.by == "product"
    assert known


def test_who_bought_a_product_again_can_be_opened(shop: Shop, known: Orders) -> None:
    with read_session(shop.parts.engine) as session:
        cycles = repeat.read_cycles(session, shop.store)
    assert cycles is not None
    assert {one.product for one in cycles.rows} == {"化粧水", "うるおい"}
    for one in cycles.rows:
        field = "bought_family" if one.is_family else "bought_product"
        rules = {field: one.people, "bought_again": one.bought_again}
        for name, number in rules.items():
            assert counted(shop, read_rule([(name, one.product)])) == number, (name, one.product)
    assert known


def test_attributes_are_those_of_plain_python(shop: Shop, known: Orders) -> None:
    with read_session(shop.parts.engine) as session:
        found = repeat.read_attributes(session, shop.store)
    assert found is not None
    assert [table.name for table in found.tables] == ["sex"]
    rows = {row.value: row for row in found.tables[0].rows}
    assert list(rows) == ["female", "male", ""]
    for value, told in {"female": "女", "male": "男", "": None}.items():
        mine = [orders for who, orders in known.items() if SEX.get(who) == told]
        one: AttributeRow = rows[value]
        amounts = sum(amount for orders in mine for _, amount in orders)
        old = [orders for orders in mine if (AS_OF - min(orders)[0]).days >= found.exposure]
        assert (one.people, one.share) == (len(mine), len(mine) / len(known))
        assert one.mean_orders == sum(map(len, mine)) / len(mine)
        assert one.mean_amount == (Decimal(amounts) / len(mine)).quantize(Decimal("0.01"))
        soon = [orders for orders in old if len(orders) > 1 and (orders[1][0] - orders[0][0]).days <= found.exposure]
        assert (one.f2.people, one.f2.base) == (len(soon), len(old))
        with read_session(shop.parts.engine) as session:
            page = value_page(session, shop.store, "product")
        assert counted(shop, read_rule(f"attribute=sex%3D{value}&{page.in_time}")) == len(soon)
        assert counted(shop, read_rule(f"attribute=sex%3D{value}&{page.old_enough}")) == len(old)


def test_people_of_one_currency_are_those_of_its_sources(shop: Shop) -> None:
    for source, currency, people_there in (("shop", "JPY", 3), ("mall", "JPY", 2), ("abroad", "USD", 4)):
        rows = [row(order=f"{source}{n}", customer=f"{source}{n}", day="2026-01-01") for n in range(people_there)]
        shop.take(text_of(*rows), source=source, options={"currency": currency})
    with read_session(shop.parts.engine) as session:
        page = value_page(session, shop.store, "product")
    assert [(one.currency, one.people) for one in page.rows] == [("JPY", 5), ("USD", 4)]
    assert [one.currency for one in page.whole] == ["JPY", "USD"]
    for number, query in of_values(page):
        assert counted(shop, read_rule(query)) == number, query


def test_each_product_is_judged_by_itself_and_by_the_order_it_came_with(shop: Shop) -> None:
    back = {"code": "B", "name": GOODS["B"], "status": "返品"}
    rows = [
        row(order="1", customer="kept", code="A", name=GOODS["A"]),
        row(
            order="2", customer="kept", day="2026-01-05", quantity=-1, **back
        ),  # it came back without an order of its own
        row(order="3", customer="sent back", code="B", name=GOODS["B"]),
        row(order="3", customer="sent back", day="2026-01-05", quantity=-1, **back),
        row(order="4", customer="sent back", day="2026-02-01", code="A", name=GOODS["A"]),
    ]
    shop.take(text_of(*rows))
    names = {code: ("bought_product", GOODS[code]) for code in "AB"}
    assert counted(shop, read_rule([names["A"]])) == 2
    assert counted(shop, read_rule([names["B"]])) == 0
    assert counted(shop, read_rule([names["A"], names["B"]])) == 2
    with read_session(shop.parts.engine) as session:
        found = repeat.read_values(session, shop.store)
    assert found is not None
    assert (found.whole[0].mean_order, found.customers) == (Decimal(1000), 2)
