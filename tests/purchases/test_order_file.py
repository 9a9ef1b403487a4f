"""The orders that count, one row for each: against plain Python over csv rows, and beside the summary."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow.parquet as pq
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.purchases import queries
from app.purchases.catalogue import operations as catalogue
from app.purchases.catalogue import tasks as catalogue_tasks
from app.purchases.catalogue.schemas import ProductEdit
from app.purchases.identity.merges import Key
from tests.purchases.build import NOW, Shop, row, text_of
from tests.purchases.identity.shops import merge, take_back
from tests.purchases.store_state import version_of

KINDS = ("subscription", "single", "trial")
NAMES = {
    "S": ("subscription", "【定期便】美容液"),
    "B": ("single", "石けん"),
    "A": ("single", "化粧水"),
    "T": ("trial", "お試し7日セット"),
}
START = date(2025, 1, 1)
Row = dict[str, Any]


@dataclass(frozen=True)
class Line:
    order: str
    customer: str
    day: date
    code: str
    pieces: int
    price: int
    back: bool = False
    source: str = "shop"

    @property
    def amount(self) -> int:
        return self.pieces * self.price

    @property
    def kind(self) -> str:
        return NAMES[self.code][0]

    def written(self) -> tuple[str, ...]:
        return row(
            order=self.order,
            customer=self.customer,
            day=self.day.isoformat(),
            code=self.code,
            name=NAMES[self.code][1],
            quantity=self.pieces,
            price=self.price,
            status="返品" if self.back else "発送済み",
        )


def expected(lines: Iterable[Line]) -> list[Row]:
    """Return the rows in the order of the file; `source` is that of the person."""
    orders: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line.customer:
            orders[line.source, line.customer, line.order].append(line)
    people: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for (source, customer, _), parts in orders.items():
        sales = [line for line in parts if not line.back]
        pieces = sum(line.pieces for line in parts)
        if sales and (len(sales) == len(parts) or pieces > 0):
            named = min(sales, key=lambda one: (one.amount <= 0, KINDS.index(one.kind), -one.amount, one.code))
            amount = sum(line.amount for line in parts)
            day = min(line.day for line in sales)
            people[source, customer].append((day, -KINDS.index(named.kind), named.code, -amount, -pieces))
    rows = []
    for (source, customer), found in sorted(people.items()):
        before = None
        for number, (day, _, code, amount, pieces) in enumerate(sorted(found), start=1):
            rows.append(
                {
                    "source": source, "customer_id": customer, "order_number": number, "ordered_on": day,
                    "gap_days": None if before is None else (day - before).days, "amount": Decimal(-amount),
                    "pieces": -pieces, "kind": NAMES[code][0], "product_code": code, "product": NAMES[code][1],
                    "product_family": "", "sales_channel": "", "acquisition_channel": "", "subscription_number": 0,
                    "currency": "JPY",
                }
            )  # fmt: skip
            before = day
    return rows


def written(shop: Shop) -> list[Row]:
    found: list[Row] = pq.read_table(shop.store.orders_path(version_of(shop))).to_pylist()
    return found


def take(shop: Shop, lines: Iterable[Line]) -> None:
    by_source: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_source[line.source].append(line)
    for source, found in by_source.items():
        shop.take(text_of(*(line.written() for line in found)), source=source)


def named_alike(shop: Shop, rows: list[Row]) -> None:
    """First and last order are those that name a customer, and the summary counts the same orders."""
    with read_session(shop.parts.engine) as session:
        people = queries.summaries(session, shop.store)
    per: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for one in rows:
        per[one["source"], one["customer_id"]].append(one)
    assert list(per) == [(person.source, person.customer_id) for person in people]
    for person in people:
        mine = per[person.source, person.customer_id]
        assert (len(mine), sum(one["amount"] for one in mine)) == (person.orders, person.amount)
        assert (mine[0]["product"], mine[0]["kind"]) == (person.first_product, person.first_kind)
        assert (mine[0]["ordered_on"], mine[-1]["ordered_on"]) == (person.first_order_on, person.last_order_on)
        if person.stop_point is not None:
            assert (mine[-1]["product"], mine[-1]["kind"]) == (person.stop_point.product, person.stop_point.kind)


CHOICES = st.lists(
    st.tuples(
        st.integers(0, 14),  # order
        st.sampled_from(sorted(NAMES)),
        st.integers(1, 3),  # pieces
        st.sampled_from([0, 500, 980, 3000]),  # price
        st.sampled_from(["sold", "sold", "sold", "sent back", "unknown"]),
        st.sampled_from(["shop", "mall"]),
    ),
    min_size=1,
    max_size=50,
)


@rules(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(chosen=CHOICES)
def test_random_orders_stand_as_in_plain_python(
    new_shop: Callable[[], Shop], chosen: list[tuple[int, str, int, int, str, str]]
) -> None:  # fmt: skip
    shop = new_shop()
    lines = [Line("first", "c0", START, "B", 1, 700, source=source) for source in ("shop", "mall")]
    for number, code, pieces, price, fate, source in chosen:
        # what nobody is known to have bought has orders of its own; days repeat, so that kinds and products decide
        order, customer = (f"u{number}", "") if fate == "unknown" else (f"o{number}", f"c{number % 4}")
        sold = Line(order, customer, START + timedelta(days=number // 3 * 40), code, pieces, price, source=source)
        lines.append(sold)
        if fate == "sent back":
            lines.append(
                Line(order, customer, sold.day + timedelta(days=3), code, -pieces, price, back=True, source=source)
            )
    take(shop, dict.fromkeys(lines))
    rows = written(shop)
    assert rows == expected(dict.fromkeys(lines))
    named_alike(shop, rows)


def test_people_brought_together_have_one_row_of_orders(shop: Shop) -> None:
    lines = [
        Line("1", "a", START, "T", 1, 980),
        Line("2", "a", START + timedelta(days=60), "S", 1, 3000),
        Line("1", "b", START + timedelta(days=20), "B", 2, 500, source="mall"),
        Line("9", "", START + timedelta(days=20), "B", 2, 500, source="mall"),
    ]
    take(shop, lines)
    assert written(shop) == expected(lines)
    made = merge(shop, Key("shop", "a"), Key("mall", "b"), keep="one")
    rows = written(shop)
    assert [(one["order_number"], one["gap_days"], one["product"]) for one in rows] == [
        (1, None, "お試し7日セット"),
        (2, 20, "石けん"),
        (3, 40, "【定期便】美容液"),
    ]
    assert {(one["source"], one["customer_id"]) for one in rows} == {("shop", "a")}
    named_alike(shop, rows)
    take_back(shop, made)
    assert written(shop) == expected(lines)


def test_an_order_has_the_family_of_the_product_that_names_it(shop: Shop) -> None:
    take(shop, [Line("1", "a", START, "A", 1, 980), Line("2", "a", START + timedelta(days=1), "B", 1, 980)])
    edit = ProductEdit(source="shop", product_code="B", product_name="", family="洗う", kind=None, days_per_unit=None)
    with write_session(shop.parts.engine) as session:
        catalogue.set_product(session, edit=edit, actor=COMMAND_LINE, now=NOW)
    catalogue_tasks.run_products(shop.parts)
    assert [(one["product_code"], one["product_family"]) for one in written(shop)] == [("A", ""), ("B", "洗う")]
