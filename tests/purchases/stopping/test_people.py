"""Every number of stopping opens its people: the rule behind it finds exactly those that plain Python counts."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.core.i18n import translator
from app.purchases.catalogue import operations
from app.purchases.catalogue.schemas import ProductEdit
from app.purchases.catalogue.tasks import run_products
from app.purchases.segments import queries as segments
from app.purchases.segments.rule import Rule, in_words
from app.purchases.stopping import fields, queries
from tests.purchases.build import NOW, Shop
from tests.purchases.stopping import oracle
from tests.purchases.stopping.made_shop import COLUMNS, made, take_made
from tests.support.homes import Homes

LASTING = {"SA": 40, "A": 20}
HeadCount = Callable[..., int]


@pytest.fixture
def people_of(shop: Shop):
    def count(**conditions: str) -> int:
        with read_session(shop.parts.engine) as session:
            found = segments.count(session, shop.store, rule=Rule.of(**conditions))
        assert found is not None
        return found.people

    return count


def test_a_stop_point_opens_those_who_stopped_there(shop: Shop, people_of: HeadCount) -> None:
    shop.take(made(4, 30).csv(), columns=COLUMNS)
    for (nth, product, kind, ending), found in oracle.stop_points(made(4, 30).orders).items():
        asked = {"stop_number": str(nth), "stop_product": product, "stop_kind": kind, "stop_ending": ending}
        assert people_of(**asked) == found["people"]


def test_a_number_of_survival_opens_those_with_such_a_subscription(
    shop: Shop, homes: Homes, people_of: HeadCount
) -> None:
    homes.fill(shop.parts.settings, take_made, 4)
    with read_session(shop.parts.engine) as session:
        table = queries.survival(session, shop.store)
    assert table is not None
    rows = oracle.subscriptions_of(made(4).orders)
    for product in ("", "商品SA"):
        seen = [one for one in rows if (not product or one[1] == product) and not one[3]]
        for nth in (1, 2, 4):
            ended = {who for who, _, deliveries, _, state in seen if deliveries == nth and state != "running"}
            had = {who for who, _, deliveries, _, _ in seen if deliveries > nth} | ended
            assert people_of(subscription=fields.subscription("ended", nth, product)) == len(ended)
            assert people_of(subscription=fields.subscription("had", nth, product)) == len(had)
        assert people_of(subscription=fields.subscription("began", 0, product)) == len({one[0] for one in seen})
        over = {one[0] for one in seen if one[4] != "running"}
        assert people_of(subscription=fields.subscription("over", 0, product)) == len(over)
    late = {one[0] for one in rows if one[3]}
    assert people_of(subscription=fields.subscription("late", 0, "")) == len(late)
    assert people_of(subscription="nonsense=1=") == people_of(subscription="ended=x=") == 0


def test_a_number_of_surplus_opens_those_with_so_much_left(shop: Shop, homes: Homes, people_of: HeadCount) -> None:
    homes.fill(shop.parts.settings, take_made, 4)
    with write_session(shop.parts.engine) as session:
        for code, days in LASTING.items():
            edit = ProductEdit(source="shop", product_code=code, days_per_unit=days)
            operations.set_product(session, edit=edit, actor=COMMAND_LINE, now=NOW)
    run_products(shop.parts)
    by_product: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (product, standing), left in oracle.surplus(made(4).orders, LASTING).items():
        by_product[product] += left
        over = sum(days > lasts for days, lasts in left)
        assert people_of(surplus=fields.surplus(standing, "over", product)) == over
        used_up = sum(-lasts < days <= 0 for days, lasts in left)
        assert people_of(surplus=fields.surplus(standing, 1, product)) == used_up
        assert people_of(surplus=fields.surplus(standing, "any", product)) == len(left)
    for product, left in by_product.items():
        assert people_of(surplus=fields.surplus("any", "any", product)) == len(left)


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"subscription": "ended=4=美容液"}, "美容液: 定期が4回目のあとで終わった"),
        ({"subscription": "late=0="}, "データより前に始まった定期がある"),
        ({"surplus": "cancelled=over=美容液"}, "美容液: 解約した方・1回分より多く余っている"),
        ({"surplus": "any=any=美容液"}, "美容液"),
    ],
)
def test_the_rules_are_said_in_words(conditions: dict[str, Any], words: str) -> None:
    assert in_words(Rule.of(**conditions), translator("ja", "Asia/Tokyo")) == (words,)
