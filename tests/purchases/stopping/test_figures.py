"""Stop points, survival and surplus against plain Python on random shops."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import pytest

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.purchases.builds import build_of
from app.purchases.catalogue import operations
from app.purchases.catalogue.schemas import ProductEdit
from app.purchases.catalogue.tasks import run_products
from app.purchases.stopping import queries
from app.purchases.stopping.schemas import StopRow
from tests.purchases.build import NOW, Shop
from tests.purchases.stopping import oracle
from tests.purchases.stopping.made_shop import made, take_made
from tests.support.homes import Homes

SEEDS = (1, 2, 3)
LASTING = {"SA": 40, "A": 20}


def counted(rows: Sequence[StopRow]) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {
        (row.nth, row.product, row.kind, row.ending): {
            "people": row.people, "reached": row.reached, "waiting": row.waiting, "share": row.share, "usual_days": row.usual_days,
            "reasons": {one.reason: one.people for one in row.reasons} | ({"": row.no_reason} if row.no_reason else {}),
        }
        for row in rows
    }  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_stop_points_are_those_of_plain_python(shop: Shop, homes: Homes, seed: int) -> None:
    homes.fill(shop.parts.settings, take_made, seed)
    with read_session(shop.parts.engine) as session:
        found = queries.stop_points(session, shop.store)
    assert found is not None
    assert counted(found.rows) == oracle.stop_points(made(seed).orders)
    assert counted(found.together) == oracle.stop_points(made(seed).orders, together=True)
    assert [row.people for row in found.rows] == sorted((row.people for row in found.rows), reverse=True)
    people = shop.people().values()
    assert Counter(
        (one.stop_point.number, one.stop_point.product, one.stop_point.kind, one.stop_point.ending)
        for one in people
        if one.stop_point
    ) == {(row.nth, row.product, row.kind, row.ending): row.people for row in found.rows}
    assert (found.customers, found.stopped) == (len(people), sum(one.stop_point is not None for one in people))


@pytest.mark.parametrize("seed", SEEDS)
def test_subscriptions_and_who_is_left_are_those_of_plain_python(shop: Shop, homes: Homes, seed: int) -> None:
    homes.fill(shop.parts.settings, take_made, seed)
    expected = oracle.subscriptions(made(seed).orders)
    with read_session(shop.parts.engine) as session:
        build, found = build_of(session, shop.store), queries.survival(session, shop.store)
    assert build is not None
    assert found is not None
    with shop.store.duckdb() as backend:
        queries.make_subscriptions(backend.con, shop.store, build.version)
        counted = backend.con.execute(
            "SELECT product, deliveries, late, state, count(*) FROM subscriptions GROUP BY ALL"
        ).fetchall()
    assert {tuple(row[:4]): row[4] for row in counted} == expected
    together, *products = found.rows
    assert together.product == ""
    assert {row.product: [(one.nth, one.had, one.stopped, pytest.approx(one.still)) for one in row.steps] for row in products} == {
        product: oracle.still(expected, product) for product in {key[0] for key in expected}
    }  # fmt: skip
    assert together.subscriptions == sum(row.subscriptions for row in products)
    assert together.late == sum(times for key, times in expected.items() if key[2])


@pytest.mark.parametrize("seed", SEEDS)
def test_surplus_is_that_of_plain_python(shop: Shop, homes: Homes, seed: int) -> None:
    homes.fill(shop.parts.settings, take_made, seed)
    with write_session(shop.parts.engine) as session:
        for code, days in LASTING.items():
            edit = ProductEdit(source="shop", product_code=code, days_per_unit=days)
            operations.set_product(session, edit=edit, actor=COMMAND_LINE, now=NOW)
    run_products(shop.parts)
    with read_session(shop.parts.engine) as session:
        build, table = build_of(session, shop.store), queries.surplus(session, shop.store)
    assert build is not None
    assert table is not None
    with shop.store.duckdb() as backend:
        queries.make_surplus(backend.con, shop.store, build.version)
        rows = backend.con.execute("SELECT product, standing, days_left, lasts FROM surplus").fetchall()
    found: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    for product, standing, *days in rows:
        found[product, standing].append((days[0], days[1]))
    expected = oracle.surplus(made(seed).orders, LASTING)
    assert {key: sorted(values) for key, values in found.items()} == expected
    for row in table.rows:
        for group in row.groups:
            left = expected[row.product, group.standing]
            assert group.people == len(left) == sum(group.bands)
            assert group.above_one == sum(days > lasts for days, lasts in left)
            assert group.median_days == [days for days, _ in left][(len(left) - 1) // 2]
    assert {one.product for one in table.not_set} == {"商品SB", "商品B", "商品T"}
    assert table.products_not_set == 3


def test_a_date_in_the_column_of_deliveries_is_no_count_of_them(shop: Shop) -> None:
    rows = [
        ("1", "c1", "2026-01-01", "定期 美容液", "1000", "20240115"),
        ("2", "c1", "2026-02-01", "定期 美容液", "1000", "1"),
    ]
    columns = ("注文番号", "顧客ID", "注文日", "商品名", "金額", "定期回数")
    shop.take("\r\n".join(",".join(cells) for cells in (columns, *rows)) + "\r\n")
    with read_session(shop.parts.engine) as session:
        found = queries.survival(session, shop.store)
    assert found is not None
    assert max(step.nth for one in found.rows for step in one.steps) == 1


def test_a_shop_without_orders_has_no_figures(shop: Shop) -> None:
    with read_session(shop.parts.engine) as session:
        for read in (queries.stop_points, queries.survival, queries.surplus):
            assert read(session, shop.store) is None
